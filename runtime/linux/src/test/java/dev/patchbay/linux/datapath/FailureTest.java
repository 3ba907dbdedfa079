package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.TestNode.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when something goes wrong: in the middle, before, after, and by others' hands. */
@ParameterizedClass
@EnumSource(Rendering.class)
class FailureTest {
  private final TestNode test = new TestNode();
  private String failAt = "";
  private final List<String> seen = new ArrayList<>();
  private final Rendering rendering;
  private final KernelDatapath datapath;

  FailureTest(Rendering rendering) {
    this.rendering = rendering;
    datapath = test.datapath(rendering, step -> {
      seen.add(step);
      if (step.equals(failAt)) {
        throw new IllegalStateException("planted at " + step);
      }
    });
  }

  @AfterEach
  void close() {
    test.close();
  }

  private String podState(Netns pod) {
    return TestNode.run(pod, "", "ip", "-o", "link") + TestNode.run(pod, "", "ip", "rule");
  }

  private AttachmentPath full(String key, int eni, int n) {
    return test.path(key, eni, n, PortMapping.of("tcp", 9000 + 100 * eni + n, pod(eni, n), 80),
        PolicyRule.of("claim", Table.own("test-" + key)).withFrom(pod(eni, n).asCidr()),
        Route.unreachable(Space.HOST, Table.own("test-" + key), Cidr.of("203.0.113.0/24")));
  }

  @Test
  void aFailureAtAnyStepLeavesNothing() {
    datapath.applyNode(test.nodeDatapath());
    Netns pod = test.newPod();
    String before = test.everything();
    String podBefore = podState(pod).replace("state DOWN", "").replaceAll("<LOOPBACK.*?>", "");
    seen.clear();
    datapath.attach(full("one", 1, 0), pod);
    List<String> steps = List.copyOf(seen);
    assertThat(steps).contains("links", "sysctls", "pod", "node", "filter", "done");
    datapath.detach(full("one", 1, 0), Optional.of(pod));
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
    for (String step : steps) {
      failAt = step;
      assertThatThrownBy(() -> datapath.attach(full("one", 1, 0), pod)).as(step).hasMessage("planted at " + step).hasNoSuppressedExceptions();
      failAt = "";
      assertThat(TestNode.difference(before, test.everything())).as("after a failure at %s", step).isEmpty();
      assertThat(podState(pod).replaceAll("state (UNKNOWN|DOWN)", "").replaceAll("<LOOPBACK.*?>", "").replaceAll("qdisc \\S+", ""))
          .as("the pod after a failure at %s", step).isEqualTo(podBefore.replaceAll("qdisc \\S+", ""));
    }
    datapath.attach(full("one", 1, 0), pod);
    assertThat(datapath.check(full("one", 1, 0), Optional.of(pod))).isEmpty();
  }

  @Test
  void whatTheKernelRefusesAnywhereInAPlanLeavesNothingAndIsNamed() {
    datapath.applyNode(test.nodeDatapath());
    Device inPod = Device.named("eth0");
    List<PlanElement> impossible = List.of(
        Route.to(Space.POD, Table.MAIN, Cidr.of("192.0.2.0/24"), inPod).withVia(IpAddress.of("192.0.2.1")),
        Route.to(Space.HOST, Table.MAIN, Cidr.of("192.0.2.0/24"), Device.named("eth0")).withVia(IpAddress.of("192.0.2.1")),
        Route.to(Space.HOST, Table.MAIN, Cidr.of("10.0.0.0/24"), Device.named("nosuch")),
        VethPair.of("eth0", "otherhost", 1500),
        VethPair.of("eth1", TestNode.hostName(1, 0), 1500),
        Sysctl.of(Space.POD, "net.ipv4.no_such_thing", "1"),
        Sysctl.of(Space.HOST, "kernel.panic", "1"),
        SourceEgress.of(pod(1, 0).asCidr(), "eni-unknown"),
        ReturnPath.of("eni-1"),
        PolicyRule.of("middle", Table.MAIN),
        Act.device("a", "b"),
        Neighbour.ofDevice(Space.POD, inPod, IpAddress.of("169.254.1.2"), Device.named("nosuch")));
    String before = test.everything();
    for (PlanElement element : impossible) {
      assertThatThrownBy(() -> datapath.attach(test.path("one", 1, 0, element), test.newPod())).as(element.toString())
          .isInstanceOfSatisfying(DatapathException.class, e -> {
            assertThat(e.code().number()).isBetween(400, 499);
            assertThat(e.remedy()).endsWith(".");
            assertThat(e.getSuppressed()).isEmpty();
          });
      assertThat(TestNode.difference(before, test.everything())).as(element.toString()).isEmpty();
    }
  }

