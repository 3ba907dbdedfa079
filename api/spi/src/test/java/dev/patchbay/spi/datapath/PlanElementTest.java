package dev.patchbay.spi.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanElementTest {
  private static final Device ETH0 = Device.named("eth0");
  private static final Device ENI = Device.ofEni("eni-1");
  private static final IpAddress ADDRESS = IpAddress.of("10.0.1.2");
  private static final IpAddress ADDRESS_6 = IpAddress.of("2001:db8::2");
  private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:01");
  private static final Table OWN = Table.own("x");

  /** Every way to make an element, with everything that can be said of it. */
  static Stream<PlanElement> elements() {
    return Stream.of(
        Act.plugin("a", "{}", "net1").withArguments(Fields.empty().with("args", Fields.empty().with("x", "y"))),
        Act.device("b", "example.com/card"),
        ChildLink.vlan("vlan7", Space.HOST, ENI, 7).withMac(MAC).withMtu(9001),
        ChildLink.macvlan("net1", Space.POD, ENI, "bridge"),
        ChildLink.ipvlan("net2", Space.POD, ENI, "l3s"),
        Delivery.of(ADDRESS_6, ETH0),
        InterfaceAddress.of(Space.POD, ETH0, ADDRESS_6, 128),
        MovedDevice.of(ENI, "net1"),
        Neighbour.of(Space.HOST, ETH0, ADDRESS, MAC),
        Neighbour.ofDevice(Space.POD, ETH0, ADDRESS, Device.named("eni0")),
        PolicyRule.of("claim", OWN).withFrom(ADDRESS.asCidr()).withTo(Cidr.of("0.0.0.0/0")).withIncoming(ETH0)
            .withProtocol("icmpv6"),
        PortMapping.of("sctp", 1, ADDRESS, 65_535).withHostAddress(IpAddress.of("10.0.1.1")),
        RateLimit.toPod(ETH0, 1_000_000_000_000L, 1),
        RateLimit.fromPod(ETH0, 8, 1_000_000_000_000L),
        ReturnPath.of("eni-1"),
        Route.to(Space.POD, Table.MAIN, Cidr.of("::/0"), ETH0).withVia(IpAddress.of("fe80::1")).withSource(ADDRESS_6)
            .withMetric(5).withOnlink(),
        Route.unreachable(Space.HOST, Table.ofEni("eni-1"), Cidr.of("10.0.0.0/8")),
        SourceEgress.of(ADDRESS.asCidr(), "eni-1"),
        StandaloneLink.of("vrf", "vrf0", Space.HOST).withTable(OWN.symbol()),
        Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(ETH0),
        Translation.of(List.of(Cidr.of("10.0.0.0/16")), ADDRESS).withExceptions(List.of(Cidr.of("192.168.0.0/16")))
            .withPorts("kernel"),
        PlanElement.of("element-of-tomorrow", Fields.empty().with("x", List.of("y"))),
        VethPair.of("eth0", "eni0", 1500).withPodMac(MAC));
  }

  @ParameterizedTest
  @MethodSource("elements")
  void isReadBackFromItsFields(PlanElement element) {
    PlanElement again = PlanElement.of(element.kind(), Fields.of(element.fields().values()));
    assertThat(again).isEqualTo(element).hasSameClassAs(element).hasSameHashCodeAs(element).hasToString(element.toString());
    DatapathPlan plan = DatapathPlan.of(element, element);
    assertThat(DatapathPlan.of(plan.fields())).isEqualTo(plan).isNotEqualTo(DatapathPlan.of(element));
  }

  @ParameterizedTest
  @MethodSource("elements")
  void everyAccessorReadsWhatIsThere(PlanElement element) throws ReflectiveOperationException {
    int read = 0;
    for (Method method : element.getClass().getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() == 0 && !method.getName().startsWith("with")) {
        assertThat(method.invoke(element)).as(method.getName()).isNotNull();
        read++;
      }
    }
    assertThat(read).isGreaterThanOrEqualTo(element instanceof UnknownElement ? 0 : 1);
  }

  @Test
  void everyKindIsTried() {
    Set<Class<?>> tried = new HashSet<>(elements().map(PlanElement::getClass).toList());
    assertThat(tried).containsExactlyInAnyOrder(PlanElement.class.getPermittedSubclasses());
    assertThat(elements().map(PlanElement::kind).distinct()).hasSize(tried.size());
  }

  @Test
  void accessorsGiveWhatWasSaid() {
    Route route = Route.to(Space.POD, Table.MAIN, Cidr.of("::/0"), ETH0).withVia(IpAddress.of("fe80::1")).withSource(ADDRESS_6)
        .withMetric(5).withOnlink();
    assertThat(route.space()).isEqualTo(Space.POD);
    assertThat(route.table()).isEqualTo(Table.MAIN);
    assertThat(route.destination()).isEqualTo(Cidr.of("::/0"));
    assertThat(route.device()).contains(ETH0);
    assertThat(route.via()).contains(IpAddress.of("fe80::1"));
    assertThat(route.source()).contains(ADDRESS_6);
    assertThat(route.metric()).hasValue(5);
    assertThat(route.onlink()).isTrue();
    assertThat(route.isAlone()).isFalse();
    assertThat(route.alone().isAlone()).isTrue();
    assertThat(route.type()).isEmpty();
    Translation translation = Translation.of(List.of(Cidr.of("10.0.0.0/16")), ADDRESS);
    assertThat(translation.sources()).containsExactly(Cidr.of("10.0.0.0/16"));
    assertThat(translation.exceptions()).isEmpty();
    assertThat(translation.ports()).isEmpty();
    ChildLink vlan = ChildLink.vlan("vlan7", Space.HOST, ENI, 7);
    assertThat(vlan.parent().eni()).contains("eni-1");
    assertThat(vlan.vlanId()).hasValue(7);
    assertThat(vlan.mac()).isEmpty();
    assertThat(vlan.mtu()).isEmpty();
    assertThat(vlan.mode()).isEmpty();
    RateLimit limit = RateLimit.fromPod(ETH0, 8, 9);
    assertThat(limit.direction()).isEqualTo("from-pod");
    assertThat(limit.rate()).isEqualTo(8);
    assertThat(limit.burst()).isEqualTo(9);
    Neighbour neighbour = Neighbour.ofDevice(Space.POD, ETH0, ADDRESS, Device.named("eni0"));
    assertThat(neighbour.mac()).isEmpty();
    assertThat(neighbour.peer()).contains(Device.named("eni0"));
    assertThat(VethPair.of("eth0", "eni0", 1500).podMac()).isEmpty();
  }

  @Test
  void anElementOfTomorrowIsKeptToTheLetter() {
    Fields fields = Fields.of(java.util.Map.of("x", List.of("y"), "deep", java.util.Map.of("n", 5)));
    DatapathPlan plan = DatapathPlan.of(PlanElement.of("element-of-tomorrow", fields));
    assertThat(DatapathPlan.of(plan.fields()).elements(UnknownElement.class)).singleElement()
        .satisfies(e -> assertThat(e.fields()).isEqualTo(fields));
    assertThat(plan.elements(UnknownElement.class).getFirst().kind()).isEqualTo("element-of-tomorrow");
  }

  @Test
  void devicesAndTablesHaveAForm() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Device("eth0")).withMessageContaining("eth0");
    assertThatIllegalArgumentException().isThrownBy(() -> new Table("254")).withMessageContaining("254");
    assertThatIllegalArgumentException().isThrownBy(() -> Table.own("a b"));
    assertThat(Arrays.asList(Table.MAIN, Table.PODS, Table.own("a-b.c"), Table.ofEni("eni-0a")))
        .extracting(Table::symbol).containsExactly("main", "pods", "own:a-b.c", "eni:eni-0a");
  }

  @Test
  void plansAreJoinedInOrder() {
    PlanElement one = ReturnPath.of("eni-1");
    PlanElement two = ReturnPath.of("eni-2");
    assertThat(DatapathPlan.of(one).and(DatapathPlan.of(two)).and(one).elements()).containsExactly(one, two, one);
    assertThat(DatapathPlan.empty().and(DatapathPlan.empty())).isEqualTo(DatapathPlan.empty());
    assertThat(DatapathPlan.of(DatapathPlan.empty().fields())).isEqualTo(DatapathPlan.empty());
  }
}
