package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteEvent;
import dev.patchbay.netlink.route.RouteEvents;
import dev.patchbay.netlink.route.RouteFilter;
import dev.patchbay.netlink.route.RouteGroup;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.netlink.route.Rule;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches the devices of the node and what is ours there, by the kernel's own announcements. What was there when it was opened is not
 * told. Changes in the packet filter are not announced here.
 *
 * <p>The listener is called on a thread of the watch's own, one event at a time; it may block, but then events can be lost, which is
 * told as {@link DeviceEvent.Unsure}. The opener closes the watch; then the listener is not called any more.
 */
public final class DeviceWatch implements AutoCloseable {
  private final Consumer<DeviceEvent> listener;
  private final RouteSocket routes;
  private final Map<Integer, Link> known = new HashMap<>();
  /** Tables in which routes of ours were seen: what others put there may stand in the place of one. */
  private final Set<Integer> tables = new HashSet<>();
  private final RouteEvents events;

  private DeviceWatch(Netns node, Consumer<DeviceEvent> listener) {
    this.listener = listener;
    this.routes = RouteSocket.open(node);
    // Subscribed before the first look, so that nothing falls between; what comes meanwhile waits for the lock.
    synchronized (known) {
      this.events = RouteEvents.subscribe(node, EnumSet.of(RouteGroup.LINKS, RouteGroup.ADDRESSES, RouteGroup.ROUTES, RouteGroup.RULES),
          this::receive);
      routes.links().forEach(l -> known.put(l.index(), l));
      routes.routes(RouteFilter.all()).forEach(this::remember);
    }
  }

  private boolean remember(Route route) {
    boolean ours = route.protocol() == Numbers.NODE_PROTOCOL || route.protocol() == Numbers.ATTACHMENT_PROTOCOL;
    if (ours) {
      tables.add(route.table());
    }
    return ours;
  }

  /**
   * Starts to watch.
   *
   * @param node the node's namespace; needed during this call only
   * @param listener is told
   * @return the watch; the caller closes it
   */
  public static DeviceWatch open(Netns node, Consumer<DeviceEvent> listener) {
    return new DeviceWatch(node, listener);
  }

  private void receive(RouteEvent event) {
    synchronized (known) {
      switch (event) {
        case RouteEvent.LinkChanged(Link link) -> changed(link);
        case RouteEvent.LinkDeleted(Link link) -> deleted(link);
        case RouteEvent.AddressDeleted(Address address) -> own(address.protocol(), address.linkIndex(), "address " + address + " was deleted");
        case RouteEvent.RouteDeleted(Route route) -> own(route.protocol(), route.linkIndex(), "route " + route + " was deleted");
        case RouteEvent.RuleDeleted(Rule rule) -> own(rule.protocol(), 0, "rule " + rule + " was deleted");
        case RouteEvent.Overrun() -> {
          known.clear();
          routes.links().forEach(l -> known.put(l.index(), l));
          listener.accept(new DeviceEvent.Unsure());
        }
        case RouteEvent.AddressChanged ignored -> nothing();
        case RouteEvent.RouteChanged(Route route) -> changed(route);
        case RouteEvent.RuleChanged ignored -> nothing();
        case RouteEvent.NeighbourChanged ignored -> nothing();
        case RouteEvent.NeighbourDeleted ignored -> nothing();
      }
    }
  }

  /** What is added by others beside ours is theirs. */
  private static void nothing() {}

  /** A route that replaces another is announced, and the one that it replaces is not. */
  private void changed(Route route) {
    if (remember(route) || !tables.contains(route.table()) || route.protocol() == Route.PROTOCOL_KERNEL) {
      return;
    }
    boolean single = route.destination().length() == route.family().addressBytes() * 8;
    // The main table is everybody's, and of ours it has routes to single pods alone.
    if (route.table() != Route.MAIN_TABLE || single) {
      listener.accept(new DeviceEvent.OwnAltered("", "route " + route + " was put where ours may have been"));
    }
  }

  private void changed(Link link) {
    Link before = known.put(link.index(), link);
    if (HostContext.isOurs(link)) {
      boolean setDown = before != null && before.isUp() && !link.isUp() && link.group() == Numbers.GROUP;
      if (setDown) {
        listener.accept(new DeviceEvent.OwnAltered(LeftoverRun.key(link), "device " + link.name() + " was set down"));
      }
      return;
    }
    link.mac().map(Kernel::mac).ifPresent(mac -> {
      if (before == null) {
        listener.accept(new DeviceEvent.Appeared(mac, link.name(), link.index()));
      } else if (before.isUp() != link.isUp()) {
        listener.accept(new DeviceEvent.Switched(mac, link.name(), link.index(), link.isUp()));
      }
    });
  }

  private void deleted(Link link) {
    // A bridge announces a port that left it in the same way.
    if (routes.link(link.index()).isPresent()) {
      return;
    }
    Link before = known.remove(link.index());
    if (before == null) {
      return;
    }
    if (HostContext.isOurs(before)) {
      if (before.group() == Numbers.GROUP) {
        listener.accept(new DeviceEvent.OwnAltered(LeftoverRun.key(before), "device " + before.name() + " is gone"));
      }
      return;
    }
    before.mac().map(Kernel::mac).ifPresent(mac -> listener.accept(new DeviceEvent.Vanished(mac, before.name(), before.index())));
  }

  private void own(int protocol, int linkIndex, String what) {
    if (protocol == Numbers.NODE_PROTOCOL) {
      listener.accept(new DeviceEvent.OwnAltered(Numbers.NODE_KEY, what));
    } else if (protocol == Numbers.ATTACHMENT_PROTOCOL) {
      // What goes with its link is told by the link, or is meant to go.
      Optional<Link> link = linkIndex == 0 ? Optional.empty() : routes.link(linkIndex);
      boolean goesWithLink = linkIndex != 0 && (link.isEmpty() || link.get().group() == Numbers.DYING_GROUP);
      if (!goesWithLink) {
        listener.accept(new DeviceEvent.OwnAltered(link.map(LeftoverRun::key).orElse(""), what));
      }
    }
  }

  @Override
  public void close() {
    events.close();
    routes.close();
  }
}