  @Test
  void aSecondAttachmentFailsAndChangesNothing() {
    datapath.applyNode(test.nodeDatapath());
    Netns pod = test.newPod();
    datapath.attach(full("one", 1, 0), pod);
    String before = test.everything();
    refused(() -> datapath.attach(full("one", 1, 0), pod), DatapathException.Code.POD_INTERFACE_EXISTS);
    refused(() -> datapath.attach(full("one", 1, 0), test.node), DatapathException.Code.POD_NAMESPACE_IS_NODE);
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
    assertThat(TestNode.pings(test.node, pod(1, 0))).isTrue();

    AttachmentPath thief = new AttachmentPath("thief", DatapathPlan.of(VethPair.of("eth0", "enithief", 1500),
        SourceEgress.of(pod(1, 0).asCidr(), "eni-1")), test.enis);
    refused(() -> datapath.attach(thief, test.newPod()), DatapathException.Code.ADDRESS_TAKEN);
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
  }

  private static void refused(Runnable attempt, DatapathException.Code code) {
    assertThatThrownBy(attempt::run).isInstanceOfSatisfying(DatapathException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void nothingIsAttachedBeforeTheNodeIsAppliedAndForeignDevicesAreNotTouched() {
    refused(() -> datapath.attach(full("one", 1, 0), test.newPod()), DatapathException.Code.NODE_NOT_APPLIED);
    datapath.applyNode(test.nodeDatapath());
    try (RouteSocket node = RouteSocket.open(test.node)) {
      node.execute(Links.veth(TestNode.hostName(1, 0), Links.peer("foreign")));
      refused(() -> datapath.attach(full("one", 1, 0), test.newPod()), DatapathException.Code.HOST_INTERFACE_TAKEN);
      datapath.detach(full("one", 1, 0));
      datapath.removeLeftovers(List.of());
      assertThat(node.link(TestNode.hostName(1, 0))).isPresent();
    }
  }

  @Test
  void aNewDaemonFindsWhatACrashLeft() {
    datapath.applyNode(test.nodeDatapath());
    String before = test.everything();
    Netns kept = test.newPod();
    Netns lost = test.newPod();
    datapath.attach(full("kept", 1, 0), kept);
    String withKept = test.everything();
    datapath.attach(full("lost", 2, 0), lost);
    try (RouteSocket node = RouteSocket.open(test.node)) {
      // As far as an attachment gets before its link has an alias.
      node.execute(Links.veth("enihalf", Links.peer("eth0").namespace(test.newPod())).group(Numbers.GROUP));
    }
    datapath.close();

    KernelDatapath next = test.datapath(rendering);
    assertThat(next.inventory().keys()).containsExactly("kept", "lost");
    next.applyNode(test.nodeDatapath());
    next.removeLeftovers(List.of(full("kept", 1, 0)));
    assertThat(next.inventory().keys()).containsExactly("kept");
    assertThat(TestNode.difference(withKept, test.everything())).isEmpty();
    assertThat(next.check(full("kept", 1, 0), Optional.of(kept))).isEmpty();
    assertThat(TestNode.pings(kept, TestNode.VPC_HOST)).isTrue();

    // The same pod again, in a new namespace, though nobody detached the old one.
    Netns again = test.newPod();
    next.attach(test.path("again", 1, 1), again);
    AttachmentPath sameName = new AttachmentPath("newer", test.path("x", 1, 1).plan(), test.enis);
    refused(() -> next.attach(sameName, test.newPod()), DatapathException.Code.ADDRESS_TAKEN);
    next.detach(test.path("again", 1, 1));
    next.detach(full("kept", 1, 0), Optional.of(kept));
    next.detach(full("kept", 1, 0), Optional.empty());
    assertThat(TestNode.difference(before, test.everything())).isEmpty();

    next.attach(full("one", 1, 0), test.newPod());
    next.removeAll();
    assertThat(next.inventory().links()).isEmpty();
    assertThat(next.inventory().routes()).isEmpty();
    assertThat(next.inventory().rules()).isEmpty();
    assertThat(TestNode.run(test.node, "", "nft", "list", "tables")).isEmpty();
  }

  private record Alteration(boolean inPod, String kind, String command) {}

  @Test
  void checkFindsEachAlteration() {
    datapath.applyNode(test.nodeDatapath());
    String veth = TestNode.hostName(1, 0);
    String address = pod(1, 0).toString();
    String pods = rendering == Rendering.FAST ? " table 20000" : "";
    List<Alteration> alterations = new ArrayList<>(List.of(
        new Alteration(false, "veth", "ip link set " + veth + " down"),
        new Alteration(false, "veth", "ip link set " + veth + " mtu 1400"),
        new Alteration(false, "veth", "ip link set " + veth + " alias other"),
        new Alteration(false, "veth", "ip link del " + veth),
        new Alteration(true, "veth", "ip link set eth0 down"),
        new Alteration(true, "veth", "ip link set eth0 mtu 1280"),
        new Alteration(true, "address", "ip address del " + address + "/32 dev eth0"),
        new Alteration(true, "address", "ip address del " + TestNode.pod6(1, 0) + "/128 dev eth0"),
        new Alteration(true, "route", "ip route del default"),
        new Alteration(true, "route", "ip route replace default via 169.254.1.1 dev eth0 mtu 1400"),
        new Alteration(true, "route", "ip -6 route del default"),
        new Alteration(true, "neighbour", "ip neigh del 169.254.1.1 dev eth0"),
        new Alteration(true, "neighbour", "ip neigh replace 169.254.1.1 lladdr 02:00:00:00:00:99 dev eth0"),
        new Alteration(false, "delivery", "ip route del " + address + pods),
        new Alteration(false, "delivery", "ip route replace " + address + " dev eth1" + pods),
        new Alteration(false, "port-mapping", "nft delete element inet patchbay ports4 { tcp . 9100 }"),
        new Alteration(false, "rule", "ip rule del pref 500"),
        new Alteration(false, "route", "ip route flush table " + Integer.toUnsignedString(Numbers.table(Table.own("test-one")))),
        new Alteration(false, "sysctl", "sysctl -w net.ipv6.conf." + veth + ".accept_ra=1")));
    alterations.addAll(rendering == Rendering.FAST ? List.of(
        new Alteration(false, "source-egress", "nft delete element inet patchbay egress4 { " + address + " }"),
        new Alteration(false, "source-egress", "nft delete element inet patchbay egress4 { " + address + " : goto by-eni-1 } ; "
            + "add element inet patchbay egress4 { " + address + " comment \"one\" : goto by-eni-2 }")) : List.of(
        new Alteration(false, "source-egress", "ip rule del pref 1536"), new Alteration(false, "delivery", "ip rule del pref 512"),
        new Alteration(false, "delivery", "ip -6 rule del pref 512")));
    for (Alteration alteration : alterations) {
      Netns pod = test.newPod();
      AttachmentPath path = full("one", 1, 0);
      datapath.attach(path, pod);
      assertThat(datapath.check(path, Optional.of(pod))).as("before %s", alteration.command()).isEmpty();
      List<String> words = new ArrayList<>(List.of(alteration.command().split(" ")));
      if (words.getFirst().equals("nft")) {
        TestNode.run(test.node, alteration.command().substring(4).replace(" ; ", "\n") + "\n", "nft", "-f", "-");
      } else {
        TestNode.run(alteration.inPod() ? pod : test.node, "", words.toArray(String[]::new));
      }
      List<Deviation> found = datapath.check(path, Optional.of(pod));
      assertThat(found).as("after %s", alteration.command()).extracting(d -> d.element().kind()).contains(alteration.kind());
      assertThat(found).allSatisfy(d -> assertThat(d.found()).isNotBlank());
      datapath.detach(path, Optional.of(pod));
      if (alteration.command().contains("dev eth1" + pods)) {
        String table = pods.isEmpty() ? "main" : "20000";
        assertThat(TestNode.run(test.node, "", "ip", "route", "show", "table", table)).as("another's route is left alone").contains(address);
        TestNode.run(test.node, "", "ip", "route", "del", address, "table", table);
      }
      if (alteration.command().contains("alias")) {
        try (RouteSocket node = RouteSocket.open(test.node)) {
          assertThat(node.link(veth)).as("a link that says it is another's is left alone").map(Link::alias).contains("other");
          node.execute(Links.delete(veth));
        }
      }
    }
    assertThat(datapath.inventory().keys()).isEmpty();
  }

  @Test
  void whatIsAlteredOnTheNodeIsFoundAndRepaired() {
    NodeDatapath node = test.nodeDatapath();
    datapath.applyNode(node);
    String before = test.everything().replaceAll("handle \\d+", "");
    List<String> commands = new ArrayList<>(List.of("ip link set eth1 down", "ip link set eth2 mtu 1400",
        "ip address del 10.0.0.11/24 dev eth1", "ip route del default table 3", "ip rule del pref 32765",
        "sysctl -w net.ipv4.conf.eth1.rp_filter=1"));
    commands.addAll(rendering == Rendering.FAST ? List.of("ip rule del pref 512", "ip -6 rule del pref 1536",
        "nft flush chain inet patchbay egress", "nft delete table inet patchbay", "nft insert rule inet patchbay leaving accept",
        "nft flush chain inet patchbay by-eni-1", "nft flush set inet patchbay node-6c4f4cb0-exceptions",
        "nft flush set inet patchbay node-6c4f4cb0-sources")
        : List.of("ip rule del pref 1024", "iptables -t nat -F AWS-SNAT-CHAIN-0", "iptables -t nat -I AWS-SNAT-CHAIN-0 -j ACCEPT",
            "iptables -t nat -D POSTROUTING 1", "iptables -t mangle -D PREROUTING 2", "nft flush chain ip aws-cni nat-prerouting",
            "nft insert rule ip aws-cni snat-mark accept", "nft delete table ip aws-cni", "nft delete table ip nat"));
    for (String command : commands) {
      TestNode.run(test.node, "", command.split(" "));
      assertThat(datapath.checkNode(node)).as("after %s", command).isNotEmpty();
      datapath.applyNode(node);
      assertThat(datapath.checkNode(node)).as("repaired after %s", command).isEmpty();
      assertThat(TestNode.difference(before, test.everything().replaceAll("handle \\d+", ""))).as("repaired after %s", command).isEmpty();
    }
  }

  @Test
  void whatOthersPutInOurPlaceIsNamedAndReplaced() {
    datapath.applyNode(test.nodeDatapath());
    TestNode.run(test.node, "", "ip", "route", "replace", "10.0.0.1", "dev", "eth2", "table", "3");
    assertThat(datapath.checkNode(test.nodeDatapath())).extracting(Deviation::found).anyMatch(f -> f.contains("there is 10.0.0.1 dev eth2"));
    datapath.applyNode(test.nodeDatapath());
    assertThat(TestNode.run(test.node, "", "ip", "route", "show", "table", "3")).contains("10.0.0.1 dev eth1").doesNotContain("eth2");
    assertThat(datapath.checkNode(test.nodeDatapath())).isEmpty();
  }

  @Test
  void anInterfaceWithoutItsDeviceIsNamedAndTheRestIsDone() {
    try (RouteSocket node = RouteSocket.open(test.node)) {
      node.execute(Links.delete("eth2"));
    }
    refused(() -> datapath.applyNode(test.nodeDatapath()), DatapathException.Code.ENI_DEVICE_MISSING);
    Netns pod = test.newPod();
    datapath.attach(full("one", 1, 0), pod);
    assertThat(TestNode.pings(pod, TestNode.VPC_HOST)).isTrue();
    assertThat(datapath.checkNode(test.nodeDatapath())).extracting(Deviation::found).anyMatch(f -> f.contains("no device"));
    NodeDatapath fewer = new NodeDatapath(test.enis.subList(0, 2), DatapathPlan.empty(), "eni", List.of());
    datapath.applyNode(fewer);
    assertThat(datapath.checkNode(fewer)).isEmpty();
    assertThat(test.everything()).doesNotContain("eni-2").doesNotContain("lookup 4 ");
  }
}
