package dev.patchbay.mode.secondaryip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.Rehearsal;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SecondaryIpModeTest {
  private static final IpAddress GATEWAY = IpAddress.of("169.254.1.1");

  private final TestEni second = TestEni.numbered(1, TestSubnet.numbered(2)).inLane(Lane.DEFAULT);
  private final TestNode node = node(TestNode.create());

  private TestNode node(TestNode bare) {
    return bare.withEni(bare.primaryEni().inLane(Lane.DEFAULT)).withEni(second);
  }

  private static SecondaryIpMode mode(Fields settings) {
    return new SecondaryIpMode(ModeUnderTest.of(new SecondaryIpProvider()).complete(settings));
  }

  private static Targets targets(Fields settings) {
    AddressPlan plan = mode(settings).plan(TestNode.create(), EniPlan.of(Lane.named(Lane.DEFAULT))).plan().orElseThrow();
    AddressSource source = plan.supply(Lane.DEFAULT, AddressFamily.IPV4).orElseThrow().source();
    assertThat(((AddressSource.Stock) source).units()).containsExactly(Unit.SINGLE);
    return ((AddressSource.Stock) source).targets();
  }

  @Test
  void isNoServiceOutsideAModule() {
    // The service is declared in the module descriptor alone, so the class path shows none.
    assertThat(ServiceLoader.load(NetworkModeProvider.class)).isEmpty();
  }

  @Test
  void oneLaneInTheNodesSubnetWithThePrimary() {
    assertThat(mode(Fields.empty()).plan(node)).isEqualTo(
        Answer.of(EniPlan.of(Lane.named("default").withPrimary(true))));
    assertThat(mode(Fields.empty().with("maxEni", 2)).plan(node)).isEqualTo(
        Answer.of(EniPlan.of(Lane.named("default").withPrimary(true).withMost(2))));
  }

  @Test
  void targetsFollowTheSettings() {
    assertThat(targets(Fields.empty())).isEqualTo(Targets.none().withWarmInterfaces(1));
    assertThat(targets(Fields.empty().with("warmEniTarget", 0))).isEqualTo(Targets.none().withWarmInterfaces(0));
    // Spec of aws-node: a target in addresses switches the one in interfaces off.
    assertThat(targets(Fields.empty().with("warmEniTarget", 3).with("warmIpTarget", 2)))
        .isEqualTo(Targets.none().withWarmAddresses(2).withMinimumAddresses(0));
    assertThat(targets(Fields.empty().with("minimumIpTarget", 10)))
        .isEqualTo(Targets.none().withWarmAddresses(0).withMinimumAddresses(10));
  }

  @Test
  void lanesWithoutPodsGetNoStock() {
    EniPlan lanes = EniPlan.of(Lane.named("default"), Lane.named("other"), Lane.named("trunk").withPods(false));
    assertThat(mode(Fields.empty()).plan(node, lanes).plan().orElseThrow().supplies())
        .extracting(AddressPlan.Supply::lane).containsExactly("default", "other");
  }

  @Test
  void refusesATypeWithoutSecondaryAddresses() {
    TestNode tiny = TestNode.create()
        .withInstanceType(new TestInstanceType("odd.tiny", List.of(1), 1, 0, false, false, 0, 1));
    assertThat(mode(Fields.empty()).plan(tiny)).isInstanceOfSatisfying(Answer.Refuse.class, refusal -> {
      assertThat(refusal.reason().code()).isEqualTo(Codes.INSTANCE_TYPE_UNSUITABLE);
      assertThat(refusal.reason().cause()).contains("odd.tiny");
    });
  }

  @Test
  void anAttachmentIsARoutedPair() {
    TestAttachment attachment =
        TestAttachment.of(node, TestPod.named("web")).withAddress("10.0.2.50", second);
    String host = attachment.hostInterfaceName();
    IpAddress own = IpAddress.of("10.0.2.50");
    Device eth0 = Device.named("eth0");
    assertThat(new SecondaryIpDatapath(false).attachment(attachment)).isEqualTo(Answer.of(DatapathPlan.of(
        VethPair.of("eth0", host, 9001),
        Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(Device.named(host)),
        Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_redirects", "0").withDevice(Device.named(host)),
        InterfaceAddress.of(Space.POD, eth0, own, 32),
        Route.to(Space.POD, Table.MAIN, Cidr.of("169.254.1.1/32"), eth0),
        Route.to(Space.POD, Table.MAIN, Cidr.of("0.0.0.0/0"), eth0).withVia(GATEWAY),
        Neighbour.ofDevice(Space.POD, eth0, GATEWAY, Device.named(host)),
        Delivery.of(own, Device.named(host)),
        SourceEgress.of(Cidr.of("10.0.2.50/32"), second.id()))));
  }

  private DatapathPlan planned(Fields capabilities) {
    return new SecondaryIpDatapath(false).attachment(TestAttachment.of(node, TestPod.named("web").withCapabilities(capabilities))
        .withAddress("10.0.2.50", second)).plan().orElseThrow();
  }

  private static Fields port(long host, long container) {
    return Fields.empty().with("hostPort", host).with("containerPort", container);
  }

  @Test
  void portsAreMapped() {
    IpAddress own = IpAddress.of("10.0.2.50");
    assertThat(planned(Fields.empty().with("portMappings", List.of(
        port(8080, 80),
        port(53, 5353).with("protocol", "UDP").with("hostIP", "10.0.1.10"),
        port(54, 54).with("hostIP", "0.0.0.0"),
        // Published for IPv6 only, and published nowhere.
        port(55, 55).with("hostIP", "::"),
        port(0, 9000)))).elements(PortMapping.class)).containsExactly(
            PortMapping.of("tcp", 8080, own, 80),
            PortMapping.of("udp", 53, own, 5353).withHostAddress(IpAddress.of("10.0.1.10")),
            PortMapping.of("tcp", 54, own, 54));
  }

  @Test
  void ratesAreLimited() {
    Device device = Device.named(TestAttachment.of(node, TestPod.named("web")).hostInterfaceName());
    assertThat(planned(Fields.empty().with("bandwidth", Fields.empty().with("ingressRate", 1_000_000)
        .with("ingressBurst", 80_000).with("egressRate", 2_000_000))).elements(RateLimit.class)).containsExactly(
            RateLimit.toPod(device, 1_000_000, 80_000),
            RateLimit.fromPod(device, 2_000_000, 2_000_000));
    assertThat(planned(Fields.empty().with("bandwidth", Fields.empty().with("ingressRate", 0).with("egressRate", 0)))
        .elements(RateLimit.class)).isEmpty();
  }

  @Test
  void whatCantBeIsRefusedInWords() {
    assertRefused(Fields.empty().with("portMappings", List.of(port(70_000, 80))), "70000");
    assertRefused(Fields.empty().with("portMappings", List.of(port(80, 0))), "port 0");
    assertRefused(Fields.empty().with("portMappings", List.of(port(80, 80).with("protocol", "icmp"))), "icmp");
    assertRefused(Fields.empty().with("portMappings", List.of(port(80, 80).with("hostIP", "localhost"))), "localhost");
    assertRefused(Fields.empty().with("bandwidth", Fields.empty().with("egressRate", -1)), "-1");
    assertRefused(Fields.empty().with("bandwidth", Fields.empty().with("egressRate", 1).with("egressBurst", -7)), "-7");
  }

  private void assertRefused(Fields capabilities, String named) {
    TestAttachment attachment = TestAttachment.of(node, TestPod.named("web").withCapabilities(capabilities))
        .withAddress("10.0.2.50", second);
    assertThat(new SecondaryIpDatapath(false).attachment(attachment)).isInstanceOfSatisfying(Answer.Refuse.class, refusal -> {
      assertThat(refusal.reason().code()).isEqualTo(Codes.POD_INVALID);
      assertThat(refusal.reason().cause()).contains(named);
    });
  }

  @Test
  void podsLeaveTheVpcAsTheNode() {
    TestNode excepting = node.withDatapath(Fields.empty().with("egress",
        Fields.empty().with("translate", true).with("exceptions", List.of("192.168.0.0/16", "fd00::/8", "10.0.0.0/16"))));
    DatapathPlan plan = new SecondaryIpDatapath(false).node(excepting).plan().orElseThrow();
    assertThat(plan.elements(Translation.class)).containsExactly(
        Translation.of(List.of(Cidr.of("10.0.1.0/24"), Cidr.of("10.0.2.0/24")), IpAddress.of("10.0.1.10"))
            .withExceptions(List.of(Cidr.of("10.0.0.0/16"), Cidr.of("192.168.0.0/16"))));
    assertThat(plan.elements(ReturnPath.class)).containsExactly(ReturnPath.of(node.primaryEni().id()));
    assertThat(plan.elements(Sysctl.class)).extracting(s -> s.device().orElseThrow() + " " + s.value())
        .containsExactly("eni:" + node.primaryEni().id() + " 2", "eni:" + second.id() + " 2");
  }

  @Test
  void translationCanBeLeftToOthers() {
    TestNode external = node.withDatapath(Fields.empty().with("egress", Fields.empty().with("translate", false)));
    assertThat(new SecondaryIpDatapath(false).node(external).plan().orElseThrow().elements(Translation.class)).isEmpty();
    assertThat(new SecondaryIpDatapath(false).node(node.withDatapath(Fields.empty())).plan().orElseThrow()
        .elements(Translation.class)).hasSize(1);
  }

  @Test
  void portsAndNodePortsAreTheOperatorsChoice() {
    TestNode chosen = node.withDatapath(
        Fields.empty().with("egress", Fields.empty().with("ports", "kernel").with("nodePorts", false)));
    DatapathPlan plan = new SecondaryIpDatapath(false).node(chosen).plan().orElseThrow();
    assertThat(plan.elements(ReturnPath.class)).isEmpty();
    assertThat(plan.elements(Translation.class)).singleElement().extracting(Translation::ports).isEqualTo(Optional.of("kernel"));
  }

  @Test
  void whatTheMainTableDecidesIsTheOperatorsChoiceToo() {
    List<String> networks = List.of("192.0.2.0/24", "2001:db8:1::/48");
    TestNode chosen = node.withDatapath(
        Fields.empty().with("egress", Fields.empty().with("translate", false).with("mainTable", networks)));
    assertThat(new SecondaryIpDatapath(false).node(chosen).plan().orElseThrow().elements(PolicyRule.class))
        .containsExactly(PolicyRule.of("egress", Table.MAIN).withTo(Cidr.of("192.0.2.0/24")));
  }

  @Test
  void withoutTheVpcsNetworksNothingIsTranslatedAndTheOperatorIsTold() {
    Answer<DatapathPlan> answer = new SecondaryIpDatapath(false).node(node.withVpcCidrs(Cidr.of("2001:db8::/56")));
    assertThat(answer.plan().orElseThrow().elements(Translation.class)).isEmpty();
    assertThat(((Answer.Planned<DatapathPlan>) answer).findings()).singleElement()
        .satisfies(finding -> assertThat(finding.subject()).contains(node.vpcId()));
  }

  @Test
  void podsDrawOnAllInterfacesAndLeaveByTheirOwn() {
    Rehearsal rehearsal = Rehearsal.of(ModeUnderTest.of(new SecondaryIpProvider()));
    List<String> interfaces = java.util.stream.IntStream.range(0, 6).mapToObj(i -> rehearsal.attach(TestPod.named("pod-" + i)))
        .map(a -> a.interfaces().getFirst().plan().elements(SourceEgress.class).getFirst().eni()).distinct().toList();
    assertThat(interfaces).hasSize(2);
  }

  @Test
  void ipv6EgressIsAHiddenAddressOfTheNodesOwnBlock() {
    SecondaryIpMode mode = mode(Fields.empty().with("ipv6Egress", true));
    EniPlan lanes = mode.plan(TestNode.create()).plan().orElseThrow();
    assertThat(lanes.lanes()).extracting(Lane::name).containsExactly(Lane.DEFAULT, "ipv6-egress");
    assertThat(mode.plan(TestNode.create(), lanes).plan().orElseThrow().supply("ipv6-egress", AddressFamily.IPV6).orElseThrow().source())
        .isEqualTo(AddressSource.local(Cidr.of("fd00::ac:0/118")));
    assertThat(mode.addresses(TestAttachment.of(TestNode.create(), TestPod.named("web"))).plan().orElseThrow())
        .extracting(r -> r.family() + " " + r.shown()).containsExactly("IPV4 true", "IPV6 false");
    assertThat(mode(Fields.empty()).plan(TestNode.create()).plan().orElseThrow().lanes()).hasSize(1);
  }
}
