package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.command;
import static dev.patchbay.lab.fabric.World.ip;
import static dev.patchbay.lab.fabric.World.silent;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ways out of the VPC and into it, and the addresses that are seen at the far end. */
class GatewaysTest {
  private static final Duration LONG = World.PATIENCE;
  private static final Duration SHORT = Duration.ofMillis(300);

  private World world;
  private NetworkNamespace a;
  private NetworkNamespace b;
  private Echo internet;
  private Echo internet6;

  @BeforeEach
  void build() {
    world = new World();
    world.fabric.setNatGateway("nat", ip("192.0.2.7"));
    world.fabric.setRouteTable(RouteTable.nat("by-nat", "nat"));
    world.fabric.setSubnet(SubnetSpec.of("n", "10.0.2.0/24", "2001:db8:1:2::/64", "by-nat"));
    a = world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10", "10.0.0.11", "2001:db8:1::10");
    b = world.node("i-b", "02:00:00:00:00:0b", "b", "10.0.1.20", "2001:db8:1:1::20");
    world.fabric.setPublicAddress(ip("10.0.0.10"), Optional.of(ip("198.51.100.10")));
    internet = Echo.serve(world.fabric.internet(), Fabric.INTERNET_HOST, 80);
    internet6 = Echo.serve(world.fabric.internet(), Fabric.INTERNET_HOST_6, 80);
  }

  @AfterEach
  void remove() {
    world.close();
    internet.close();
    internet6.close();
  }

  private static Optional<InetAddress> tcp(NetworkNamespace from, Duration timeout) {
    return Echo.tcp(from, Fabric.INTERNET_HOST, 80, timeout);
  }

  @Test
  void internetSeesThePublicAddress() {
    assertThat(tcp(a, LONG)).contains(ip("198.51.100.10"));
    assertThat(Echo.udp(a, Optional.empty(), Fabric.INTERNET_HOST, 80, LONG)).contains(ip("198.51.100.10"));
    world.fabric.setPublicAddress(ip("10.0.0.10"), Optional.of(ip("198.51.100.99")));
    assertThat(tcp(a, LONG)).contains(ip("198.51.100.99"));
  }

  @Test
  void addressWithoutAPublicOneStaysInside() {
    command(a, "ip address add 10.0.0.11/32 dev lo");
    assertThat(Echo.tcp(a, Optional.of(ip("10.0.0.11")), Fabric.INTERNET_HOST, 80, SHORT)).isEmpty();
    assertThat(world.dropped(DropReason.NO_PUBLIC_ADDRESS)).isPositive();
    world.fabric.setPublicAddress(ip("10.0.0.10"), Optional.empty());
    assertThat(tcp(a, SHORT)).isEmpty();
  }

  @Test
  void subnetWithoutARouteHasNoWayOut() {
    world.fabric.setPublicAddress(ip("10.0.1.20"), Optional.of(ip("198.51.100.20")));
    assertThat(tcp(b, SHORT)).isEmpty();
    assertThat(world.dropped(DropReason.NO_ROUTE)).isPositive();
    world.fabric.setSubnet(SubnetSpec.of("b", "10.0.1.0/24", "2001:db8:1:1::/64", "public"));
    assertThat(tcp(b, LONG)).as("another route table").contains(ip("198.51.100.20"));
  }

  @Test
  void natGatewayHidesItsSubnetAndLetsNobodyIn() {
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "n", "10.0.2.30", "10.0.2.31", "2001:db8:1:2::30");
    command(c, "ip address add 10.0.2.31/32 dev lo");
    assertThat(tcp(c, LONG)).contains(ip("192.0.2.7"));
    assertThat(Echo.tcp(c, Optional.of(ip("10.0.2.31")), Fabric.INTERNET_HOST, 80, LONG)).contains(ip("192.0.2.7"));
    assertThat(silent(world.fabric.internet(), "192.0.2.7")).isTrue();
    assertThat(silent(world.fabric.internet(), "10.0.2.30")).isTrue();
    world.fabric.setNatGateway("nat", ip("192.0.2.8"));
    assertThat(tcp(c, LONG)).contains(ip("192.0.2.8"));
  }

  @Test
  void internetReachesAPublicAddressAndIsSeenAsItself() {
    try (Echo server = Echo.serve(a, ip("0.0.0.0"), 8080)) {
      assertThat(Echo.tcp(world.fabric.internet(), ip("198.51.100.10"), server.address().getPort(), LONG))
          .contains(Fabric.INTERNET_HOST);
      assertThat(silent(world.fabric.internet(), "198.51.100.11")).as("an address that nobody has").isTrue();
      assertThat(silent(world.fabric.internet(), "10.0.0.10")).as("the private address").isTrue();
      assertThat(world.dropped(DropReason.INBOUND)).isPositive();
    }
  }

  @Test
  void publicAddressIsReachedFromInsideByWayOfTheGateway() {
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "a", "10.0.0.30");
    world.fabric.setPublicAddress(ip("10.0.0.30"), Optional.of(ip("198.51.100.30")));
    try (Echo server = Echo.serve(a, ip("0.0.0.0"), 8080)) {
      assertThat(Echo.tcp(c, ip("198.51.100.10"), server.address().getPort(), LONG)).contains(ip("198.51.100.30"));
    }
  }

  @Test
  void largePacketsAreToldTheGatewaysMtu() {
    command(a, "ping -n -c1 -W30 -M do -s 1472 203.0.113.10");
    assertThat(a.run("ping", "-n", "-c1", "-W30", "-M", "do", "-s", "1473", "203.0.113.10").output()).contains("mtu = 1500");
  }

  @Test
  void ipv6GoesOutUntranslatedAndInOnlyByTheInternetGateway() {
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "n", "10.0.2.30", "2001:db8:1:2::30");
    assertThat(Echo.tcp(a, Fabric.INTERNET_HOST_6, 80, LONG)).contains(ip("2001:db8:1::10"));
    assertThat(Echo.tcp(c, Fabric.INTERNET_HOST_6, 80, LONG)).as("by the egress-only gateway").contains(ip("2001:db8:1:2::30"));
    assertThat(Echo.tcp(b, Fabric.INTERNET_HOST_6, 80, SHORT)).as("without a gateway").isEmpty();
    assertThat(World.reaches(world.fabric.internet(), "2001:db8:1::10")).isTrue();
    assertThat(silent(world.fabric.internet(), "2001:db8:1:2::30")).isTrue();
    assertThat(silent(world.fabric.internet(), "2001:db8:1:1::20")).isTrue();
  }

  @Test
  void whatTheInternetSendsToManyIsNoAttemptToComeIn() {
    long before = world.dropped(DropReason.MULTICAST);
    world.fabric.internet().run("ping", "-n", "-c1", "-W0.1", "-I", "edge-igw", "ff02::1");
    world.fabric.internet().run("ping", "-n", "-c1", "-W0.1", "-I", "edge-igw", "224.0.0.1");
    assertThat(world.dropped(DropReason.MULTICAST)).isGreaterThanOrEqualTo(before + 2);
    assertThat(world.dropped(DropReason.INBOUND)).isZero();
  }
}
