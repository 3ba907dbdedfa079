package dev.patchbay.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.BatchException;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the real kernel, in two namespaces of this test. */
@Timeout(180)
class RouteSocketTest {
  private static final int PROTOCOL = 77;
  private static final MacAddress MAC = MacAddress.of("02:00:0a:00:00:07");

  private Netns hostNamespace;
  private Netns podNamespace;
  private RouteSocket host;
  private RouteSocket pod;

  @BeforeEach
  void open() {
    hostNamespace = Netns.create();
    podNamespace = Netns.create();
    host = RouteSocket.open(hostNamespace);
    pod = RouteSocket.open(podNamespace);
  }

  @AfterEach
  void close() {
    pod.close();
    host.close();
    podNamespace.close();
    hostNamespace.close();
  }

  @Test
  void vethIsMadeWithBothEndsInPlaceAndNothingReadBack() {
    host.execute(
        new Batch()
            .add("link", veth().index(100).mac(MAC).mtu(8000).group(7).up())
            .add("alias", Links.change(100).alias("a".repeat(255)))
            .add("route", Route.to(IpPrefix.of("10.0.0.7/32")).link(100).table(1000).protocol(PROTOCOL).build().add())
            .add("rule", Rule.of(Family.IPV4, 512).to(IpPrefix.of("10.0.0.7/32")).lookup(1000).protocol(PROTOCOL).build().add()));
    pod.execute(
        new Batch()
            .add("lo", Links.change("lo").up())
            .add("eth0", Links.change(7).up())
            .add("address", Address.of(7, IpPrefix.of("10.0.0.7/32")).add())
            .add("gateway", Route.to(IpPrefix.of("169.254.1.1/32")).link(7).build().add())
            .add("default", Route.toAny(Family.IPV4).via(InetAddress.ofLiteral("169.254.1.1")).link(7).build().add())
            .add("neighbour", Neighbour.permanent(7, InetAddress.ofLiteral("169.254.1.1"), MAC).add()));

    Link link = host.link("eni1").orElseThrow();
    assertThat(link.index()).isEqualTo(100);
    assertThat(link.kind()).isEqualTo("veth");
    assertThat(link.mac()).contains(MAC);
    assertThat(link.mtu()).isEqualTo(8000);
    assertThat(link.group()).isEqualTo(7);
    assertThat(link.alias()).isEqualTo("a".repeat(255));
    assertThat(link.parent()).isEqualTo(7);
    assertThat(link.transmitQueues()).isEqualTo(1);
    assertThat(link.receiveQueues()).isEqualTo(1);
    assertThat(link.isUp()).isTrue();
    assertThat(host.namespaceId(podNamespace)).contains(link.parentNamespace());
    assertThat(pod.link(7).orElseThrow().isRunning()).isTrue();
    assertThat(pod.neighbours(7)).contains(Neighbour.permanent(7, InetAddress.ofLiteral("169.254.1.1"), MAC));
    assertThat(host.routes(RouteFilter.all().table(1000)))
        .containsExactly(Route.to(IpPrefix.of("10.0.0.7/32")).link(100).table(1000).protocol(PROTOCOL).build());
  }

  @Test
  void batchReportsEachFailureByItsLabelAndCarriesOn() {
    Route orphan = Route.to(IpPrefix.of("10.9.0.0/16")).link(99).build();
    Batch batch =
        new Batch()
            .add("link", veth().index(100).up())
            .add("route of nobody", orphan.add())
            .add("second link", veth().index(100))
            .add("last", Links.change(100).mtu(1400));

    assertThatThrownBy(() -> host.execute(batch))
        .isInstanceOfSatisfying(
            BatchException.class,
            failure -> {
              assertThat(failure.failures()).extracting(f -> f.label()).containsExactly("route of nobody", "second link");
              assertThat(failure.failures()).extracting(f -> f.position()).containsExactly(1, 2);
              assertThat(failure.failures()).extracting(f -> f.errno()).containsExactly(Errno.ENODEV, Errno.EEXIST);
              assertThat(failure)
                  .hasMessageContaining("2 of 4")
                  .hasMessageContaining("route of nobody: cannot add route 10.9.0.0/16 dev #99 proto 4: ENODEV (No such device)");
            });
    assertThat(host.link(100).orElseThrow().mtu()).isEqualTo(1400);
  }

