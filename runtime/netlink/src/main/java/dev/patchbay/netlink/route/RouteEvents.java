package dev.patchbay.netlink.route;

import dev.patchbay.netlink.EventHandler;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Subscription;
import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A subscription to changes of links, addresses, routes, rules and neighbours in one namespace. Events come on a daemon platform
 * thread of the subscription's own, in the kernel's order. The opener closes it.
 */
public final class RouteEvents implements AutoCloseable {
  private final Subscription subscription;

  private RouteEvents(Subscription subscription) {
    this.subscription = subscription;
  }

  /**
   * Subscribes in the network namespace of the calling thread.
   *
   * @param receiver called on the subscription's thread; what it throws goes to the thread's uncaught exception handler
   */
  public static RouteEvents subscribe(Set<RouteGroup> groups, Consumer<RouteEvent> receiver) {
    return new RouteEvents(Subscription.open(Protocol.ROUTE, new Translator(receiver), numbers(groups)));
  }

  /**
   * Subscribes in another namespace.
   *
   * @param namespace needed during this call only
   * @param receiver called on the subscription's thread; what it throws goes to the thread's uncaught exception handler
   */
  public static RouteEvents subscribe(Netns namespace, Set<RouteGroup> groups, Consumer<RouteEvent> receiver) {
    return new RouteEvents(Subscription.open(Protocol.ROUTE, namespace, new Translator(receiver), numbers(groups)));
  }

  private static int[] numbers(Set<RouteGroup> groups) {
    Checks.atLeast(groups.size(), 1, "number of groups");
    return groups.stream().map(RouteGroup::numbers).flatMapToInt(Arrays::stream).toArray();
  }

  /** Ends the subscription; when this returns, the receiver is not running and is not called any more. */
  @Override
  public void close() {
    subscription.close();
  }

  private record Translator(Consumer<RouteEvent> receiver) implements EventHandler {
    @Override
    public void message(Message message) {
      switch (message.type()) {
        case RouteConstants.RTM_NEWLINK -> LinkDecoder.link(message, link -> receiver.accept(new RouteEvent.LinkChanged(link)));
        case RouteConstants.RTM_DELLINK -> LinkDecoder.link(message, link -> receiver.accept(new RouteEvent.LinkDeleted(link)));
        case RouteConstants.RTM_NEWADDR ->
            Decoders.address(message, address -> receiver.accept(new RouteEvent.AddressChanged(address)));
        case RouteConstants.RTM_DELADDR ->
            Decoders.address(message, address -> receiver.accept(new RouteEvent.AddressDeleted(address)));
        case RouteConstants.RTM_NEWROUTE -> Decoders.route(message, route -> receiver.accept(new RouteEvent.RouteChanged(route)));
        case RouteConstants.RTM_DELROUTE -> Decoders.route(message, route -> receiver.accept(new RouteEvent.RouteDeleted(route)));
        case RouteConstants.RTM_NEWRULE -> Decoders.rule(message, rule -> receiver.accept(new RouteEvent.RuleChanged(rule)));
        case RouteConstants.RTM_DELRULE -> Decoders.rule(message, rule -> receiver.accept(new RouteEvent.RuleDeleted(rule)));
        case RouteConstants.RTM_NEWNEIGH ->
            Decoders.neighbour(message, neighbour -> receiver.accept(new RouteEvent.NeighbourChanged(neighbour)));
        case RouteConstants.RTM_DELNEIGH ->
            Decoders.neighbour(message, neighbour -> receiver.accept(new RouteEvent.NeighbourDeleted(neighbour)));
        default -> {
          // Groups carry what later kernels add.
        }
      }
    }

    @Override
    public void overrun() {
      receiver.accept(new RouteEvent.Overrun());
    }
  }
}
