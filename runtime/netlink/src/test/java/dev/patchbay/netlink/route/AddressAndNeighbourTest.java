package dev.patchbay.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AddressAndNeighbourTest {
  private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:0a");
  private static final int LINK = 11;

  private Netns namespace;
  private RouteSocket socket;

  @BeforeEach
  void open() {
    namespace = Netns.create();
    socket = RouteSocket.open(namespace);
    socket.execute(
        new Batch().add(Links.veth("v0", Links.peer("v1").index(12)).index(LINK).up()).add(Links.change(12).up()));
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
  }

  @Test
  void addressesOfBothFamilies() {
    Address plain = Address.of(LINK, IpPrefix.of("10.0.0.5/24")).withProtocol(77);
    Address quiet = Address.of(LINK, IpPrefix.of("10.1.0.5/24")).withFlags(Address.NO_PREFIX_ROUTE);
    Address peer = Address.of(LINK, IpPrefix.of("10.2.0.5/32")).withPeer(address("10.2.0.6"));
    Address sixth =
        Address.of(LINK, IpPrefix.of("fd00::5/64")).withFlags(Address.NO_DUPLICATE_DETECTION | Address.NO_PREFIX_ROUTE);
    socket.execute(new Batch().add(plain.add()).add(quiet.add()).add(peer.add()).add(sixth.add()));

    assertThat(socket.addresses(LINK))
        .extracting(a -> a.local().toString())
        .contains("10.0.0.5/24", "10.1.0.5/24", "10.2.0.5/32", "fd00:0:0:0:0:0:0:5/64");
    assertThat(found(plain).protocol()).isEqualTo(77);
    assertThat(found(quiet).flags() & Address.NO_PREFIX_ROUTE).isNotZero();
    assertThat(found(peer).peer()).isEqualTo(address("10.2.0.6"));
    assertThat(found(sixth).flags() & Address.TENTATIVE).isZero();
    assertThat(socket.routes(RouteFilter.all().family(Family.IPV4).table(Route.MAIN_TABLE)))
        .extracting(route -> route.destination().toString())
        .contains("10.0.0.0/24")
        .doesNotContain("10.1.0.0/24");

    assertThatThrownBy(() -> socket.execute(plain.add())).hasMessageContaining("EEXIST");
    socket.execute(plain.withProtocol(78).replace());
    assertThat(found(plain).protocol()).isEqualTo(78);
    socket.execute(sixth.withFlags(Address.NO_DUPLICATE_DETECTION).replace());
    assertThat(found(sixth).flags() & Address.NO_PREFIX_ROUTE).isZero();
    socket.execute(new Batch().add(plain.delete()).add(quiet.delete()).add(peer.delete()).add(sixth.delete()));
    assertThat(socket.addresses(LINK)).noneMatch(a -> a.local().family() == Family.IPV4);
    assertThatThrownBy(() -> socket.execute(plain.delete())).hasMessageContaining("EADDRNOTAVAIL");
  }

  private Address found(Address wanted) {
    return socket.addresses(LINK).stream().filter(a -> a.local().equals(wanted.local())).findFirst().orElseThrow();
  }

  @Test
  void neighboursOfBothFamiliesAndProxies() {
    Neighbour fourth = Neighbour.permanent(LINK, address("10.0.0.9"), MAC).withProtocol(77);
    Neighbour sixth = Neighbour.permanent(LINK, address("fd00::9"), MAC);
    Neighbour proxy = Neighbour.proxy(LINK, address("10.0.0.10")).withProtocol(77);
    Neighbour sixthProxy = Neighbour.proxy(LINK, address("fd00::10"));
    socket.execute(new Batch().add(fourth.add()).add(sixth.add()).add(proxy.add()).add(sixthProxy.add()));

    assertThat(socket.neighbours(LINK)).contains(fourth, sixth);
    assertThat(socket.neighbours(12)).doesNotContain(fourth, sixth);
    assertThat(socket.neighbours()).contains(fourth, sixth).noneMatch(Neighbour::isProxy);
    assertThat(socket.proxyNeighbours())
        .allMatch(Neighbour::isProxy)
        .extracting(n -> n.linkIndex() + " " + n.destination().getHostAddress() + " " + n.protocol())
        .containsExactlyInAnyOrder("11 10.0.0.10 77", "11 fd00:0:0:0:0:0:0:10 0");

    MacAddress other = MacAddress.of("02:00:00:00:00:0b");
    socket.execute(Neighbour.permanent(LINK, address("10.0.0.9"), other).replace());
    assertThat(socket.neighbours(LINK)).anyMatch(n -> n.mac().equals(Optional.of(other)));
    socket.execute(new Batch().add(fourth.delete()).add(sixth.delete()).add(proxy.delete()).add(sixthProxy.delete()));
    assertThat(socket.proxyNeighbours()).isEmpty();
    assertThat(socket.neighbours(LINK)).noneMatch(n -> (n.state() & Neighbour.PERMANENT) != 0);
  }

  @Test
  void sixthFamilysRoutesWithGatewaysOffTheLink() {
    Route route =
        Route.to(IpPrefix.of("fd01::/64")).via(address("fe80::1")).onlink().link(LINK).metric(7).table(300).protocol(77).build();
    Route blackhole = Route.to(IpPrefix.of("fd02::/64")).type(RouteType.PROHIBIT).table(300).metric(7).protocol(77).build();
    socket.execute(new Batch().add(route.add()).add(blackhole.replace()));
    assertThat(socket.routes(RouteFilter.all().table(300).family(Family.IPV6)))
        .contains(route)
        .anyMatch(r -> r.destination().equals(blackhole.destination()) && r.type() == RouteType.PROHIBIT);
    socket.execute(new Batch().add(route.delete()).add(blackhole.delete()));
    assertThat(socket.routes(RouteFilter.all().table(300))).isEmpty();
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