  @Test
  void extendedErrorTextComesThrough() {
    host.execute(veth().index(100).up());
    assertThatThrownBy(() -> host.execute(Route.toAny(Family.IPV4).via(InetAddress.ofLiteral("192.0.2.1")).link(100).build().add()))
        .hasMessageContaining("ENETUNREACH")
        .hasMessageContaining("Nexthop has invalid gateway");
  }

  @Test
  void groupIsDeletedAtOnce() {
    for (int i = 0; i < 5; i++) {
      host.execute(Links.veth("v" + i, Links.peer("p" + i)).index(100 + i).group(9));
    }
    host.execute(Links.deleteGroup(9));
    assertThat(host.links()).extracting(link -> link.name()).containsExactly("lo");
    assertThatThrownBy(() -> host.execute(Links.deleteGroup(9))).hasMessageContaining("ENODEV");
    assertThat(host.link("v0")).isEmpty();
  }

  @Test
  void rulesRoundTrip() {
    Rule first =
        Rule.of(Family.IPV4, 512).to(IpPrefix.of("10.0.0.0/16")).inputLink("eni+").mark(0x80, 0xff).lookup(70000).protocol(PROTOCOL).build();
    Rule second = Rule.of(Family.IPV4, 600).from(IpPrefix.of("10.1.0.0/16")).suppressPrefixLength(0).invert().protocol(PROTOCOL).build();
    Rule sixth = Rule.of(Family.IPV6, 700).action(Rule.Action.UNREACHABLE).outputLink("eth9").protocol(PROTOCOL).build();
    host.execute(new Batch().add(first.add()).add(second.add()).add(sixth.add()));

    assertThat(ours(host.rules(Family.IPV4))).containsExactly(first, second);
    assertThat(ours(host.rules(Family.IPV6))).containsExactly(sixth);

    assertThatThrownBy(() -> host.execute(first.add())).hasMessageContaining("EEXIST");
    host.execute(new Batch().add(first.delete()).add(second.delete()).add(sixth.delete()));
    assertThat(ours(host.rules(Family.IPV4))).isEmpty();
    assertThat(ours(host.rules(Family.IPV6))).isEmpty();
  }

  private static List<Rule> ours(List<Rule> rules) {
    return rules.stream().filter(rule -> rule.protocol() == PROTOCOL).toList();
  }

  @Test
  void routesRoundTripInBothFamilies() {
    host.execute(new Batch().add(veth().index(100).up()).add(Links.change("lo").up()));
    host.execute(Address.of(100, IpPrefix.of("10.0.0.1/24")).add());
    Route unreachable =
        Route.to(IpPrefix.of("10.0.0.0/8")).type(RouteType.UNREACHABLE).table(300).metric(5).protocol(PROTOCOL).build();
    Route onlink =
        Route.to(IpPrefix.of("10.3.0.0/16"))
            .via(InetAddress.ofLiteral("192.0.2.1"))
            .onlink()
            .link(100)
            .preferredSource(InetAddress.ofLiteral("10.0.0.1"))
            .table(300)
            .mtu(1300)
            .protocol(PROTOCOL)
            .build();
    Route sixth = Route.to(IpPrefix.of("fd00:1::/64")).link(100).metric(10).table(300).protocol(PROTOCOL).build();
    host.execute(new Batch().add(unreachable.add()).add(onlink.add()).add(sixth.add()));

    RouteFilter ours = RouteFilter.all().protocol(PROTOCOL);
    assertThat(host.routes(ours)).containsExactlyInAnyOrder(unreachable, onlink, sixth);
    assertThat(host.routes(ours.link(100))).containsExactlyInAnyOrder(onlink, sixth);
    assertThat(host.routes(ours.family(Family.IPV6).table(300))).containsExactly(sixth);
    assertThat(host.routes(RouteFilter.all().table(12345))).isEmpty();

    host.execute(new Batch().add(unreachable.delete()).add(onlink.delete()).add(sixth.delete()));
    assertThat(host.routes(ours)).isEmpty();
  }

  private NewLink veth() {
    return Links.veth("eni1", Links.peer("eth0").index(7).namespace(podNamespace));
  }
}
