package dev.patchbay.linux.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.MacAddress;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceWatchTest {
  private final TestNode test = new TestNode();
  private final LinkedBlockingQueue<DeviceEvent> events = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    test.close();
  }

  private DeviceEvent next(Predicate<DeviceEvent> wanted) throws InterruptedException {
    while (true) {
      DeviceEvent event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("an event").isNotNull();
      if (event != null && wanted.test(event)) {
        return event;
      }
    }
  }

  @Test
  void devicesComeAndGo() throws InterruptedException {
    MacAddress mac = MacAddress.of("02:00:00:00:00:07");
    try (RouteSocket node = RouteSocket.open(test.node); DeviceWatch watch = DeviceWatch.open(test.node, events::add)) {
      assertThat(watch).isNotNull();
      node.execute(Links.veth("new0", Links.peer("new1")).mac(Kernel.mac(mac)));
      DeviceEvent appeared = next(e -> e instanceof DeviceEvent.Appeared a && a.mac().equals(mac));
      int index = ((DeviceEvent.Appeared) appeared).index();
      node.execute(Links.change("new0").up());
      assertThat(next(e -> e instanceof DeviceEvent.Switched s && s.index() == index))
          .isEqualTo(new DeviceEvent.Switched(mac, "new0", index, true));
      node.execute(Links.change("new0").down());
      next(e -> e.equals(new DeviceEvent.Switched(mac, "new0", index, false)));
      node.execute(Links.delete("new0"));
      next(e -> e.equals(new DeviceEvent.Vanished(mac, "new0", index)));
    }
  }

  @Test
  void whatOthersDoToOursIsToldAndDetachmentsAreNot() throws InterruptedException {
    KernelDatapath datapath = test.datapath();
    datapath.applyNode(test.nodeDatapath());
    Netns pod = test.newPod();
    try (RouteSocket node = RouteSocket.open(test.node); DeviceWatch watch = DeviceWatch.open(test.node, events::add)) {
      assertThat(watch).isNotNull();
      for (int n = 0; n < 5; n++) {
        datapath.attach(test.path("quiet-" + n, 1, n), pod);
        datapath.detach(test.path("quiet-" + n, 1, n), Optional.of(pod));
      }
      datapath.attach(test.path("one", 1, 0), pod);
      TestNode.run(test.node, "", "ip", "route", "del", TestNode.pod(1, 0).toString(), "table", "20000");
      DeviceEvent first = next(e -> true);
      assertThat(first).as("the first event of all").isInstanceOfSatisfying(DeviceEvent.OwnAltered.class, e -> {
        assertThat(e.key()).isEqualTo("one");
        assertThat(e.what()).contains("10.0.0.150/32");
      });
      node.execute(Links.change(TestNode.hostName(1, 0)).down());
      next(e -> e instanceof DeviceEvent.OwnAltered own && own.key().equals("one") && own.what().contains("set down"));
      node.execute(Links.delete(TestNode.hostName(1, 0)));
      next(e -> e instanceof DeviceEvent.OwnAltered own && own.key().equals("one") && own.what().contains("gone"));
      TestNode.run(test.node, "", "ip", "rule", "del", "pref", "512");
      next(e -> e instanceof DeviceEvent.OwnAltered own && own.key().equals("node") && own.what().contains("rule"));
      TestNode.run(test.node, "", "ip", "address", "del", "10.0.0.11/24", "dev", "eth1");
      next(e -> e instanceof DeviceEvent.OwnAltered own && own.key().equals("node") && own.what().contains("address"));
    }
  }

  @Test
  void theLocalTableGivesWayToRulesBeforeItAndComesBack() {
    KernelDatapath datapath = test.datapath();
    datapath.applyNode(test.nodeDatapath());
    String before = test.everything();
    Netns pod = test.newPod();
    AttachmentPath one = test.path("one", 1, 0,
        PolicyRule.of("first", Table.own("strict")).withIncoming(Device.named(TestNode.hostName(1, 0))));
    AttachmentPath two = test.path("two", 2, 0,
        PolicyRule.of("first", Table.own("strict")).withIncoming(Device.named(TestNode.hostName(2, 0))));
    datapath.attach(one, pod);
    datapath.attach(two, test.newPod());
    assertThat(TestNode.run(test.node, "", "ip", "rule").lines().toList().subList(0, 3)).satisfies(rules -> {
      assertThat(rules.get(0)).startsWith("10:");
      assertThat(rules.get(1)).startsWith("10:");
      assertThat(rules.get(2)).startsWith("20:").contains("lookup local");
    });
    assertThat(datapath.check(one, Optional.of(pod))).isEmpty();
    datapath.detach(one);
    datapath.applyNode(test.nodeDatapath());
    assertThat(TestNode.run(test.node, "", "ip", "rule")).as("still needed").contains("20:\tfrom all lookup local");
    assertThat(datapath.checkNode(test.nodeDatapath())).isEmpty();
    datapath.detach(two);
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
    assertThat(TestNode.pings(test.node, TestNode.own(0))).isTrue();
  }
}
