package dev.patchbay.it.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.mode.sgp.SgpProvider;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.ModeUnderTest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Pods with branches, beside pods without, on one node, in both families. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BranchesInside {
  private static final Duration LONG = Duration.ofMinutes(5);
  /** As many requests without an answer count as none that comes; an answer takes milliseconds, even here. */
  private static final int TRIES = 3;
  private static final InetAddress CACHE = InetAddress.ofLiteral("169.254.20.10");
  /** Each server has a port of its own: one that was just closed may be held for a while yet. */
  private static final AtomicInteger PORT = new AtomicInteger(20_000);

  private static Site site;
  private static SecurityGroup client;
  private static SecurityGroup server;

  @BeforeAll
  static void build() {
    site = new Site();
    assertThat(site.fabric().carriesBranches()).as("the kernel has VLAN devices").isTrue();
    client = site.group("client");
    server = site.group("server", client.id());
  }

  @AfterAll
  static void remove() {
    site.close();
  }

  /** What a test left that failed is not the next one's. */
  @AfterEach
  void removePods() {
    site.pods().forEach(site::remove);
  }

  private static NetworkMode mode(String enforcing) {
    SgpProvider provider = new SgpProvider();
    Fields settings = ModeUnderTest.of(provider).complete(Fields.empty().with("enforcing", enforcing));
    return provider.create(ModeUnderTest.context(settings));
  }

  private static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void reaches(Site.Pod from, Site.Pod to) {
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(seen(from.netns(), to.netns(), to.address(family))).as("%s reaches %s by %s", from.name(), to.name(), family)
          .contains(inet(from.address(family)));
    }
  }

  private static Optional<InetAddress> seen(NetworkNamespace from, NetworkNamespace to, IpAddress address) {
    InetAddress any = InetAddress.ofLiteral(address.family() == AddressFamily.IPV4 ? "0.0.0.0" : "::");
    try (Echo echo = Echo.serve(to, any, PORT.incrementAndGet())) {
      return Echo.tcp(from, inet(address), echo.address().getPort(), LONG);
    }
  }

  private static void doesNotReach(Site.Pod from, Site.Pod to) {
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(Ping.run(from.netns(), inet(to.address(family)), TRIES, 1).received())
          .as("answers that %s has of %s by %s", from.name(), to.name(), family).isZero();
    }
  }

  private static String kernel(String... command) {
    return site.node.run(command).orThrow("look at the node");
  }

  private static void nothingIsLeft() {
    assertThat(kernel("ip", "link")).doesNotContain("vlan.eth.");
    for (String family : List.of("-4", "-6")) {
      assertThat(kernel("ip", family, "rule")).contains("0:\tfrom all lookup local").doesNotContain("vlan.eth.");
    }
  }

  @Test
  @Order(1)
  void strictEnforcesGroupsBetweenPodsOfOneNode() {
    Site.Pod one = site.add("strict-client", mode("strict"), client);
    Site.Pod two = site.add("strict-server", mode("strict"), server);
    Site.Pod plain = site.addPlain("plain");
    assertThat(site.deviations(one)).isEmpty();
    assertThat(site.deviations(two)).isEmpty();
    reaches(one, two);
    doesNotReach(two, one);
    doesNotReach(plain, two);
    // The plain pod has the node's group, which lets in its own members.
    doesNotReach(two, plain);
    toAnotherNode(one);
    nodeAndItsPod(two);
    List.of(one, two, plain).forEach(site::remove);
    nothingIsLeft();
  }

  /** Another instance's group lets in what is not translated, and that comes back. */
  private static void toAnotherNode(Site.Pod pod) {
    site.model.groups().authorizeIngress(site.nodes.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(client.id()))));
    site.settle();
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(seen(pod.netns(), site.far, site.addressOfFar(family))).as("the address that another node sees")
          .contains(inet(pod.address(family)));
    }
    site.model.groups().revokeIngress(site.nodes.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(client.id()))));
    site.settle();
  }

  /** Probes come from the node, and a DNS cache answers at a link-local address of it; no group says anything of the two. */
  private static void nodeAndItsPod(Site.Pod pod) {
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(seen(site.node, pod.netns(), pod.address(family))).as("the node reaches %s by %s", pod.name(), family)
          .contains(inet(site.address(family)));
      assertThat(seen(pod.netns(), site.node, site.address(family))).as("%s reaches its node by %s", pod.name(), family)
          .contains(inet(pod.address(family)));
    }
    // Of the scope of the host, so that the node does not speak as it.
    kernel("ip", "address", "add", CACHE.getHostAddress() + "/32", "dev", "lo", "scope", "host");
    try (Echo cache = Echo.serve(site.node, CACHE, 53)) {
      int port = cache.address().getPort();
      assertThat(Echo.tcp(pod.netns(), CACHE, port, LONG)).contains(inet(pod.address(AddressFamily.IPV4)));
      assertThat(Echo.udp(pod.netns(), Optional.empty(), CACHE, port, LONG)).contains(inet(pod.address(AddressFamily.IPV4)));
    }
    kernel("ip", "address", "delete", CACHE.getHostAddress() + "/32", "dev", "lo");
  }

  @Test
  @Order(2)
  void standardEnforcesGroupsForWhatLeavesTheNode() {
    Site.Pod one = site.add("standard-client", mode("standard"), client);
    Site.Pod two = site.add("standard-server", mode("standard"), server);
    Site.Pod plain = site.addPlain("beside");
    assertThat(site.deviations(two)).isEmpty();
    reaches(plain, two);
    reaches(two, one);
    toAnotherNode(one);
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(seen(site.node, two.netns(), two.address(family))).contains(inet(site.address(family)));
      // By its branch, and the branch's group lets in nobody of the other node's.
      assertThat(Ping.run(site.far, inet(two.address(family)), TRIES, 1).received()).isZero();
    }
    List.of(one, two, plain).forEach(site::remove);
    nothingIsLeft();
  }

  @Test
  @Order(3)
  void podsOfBothModesMeetThroughTheVpc() {
    Site.Pod one = site.add("kept-strict", mode("strict"), server);
    Site.Pod two = site.add("now-standard", mode("standard"), client);
    reaches(two, one);
    doesNotReach(one, two);
    List.of(one, two).forEach(site::remove);
    nothingIsLeft();
  }

  @Test
  @Order(4)
  void vlanIdsComeRoundAndWhatIsTakenAwayComesBack() {
    Site.Pod peer = site.add("peer", mode("strict"), client);
    for (int round = 0; round < 4; round++) {
      Site.Pod pod = site.add("round" + round, mode("strict"), server);
      assertThat(kernel("ip", "-d", "link", "show", "vlan.eth.2")).contains("802.1Q").contains("id 2 ");
      reaches(peer, pod);
      if (round == 0) {
        kernel("ip", "link", "delete", "vlan.eth.2");
        assertThat(site.deviations(pod).toString()).contains("vlan.eth.2");
        site.mend();
        assertThat(site.deviations(pod)).isEmpty();
        reaches(peer, pod);
        kernel("ip", "rule", "delete", "iif", "vlan.eth.2");
        assertThat(site.deviations(pod)).isNotEmpty();
        site.mend();
        assertThat(site.deviations(pod)).isEmpty();
        reaches(peer, pod);
      }
      site.remove(pod);
    }
    site.remove(peer);
    nothingIsLeft();
  }
}
