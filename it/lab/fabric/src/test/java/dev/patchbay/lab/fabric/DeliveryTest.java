package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.command;
import static dev.patchbay.lab.fabric.World.ip;
import static dev.patchbay.lab.fabric.World.reaches;
import static dev.patchbay.lab.fabric.World.silent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.netlink.IpPrefix;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets what by IPv4: assigned addresses and prefixes, and nothing else. */
class DeliveryTest {
  private static final String MAC_A = "02:00:00:00:00:0a";
  private static final String MAC_B = "02:00:00:00:00:0b";

  private World world;
  private NetworkNamespace a;
  private NetworkNamespace b;

  @BeforeEach
  void build() {
    world = new World();
    a = world.node("i-a", MAC_A, "a", "10.0.0.10");
    b = world.node("i-b", MAC_B, "a", "10.0.0.20", "10.0.0.21");
  }

  @AfterEach
  void remove() {
    world.close();
  }

  @Test
  void primariesReachEachOtherInOneSubnetAndAcross() {
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "b", "10.0.1.30");
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    assertThat(reaches(b, "10.0.0.10")).isTrue();
    assertThat(reaches(a, "10.0.1.30")).isTrue();
    assertThat(reaches(c, "10.0.0.20")).isTrue();
    // Multicast is what the kernels of instances send by themselves (listener reports, RFC 3810).
    Map<DropReason, Long> drops = new EnumMap<>(world.fabric.drops());
    drops.remove(DropReason.MULTICAST);
    assertThat(drops.values()).hasSize(DropReason.values().length - 1).containsOnly(0L);
  }

  @Test
  void theRouterIsNoHop() {
    assertThat(Ping.run(a, ip("10.0.0.20"), 1, 30).hops()).isEqualTo(64);
  }

  @Test
  void jumboFramesPass() {
    assertThat(a.run("ping", "-n", "-c1", "-W30", "-M", "do", "-s", "8973", "10.0.0.20").succeeded()).isTrue();
    assertThat(a.run("ping", "-n", "-c1", "-W1", "-M", "do", "-s", "8974", "10.0.0.20").succeeded()).isFalse();
  }

  @Test
  void deviceHasNameMacAndMtuOfTheInterface() {
    assertThat(a.run("ip", "-o", "link", "show", "eth0").output()).contains("link/ether " + MAC_A, "mtu 9001", "UP");
  }

  @Test
  void secondaryAddressIsDeliveredAndMaySend() {
    command(b, "ip address add 10.0.0.21/32 dev lo");
    assertThat(reaches(a, "10.0.0.21")).isTrue();
    assertThat(reaches(b, "10.0.0.21", "10.0.0.10")).isTrue();
  }

  @Test
  void addressThatNobodyHoldsGetsNoAnswer() {
    assertThat(silent(a, "10.0.0.99")).isTrue();
    assertThat(a.run("ip", "neigh", "show", "10.0.0.99").output()).doesNotContain("lladdr");
    // In another subnet ARP is not asked for it; the packet gets to the router and no further, and no error comes back.
    Ping.Result elsewhere = Ping.run(a, ip("10.0.1.99"), 2, 0.3);
    assertThat(elsewhere.received()).isZero();
    assertThat(elsewhere.output()).doesNotContain("Unreachable", "unreachable");
    assertThat(world.dropped(DropReason.UNASSIGNED)).isEqualTo(2);
  }

  @Test
  void addressThatTheInstanceGaveItselfIsNotItsOwn() {
    command(b, "ip address add 10.0.0.55/32 dev lo");
    assertThat(silent(a, "10.0.0.55")).as("delivered though not assigned").isTrue();
    assertThat(silent(b, "10.0.0.55", "10.0.0.10")).isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
  }

  @Test
  void addressOfAnotherInstanceCanNotBeUsed() {
    command(b, "ip address add 10.0.0.10/32 dev lo");
    command(b, "ip route add 10.0.0.30/32 dev eth0");
    world.node("i-c", "02:00:00:00:00:0c", "a", "10.0.0.30");
    assertThat(silent(b, "10.0.0.10", "10.0.0.30")).isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
  }

  @Test
  void addressOfAnotherInterfaceOfTheSameInstanceCanNotBeUsed() {
    world.fabric.attach(InterfaceSpec.further("eni-b2", "02:00:00:00:00:1b", "i-b", 1, "a", List.of("10.0.0.40"), Set.of("open")));
    command(b, "ip address add 10.0.0.40/32 dev lo");
    assertThat(silent(b, "10.0.0.40", "10.0.0.10")).as("leaves by eth0").isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
    command(b, "ip link set eth1 up");
    command(b, "ip route add 10.0.0.10/32 via 10.0.0.1 dev eth1 onlink src 10.0.0.40");
    assertThat(reaches(b, "10.0.0.40", "10.0.0.10")).as("leaves by eth1").isTrue();
  }

  @Test
  void withoutSourceCheckAnyAddressMaySend() {
    command(b, "ip address add 10.0.0.55/32 dev lo");
    world.fabric.setSourceDestinationCheck("eni-i-b", false);
    silent(b, "10.0.0.55", "10.0.0.10");
    // The answer can't come back, as nobody holds 10.0.0.55: that it was asked for shows in the drops.
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isZero();
    assertThat(a.run("ip", "neigh", "show", "10.0.0.55").output()).as("asked for the way back").isNotEmpty();
    world.fabric.setSourceDestinationCheck("eni-i-b", true);
    silent(b, "10.0.0.55", "10.0.0.10");
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
  }

  @Test
  void macOfAnotherIsDropped() {
    assertThat(reaches(b, "10.0.0.10")).isTrue();
    command(b, "ip link set eth0 address 02:00:00:00:00:ee");
    command(b, "ip route replace default via 10.0.0.1 dev eth0");
    assertThat(silent(b, "10.0.0.10")).isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_MAC)).isPositive();
  }

  @Test
  void addressMovesAtOnce() {
    command(a, "ip address add 10.0.0.77/32 dev lo");
    command(b, "ip address add 10.0.0.77/32 dev lo");
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "b", "10.0.1.30");
    world.deliver("eni-i-a", "10.0.0.10", "10.0.0.77");
    assertThat(reaches(c, "10.0.0.77")).isTrue();
    world.deliver("eni-i-a", "10.0.0.10");
    assertThat(silent(c, "10.0.0.77")).isTrue();
    world.deliver("eni-i-b", "10.0.0.20", "10.0.0.21", "10.0.0.77");
    assertThat(reaches(c, "10.0.0.77")).isTrue();
    assertThat(silent(a, "10.0.0.77", "10.0.1.30")).as("the former holder").isTrue();
    assertThat(reaches(b, "10.0.0.77", "10.0.1.30")).as("the new holder").isTrue();
    // Without taking it from b first, as AssignPrivateIpAddresses does with reassignment allowed.
    world.deliver("eni-i-a", "10.0.0.10", "10.0.0.77");
    assertThat(reaches(a, "10.0.0.77", "10.0.1.30")).isTrue();
    assertThat(silent(b, "10.0.0.77", "10.0.1.30")).isTrue();
    world.deliver("eni-i-b", "10.0.0.20", "10.0.0.21");
    assertThat(reaches(c, "10.0.0.77")).as("taken from b after it had moved on").isTrue();
  }

  @Test
  void lossIsCountedExactly() {
    command(b, "ip address add 10.0.0.21/32 dev lo");
    try (Ping undisturbed = Ping.start(a, ip("10.0.0.20"));
        Ping disturbed = Ping.start(a, ip("10.0.0.21"))) {
      world.deliver("eni-i-b", "10.0.0.20");
      assertThat(silent(a, "10.0.0.21")).isTrue();
      world.awaitDropped(DropReason.UNASSIGNED, 20);
      world.deliver("eni-i-b", "10.0.0.20", "10.0.0.21");
      assertThat(reaches(a, "10.0.0.21")).isTrue();
      Ping.Result interrupted = disturbed.stop();
      // Requests that found nobody, but for the two of silent(), and answers that came back when it was b's address no more.
      long dropped = world.dropped(DropReason.UNASSIGNED) - 2 + world.dropped(DropReason.SPOOFED_ADDRESS);
      assertThat(interrupted.lost()).isEqualTo((int) dropped).isGreaterThanOrEqualTo(18).isLessThan(interrupted.sent());
      assertThat(undisturbed.stop().lost()).isZero();
    }
  }

  @Test
  void whatIsLostToTheEndIsCountedToo() {
    try (Ping ping = Ping.start(a, ip("10.0.0.20"))) {
      world.deliver("eni-i-b", "10.0.0.21");
      world.awaitDropped(DropReason.UNASSIGNED, 1);
      Ping.Result result = ping.stop();
      assertThat(result.lost()).isPositive();
      assertThat((long) result.lost())
          .isEqualTo(world.dropped(DropReason.UNASSIGNED) + world.dropped(DropReason.SPOOFED_ADDRESS));
    }
  }

  @Test
  void prefixIsDeliveredWhole() {
    world.deliver("eni-i-b", "10.0.0.20", "10.0.0.64/28");
    for (String address : List.of("10.0.0.64", "10.0.0.70", "10.0.0.79")) {
      command(b, "ip address add " + address + "/32 dev lo");
      assertThat(reaches(a, address)).as(address).isTrue();
      assertThat(reaches(b, address, "10.0.0.10")).as(address).isTrue();
    }
    command(b, "ip address add 10.0.0.80/32 dev lo");
    assertThat(silent(a, "10.0.0.80")).isTrue();
    assertThat(silent(b, "10.0.0.80", "10.0.0.10")).isTrue();
    world.deliver("eni-i-b", "10.0.0.20");
    command(a, "ip neigh flush dev eth0");
    assertThat(silent(a, "10.0.0.70")).isTrue();
  }

  @Test
  void blockAddedWhileRunning() {
    world.fabric.setBlocks(
        List.of(
            IpPrefix.of("10.0.0.0/16"),
            IpPrefix.of("2001:db8:1::/56"),
            IpPrefix.of("100.64.0.0/16")));
    world.fabric.setSubnet(SubnetSpec.of("pods", "100.64.0.0/18", "private"));
    world.fabric.attach(
        InterfaceSpec.further("eni-b2", "02:00:00:00:00:1b", "i-b", 1, "pods", List.of("100.64.0.9"), Set.of("open")));
    command(b, "ip link set eth1 up");
    command(b, "ip address add 100.64.0.9/32 dev eth1");
    command(b, "ip route add 10.0.0.10/32 via 100.64.0.1 dev eth1 onlink src 100.64.0.9");
    assertThat(reaches(a, "100.64.0.9")).isTrue();
    assertThat(silent(a, "100.64.0.10")).isTrue();
    assertThat(world.dropped(DropReason.UNASSIGNED)).isEqualTo(2);
  }

  @Test
  void detachedInterfaceIsGoneFromTheInstanceAndTheVpc() {
    world.fabric.detach("eni-i-b");
    assertThat(b.run("ip", "-o", "link").output()).doesNotContain("eth0");
    assertThat(silent(a, "10.0.0.20")).isTrue();
    world.fabric.detach("eni-i-b");
    world.fabric.attach(InterfaceSpec.primary("eni-i-b", MAC_B, "i-b", "a", List.of("10.0.0.20"), Set.of("open")));
    command(a, "ip neigh flush dev eth0");
    assertThat(reaches(a, "10.0.0.20")).isTrue();
  }

  @Test
  void sayingTheSameAgainChangesNothing() {
    for (InterfaceSpec spec : world.fabric.interfaces()) {
      world.fabric.attach(spec);
    }
    world.fabric.addInstance(InstanceSpec.node("i-a"));
    world.fabric.setGroup(SecurityGroup.open("open"));
    world.fabric.setSubnet(SubnetSpec.of("a", "10.0.0.0/24", "2001:db8:1:0::/64", "public"));
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    assertThat(world.fabric.holder(ip("10.0.0.21"))).map(InterfaceSpec::id).contains("eni-i-b");
    assertThat(world.fabric.holder(ip("10.0.0.22"))).isEmpty();
  }
}
