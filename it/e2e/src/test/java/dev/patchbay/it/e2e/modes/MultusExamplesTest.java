package dev.patchbay.it.e2e.modes;

import static dev.patchbay.it.e2e.modes.Networks.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.MoreNetworks;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.DropReason;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What users of Multus do on EC2, with packets: an interface of each node that is left to others, subnets of their own, and what they
 * write for Debian's plugins. Two nodes in two zones, with IPv6.
 */
@Order(Labs.EARLY)
class MultusExamplesTest {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
  private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");

  private static Lab lab;
  private static Networks networks;
  private static LabNode here;
  private static LabNode there;
  private static MoreNetworks.Attached mine;
  private static MoreNetworks.Attached theirs;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("m5.xlarge").withIpv6().withConfiguration(Map.of(
        "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 2)), Map.of("use", "multus")))));
    networks = new Networks(lab);
    List<Subnet> lanes = List.of(MoreNetworks.subnet(lab, "100.64.7.0/24", "a"), MoreNetworks.subnet(lab, "100.64.8.0/24", "b"));
    lab.addNodes(2);
    here = lab.node(0);
    there = lab.node(1);
    mine = MoreNetworks.attach(lab, here, MoreNetworks.subnet(lab, "100.64.17.0/24", "a"), true);
    theirs = MoreNetworks.attach(lab, there, MoreNetworks.subnet(lab, "100.64.18.0/24", "b"), true);
    networks.define("vpc", "{'cniVersion':'1.0.0','type':'patchbay-cni','families':['IPv4','IPv6'],'subnets':['"
        + String.join("','", lanes.stream().map(Subnet::id).toList()) + "'],"
        + "'routes':[{'dst':'100.64.0.0/20'},{'dst':'2001:db8:1000::/56'}]}");
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  /** What a test that failed has left, so that the next one does not fail for it. */
  @AfterEach
  void endPods() {
    lab.nodes().forEach(node -> Pods.delete(node.pods()));
  }

  private static String ofZone(String text, boolean first) {
    return text.replace("HERE", first ? "100.64.17" : "100.64.18").replace("THERE", first ? "100.64.18" : "100.64.17");
  }

  private static void gone(LabPod... pods) {
    Pods.delete(List.of(pods));
    for (LabNode node : lab.nodes()) {
      Until.holds("nothing is attached", () -> Reports.of(node).path("attachments").isEmpty());
      assertThat(node.exec("ip", "-o", "link").output()).doesNotContain("macvlan", "eni");
    }
    assertThat(networks.given()).isEmpty();
  }

  private static InetAddress six(LabPod pod, String device) {
    return networks.address(pod, device, true);
  }

  private static Optional<InetAddress> seen6(LabPod from, LabPod to, InetAddress address) {
    try (Echo echo = Echo.serve(to.netns(), ANY_6, Probe.port())) {
      return Echo.tcp(from.netns(), address, echo.address().getPort(), ANSWER);
    }
  }

  /** By which address the far end sees who asks from an address of his own choice. */
  private static Optional<InetAddress> seenFrom(InetAddress source, LabPod from, LabPod to, InetAddress address) {
    try (Echo echo = Echo.serve(to.netns(), ANY, Probe.port())) {
      return Echo.tcp(from.netns(), Optional.of(source), address, echo.address().getPort(), ANSWER);
    }
  }

  /** Each pod meets the other on an interface, and is seen there by that interface's address. */
  private static void meet(LabPod one, LabPod other, String device) {
    assertThat(Probe.seen(one.netns(), other.netns(), networks.address(other, device)))
        .as("%s to %s by %s", one.name(), other.name(), device).contains(networks.address(one, device));
    assertThat(Probe.seen(other.netns(), one.netns(), networks.address(one, device)))
        .as("%s to %s by %s", other.name(), one.name(), device).contains(networks.address(other, device));
  }

  @Test
  void threeInterfacesTalkEachWithItsOwnAddress() {
    NetworkInterface others = lab.model().state().networkInterface(mine.eni().id());
    networks.define("side", networks.macvlan(mine.device(), networks.hostLocal("10.77.1.0/24")));
    LabPod wide = pod(here, "wide", "side,vpc");
    LabPod near = pod(here, "near", "side,vpc");
    LabPod far = pod(there, "far", "vpc@net2");
    assertThat(networks.interfaces(wide).subList(1, 3)).containsExactly("default/side net1", "default/vpc net2");
    assertThat(Reports.eni(here, networks.address(wide, "net2")).subnetId())
        .isEqualTo(MoreNetworks.subnet(lab, "100.64.7.0/24", "a").id());
    meet(wide, near, "eth0");
    meet(wide, near, "net1");
    meet(wide, near, "net2");
    meet(wide, far, "eth0");
    meet(wide, far, "net2");
    assertThat(Reports.eni(here, six(wide, "net2"))).isEqualTo(Reports.eni(here, networks.address(wide, "net2")));
    // The interface that is left to others has nothing that EC2 was asked for.
    assertThat(lab.model().state().networkInterface(mine.eni().id())).isEqualTo(others);
    wide.check();
    gone(wide, near, far);
  }

  @Test
  void aLaneHasIpv6RoutedBySource() {
    LabPod wide = pod(here, "wide6", "vpc@net2");
    LabPod near = pod(here, "near6", "vpc@net2");
    LabPod far = pod(there, "far6", "vpc@net2");
    for (LabPod other : List.of(near, far)) {
      // An interface's own link-local address is there a second or two after the interface.
      Until.holds("IPv6 to " + other.name(), () -> seen6(wide, other, six(other, "net2")).equals(Optional.of(six(wide, "net2"))));
      Until.holds("IPv6 from " + other.name(), () -> seen6(other, wide, six(wide, "net2")).equals(Optional.of(six(other, "net2"))));
    }
    gone(wide, near, far);
  }

  @Test
  void macvlanDoesNotCrossTheVpcSinceItsFramesHaveAForeignAddress() {
    // EC2 delivers both addresses, so it is for the hardware address alone that nothing arrives.
    InetAddress first = assigned(mine);
    InetAddress second = assigned(theirs);
    for (String mode : List.of("bridge", "passthru")) {
      across(mode, mine, first, second, true);
      across(mode, theirs, second, first, false);
      LabPod one = pod(here, "from-" + mode, "across-" + mode + "-17");
      LabPod other = pod(there, "to-" + mode, "across-" + mode + "-18");
      long dropped = foreign();
      if (mode.equals("bridge")) {
        Ping.Result result = Ping.run(one.netns(), second, 3, 3);
        assertThat(result.received()).isZero();
        Until.holds("the fabric says why", () -> foreign() > dropped);
      } else {
        // With the interface's own hardware address the same addresses meet.
        meet(one, other, "net1");
      }
      gone(one, other);
    }
  }

  private static long foreign() {
    return lab.fabric().drops().getOrDefault(DropReason.SPOOFED_MAC, 0L);
  }

  /** A further address of an interface, as users add it by hand. */
  private static InetAddress assigned(MoreNetworks.Attached to) {
    lab.model().addresses().assignIpv4(to.eni().id(), AddressRequest.count(1));
    lab.awaitFabric();
    return lab.model().state().networkInterface(to.eni().id()).ipv4Addresses().getLast().inet();
  }

  private static void across(String mode, MoreNetworks.Attached on, InetAddress own, InetAddress other, boolean first) {
    String text = "{'cniVersion':'1.0.0','type':'macvlan','master':'" + on.device() + "','mode':'" + mode + "','ipam':{'type':'static',"
        + "'addresses':[{'address':'" + own.getHostAddress() + "/24'}],'routes':[{'dst':'" + other.getHostAddress() + "/32','gw':'HERE.1'}]}}";
    networks.define("across-" + mode + (first ? "-17" : "-18"), ofZone(text, first));
  }

  @Test
  void theDefaultRouteGoesByTheSecondInterface() {
    networks.define("data", networks.macvlan(mine.device(), networks.hostLocal("10.77.2.0/24")));
    LabPod usual = pod(here, "usual", "vpc");
    LabPod moved = pod(here, "moved", "[{'name':'vpc','default-route':[]}]");
    LabPod peer = there.addPod("peer");
    // What no other route leads to goes by eth0 in the one and by the VPC's second subnet in the other.
    assertThat(Probe.seen(usual.netns(), peer.netns(), peer.address())).contains(usual.address());
    assertThat(Probe.seen(moved.netns(), peer.netns(), peer.address())).contains(networks.address(moved, "net1"));
    assertThat(moved.exec("ip", "-4", "route", "show", "default").output().lines()).singleElement().asString().contains("dev net1");
    assertThat(moved.exec("ip", "-6", "route", "show", "default").output().lines()).singleElement().asString().contains("dev net1");
    // By a gateway on another plugin's network: a pod that plays the router, with its address there.
    LabPod router = pod(here, "router", "data");
    InetAddress gateway = networks.address(router, "net1");
    router.exec("sysctl", "-qw", "net.ipv4.ip_forward=1").orThrow("forward");
    router.exec("ip", "address", "add", "192.0.2.1/32", "dev", "lo").orThrow("have a further address");
    LabPod routed = pod(here, "routed", "[{'name':'data','default-route':['" + gateway.getHostAddress() + "']}]");
    assertThat(Probe.seen(routed.netns(), router.netns(), InetAddress.ofLiteral("192.0.2.1"))).contains(networks.address(routed, "net1"));
    moved.check();
    routed.check();
    gone(usual, moved, peer, router, routed);
  }

  @Test
  void theSameNetworkTwiceIsTwoInterfacesWithPackets() {
    networks.define("twice", networks.macvlan(mine.device(), networks.hostLocal("10.77.3.0/24")));
    LabPod both = pod(here, "both", "twice,twice@second,vpc,vpc@fourth");
    LabPod peer = pod(here, "peer2", "twice,vpc@net2");
    assertThat(networks.interfaces(both).subList(1, 5))
        .containsExactly("default/twice net1", "default/twice second", "default/vpc net3", "default/vpc fourth");
    for (String device : List.of("net1", "second", "net3", "fourth")) {
      InetAddress other = networks.address(peer, device.equals("net3") || device.equals("fourth") ? "net2" : "net1");
      // Of two interfaces in one subnet the kernel takes the first, unless it is told which.
      assertThat(both.exec("ping", "-c", "1", "-W", "30", "-I", device, other.getHostAddress()).output()).as("by " + device)
          .contains("from " + networks.address(both, device).getHostAddress(), " 0% packet loss");
    }
    for (String device : List.of("net1", "second", "net3")) {
      assertThat(Probe.seen(peer.netns(), both.netns(), networks.address(both, device))).as("to " + device)
          .contains(networks.address(peer, device.equals("net3") ? "net2" : "net1"));
    }
    gone(both, peer);
  }

  @Test
  void addressesAndHardwareAddressesOfTheAnnotation() {
    networks.define("static-ips", "{'cniVersion':'1.0.0','type':'macvlan','master':'eth0','capabilities':{'ips':true,'mac':true},"
        + "'ipam':{'type':'static'}}");
    networks.define("by-args", "{'cniVersion':'1.0.0','type':'macvlan','master':'eth0','ipam':{'type':'static'}}");
    LabPod eleven = pod(here, "eleven", "[{'name':'static-ips','ips':['10.1.1.11/24'],'mac':'02:00:00:00:11:11'},"
        + "{'name':'by-args','cni-args':{'ips':['10.1.2.11/24']}}]");
    LabPod twelve = pod(here, "twelve", "[{'name':'static-ips','ips':['10.1.1.12/24']},{'name':'by-args','cni-args':{'ips':['10.1.2.12/24']}}]");
    assertThat(networks.address(eleven, "net1").getHostAddress()).isEqualTo("10.1.1.11");
    assertThat(networks.address(eleven, "net2").getHostAddress()).isEqualTo("10.1.2.11");
    assertThat(eleven.exec("ip", "-o", "link", "show", "net1").output()).contains("02:00:00:00:11:11");
    assertThat(networks.status(eleven).path(1).path("mac").asText()).isEqualTo("02:00:00:00:11:11");
    meet(eleven, twelve, "net1");
    meet(eleven, twelve, "net2");
    gone(eleven, twelve);
  }

  @Test
  void aBridgeWithPublishedPorts() {
    // Debian 12's portmap looks in CHECK for chains of IPv6, whether the pod has IPv6 or not.
    networks.define("bridged", "{'cniVersion':'1.0.0','disableCheck':true,'plugins':[{'type':'bridge','bridge':'mb0','isGateway':true,'ipam':"
        + networks.hostLocal("10.88.0.0/24", "{'dst':'10.0.0.0/16','gw':'10.88.0.1'}") + "},{'type':'portmap','capabilities':{'portMappings':true}}]}");
    int port = Probe.port();
    LabPod web = pod(here, "web", "[{'name':'bridged','portMappings':[{'hostPort':8088,'containerPort':" + port + "}]}]");
    LabPod other = pod(here, "other", "bridged");
    meet(web, other, "net1");
    try (Echo echo = Echo.serve(web.netns(), ANY, port)) {
      assertThat(echo.address().getPort()).isEqualTo(port);
      assertThat(Echo.tcp(there.netns(), here.address(), 8088, ANSWER)).contains(there.address());
    }
    web.check();
    // A static pod, whose object comes from the node, gets it the same way.
    LabPod fixed = here.addPod(PodRequest.of("fixed").annotated("kubernetes.io/config.source", "file").annotated(Networks.ASKED, "bridged"));
    meet(fixed, other, "net1");
    gone(web, other, fixed);
    assertThat(here.exec("iptables", "-t", "nat", "-S").output()).doesNotContain("8088");
  }

  @Test
  void aPairWithALimitOfItsRate() {
    networks.define("limited", "{'cniVersion':'1.0.0','plugins':[{'type':'ptp','ipam':" + networks.hostLocal("10.89.0.0/24") + "},"
        + "{'type':'bandwidth','capabilities':{'bandwidth':true}}]}");
    LabPod slow = pod(here, "slow", "[{'name':'limited','bandwidth':{'ingressRate':8000000,'ingressBurst':8000000,'egressRate':16000000,"
        + "'egressBurst':16000000}}]");
    InetAddress own = networks.address(slow, "net1");
    assertThat(Probe.seen(here.netns(), slow.netns(), own)).map(InetAddress::getHostAddress).contains("10.89.0.1");
    assertThat(Probe.seen(slow.netns(), here.netns(), InetAddress.ofLiteral("10.89.0.1"))).contains(own);
    // One of them on the host's end of the pair, the other on the device that what comes from there is led through.
    assertThat(here.exec("tc", "qdisc", "show").output()).contains("rate 8Mbit", "rate 16Mbit");
    slow.check();
    gone(slow);
    assertThat(here.exec("tc", "qdisc", "show").output()).doesNotContain("rate 8Mbit", "rate 16Mbit");
  }

  @Test
  void aTunedInterfaceWithItsSourceRouted() {
    networks.define("tuned", "{'cniVersion':'1.0.0','disableCheck':true,'plugins':[{'type':'macvlan','master':'eth0','ipam':{'type':'host-local','dataDir':'"
        + networks.kept().resolve("ipam") + "','ranges':[[{'subnet':'10.90.0.0/24','gateway':'10.90.0.1'}]]}},{'type':'sbr'},"
        + "{'type':'tuning','dataDir':'" + networks.kept().resolve("tuning") + "','mtu':1400,'sysctl':{'net.ipv4.conf.net1.arp_filter':'1'}}]}");
    LabPod tuned = pod(here, "tuned", "tuned");
    LabPod peer = pod(here, "peer3", "tuned");
    InetAddress own = networks.address(tuned, "net1");
    assertThat(tuned.exec("cat", "/proc/sys/net/ipv4/conf/net1/arp_filter").output().strip()).isEqualTo("1");
    assertThat(tuned.exec("ip", "-o", "link", "show", "net1").output()).contains("mtu 1400");
    assertThat(tuned.exec("ip", "rule").output()).contains("from " + own.getHostAddress());
    // The plugin sbr leaves no route without a rule, so who asks says from where.
    assertThat(seenFrom(own, tuned, peer, networks.address(peer, "net1"))).contains(own);
    assertThat(seenFrom(networks.address(peer, "net1"), peer, tuned, own)).contains(networks.address(peer, "net1"));
    // It takes away what macvlan's own CHECK looks for, so whoever uses it leaves CHECK out.
    tuned.check();
    gone(tuned, peer);
  }

  @Test
  void aWholeInterfaceOfTheInstanceMovesIntoThePodAndBack() {
    Subnet subnet = lab.model().state().subnet(theirs.eni().subnetId());
    InetAddress own = theirs.eni().primary().orElseThrow().inet();
    networks.define("whole", "{'cniVersion':'1.0.0','type':'host-device','device':'" + theirs.device() + "','ipam':{'type':'static','addresses':"
        + "[{'address':'" + own.getHostAddress() + "/24'}],'routes':[{'dst':'10.0.0.0/16','gw':'" + subnet.router() + "'}]}}");
    LabPod owner = pod(there, "owner", "whole@data0");
    assertThat(networks.status(owner).path(1).path("mac").asText()).isEqualTo(theirs.eni().mac());
    assertThat(Probe.seen(owner.netns(), here.netns(), here.address())).contains(own);
    assertThat(Probe.seen(here.netns(), owner.netns(), own)).contains(here.address());
    assertThat(there.exec("ip", "-o", "link").output()).doesNotContain(theirs.eni().mac());
    gone(owner);
    assertThat(there.exec("ip", "-o", "link", "show", theirs.device()).output()).contains(theirs.eni().mac());
    there.exec("ip", "link", "set", theirs.device(), "up").orThrow("set it up again");
  }

  @Test
  void manyPodsAtOnceAndThoseWithout() {
    networks.define("net-a", networks.macvlan("eth0", networks.hostLocal("10.91.0.0/24")));
    networks.define("net-b", networks.macvlan("eth0", networks.hostLocal("10.92.0.0/24")));
    List<Future<LabPod>> begun = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String name = "many" + i;
      begun.add(Pods.begin(here, i % 3 == 2 ? PodRequest.of(name) : PodRequest.of(name).annotated(Networks.ASKED, "net-a@ipv1, net-b@ipv2")));
    }
    List<LabPod> pods = begun.stream().map(Pods::get).toList();
    meet(pods.get(0), pods.get(4), "ipv1");
    meet(pods.get(1), pods.get(3), "ipv2");
    assertThat(networks.interfaces(pods.get(0)).subList(1, 3)).containsExactly("default/net-a ipv1", "default/net-b ipv2");
    assertThat(networks.interfaces(pods.get(2))).hasSize(1);
    assertThat(pods.get(2).exec("ip", "-o", "link").output()).contains("eth0").doesNotContain("ipv1");
    gone(pods.toArray(LabPod[]::new));
  }
}
