package dev.patchbay.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RouteEventsTest {
  private final LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();

  @Test
  void changesComeTypedAndInOrder() throws Exception {
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace);
        RouteEvents _ = RouteEvents.subscribe(namespace, EnumSet.allOf(RouteGroup.class), events::add)) {
      Address address = Address.of(5, IpPrefix.of("10.0.0.1/24"));
      Route route = Route.to(IpPrefix.of("10.1.0.0/16")).via(InetAddress.ofLiteral("10.0.0.9")).link(5).table(300).protocol(77).build();
      Rule rule = Rule.of(Family.IPV6, 99).lookup(300).protocol(77).build();
      Neighbour neighbour = Neighbour.permanent(5, InetAddress.ofLiteral("10.0.0.9"), MacAddress.of("02:00:00:00:00:09"));
      socket.execute(
          new Batch()
              .add(Links.create("br0", LinkKind.Bridge.plain()).index(5).up())
              .add(address.add())
              .add(route.add())
              .add(rule.add())
              .add(neighbour.add()));
      socket.execute(
          new Batch().add(neighbour.delete()).add(rule.delete()).add(route.delete()).add(address.delete()).add(Links.delete(5)));

      await(e -> e instanceof RouteEvent.LinkChanged(Link link) && link.name().equals("br0") && link.kind().equals("bridge"));
      await(e -> e instanceof RouteEvent.AddressChanged(Address a) && a.local().equals(address.local()) && a.linkIndex() == 5);
      await(new RouteEvent.RouteChanged(route)::equals);
      await(new RouteEvent.RuleChanged(rule)::equals);
      await(new RouteEvent.NeighbourChanged(neighbour)::equals);
      await(e -> e instanceof RouteEvent.NeighbourDeleted(Neighbour n) && n.destination().equals(neighbour.destination()));
      await(new RouteEvent.RuleDeleted(rule)::equals);
      await(new RouteEvent.RouteDeleted(route)::equals);
      await(e -> e instanceof RouteEvent.AddressDeleted(Address a) && a.local().equals(address.local()));
      await(e -> e instanceof RouteEvent.LinkDeleted(Link link) && link.index() == 5);
    }
  }

  @Test
  void lossIsReportedAsOverrunAndTheSubscriptionGoesOn() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace);
        RouteEvents _ =
            RouteEvents.subscribe(
                namespace,
                Set.of(RouteGroup.ROUTES),
                event -> {
                  waitFor(slow);
                  events.add(event);
                })) {
      Batch batch = new Batch();
      for (int i = 0; i < 20_000; i++) {
        batch.add(Route.to(IpPrefix.of("10." + (i >> 8) + "." + (i & 255) + ".0/24")).type(RouteType.BLACKHOLE).table(300).build().add());
      }
      try {
        socket.execute(batch);
      } finally {
        slow.countDown();
      }
      await(event -> event instanceof RouteEvent.Overrun);
      Route after = Route.to(IpPrefix.of("192.0.2.0/24")).type(RouteType.BLACKHOLE).table(300).build();
      socket.execute(after.add());
      await(new RouteEvent.RouteChanged(after)::equals);
    }
  }

  @Test
  void afterClosingNothingComes() {
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace)) {
      RouteEvents subscription = RouteEvents.subscribe(namespace, Set.of(RouteGroup.LINKS), events::add);
      subscription.close();
      socket.execute(Links.change("lo").up());
      assertThat(events).isEmpty();
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  private void await(Predicate<RouteEvent> wanted) throws InterruptedException {
    while (true) {
      RouteEvent event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("the event waited for, after all that came").isNotNull();
      if (wanted.test(event)) {
        return;
      }
    }
  }
}
