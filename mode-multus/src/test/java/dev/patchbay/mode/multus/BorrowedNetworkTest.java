package dev.patchbay.mode.multus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestHeldAddress;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Networks upon interfaces of the node that others manage, with addresses of ours. */
class BorrowedNetworkTest {
  private static final TestEni LENT = TestEni.numbered(7, TestSubnet.numbered(7)).withId("eni-lent").withDevices("eth5", "eth5.7");
  private static final String LANE = "borrowed.eni-lent";

  private static MultusMode mode() {
    return new MultusMode(ModeUnderTest.of(new MultusProvider()).complete(Fields.empty()));
  }

  private static TestNode node(String config) {
    return Nets.node(Nets.of("upon", config)).withEni(LENT);
  }

  private static Answer<List<ExtraAttachment>> extras(TestNode node, String networks) {
    TestPod pod = TestPod.named("wide").withAnnotation(Annotation.NETWORKS, networks.replace('\'', '"'));
    return mode().extras(TestAttachment.of(node, pod).withAddress("10.0.1.17", node.primaryEni()));
  }

  private static TestAttachment made(TestNode node, String networks) {
    TestPod pod = TestPod.named("wide").withAnnotation(Annotation.NETWORKS, networks.replace('\'', '"'));
    ExtraAttachment extra = extras(node, networks).plan().orElseThrow().getFirst();
    TestAttachment bare = TestAttachment.of(node, pod).withAddress("10.0.1.17", node.primaryEni())
        .next(extra.interfaceName(), extra.request());
    for (AddressRequest request : mode().addresses(bare).plan().orElseThrow()) {
      IpAddress address = LENT.subnet().cidrs(request.family()).getFirst().at(60);
      bare = bare.withAddress(new TestHeldAddress(address, Optional.of(LENT), LANE, request));
    }
    return bare;
  }

  private static String configuration(TestAttachment attachment) {
    DatapathPlan plan = mode().attachment(attachment).plan().orElseThrow();
    return plan.elements(Act.class).getFirst().configuration().orElseThrow();
  }

  private static Finding refusal(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Refuse.class);
    return ((Answer.Refuse<?>) answer).reason();
  }

  @Test
  void theInterfaceOfItsMasterIsBorrowedForAddressesAlone() {
    TestNode node = node(Nets.UPON);
    EniPlan plan = mode().plan(node).plan().orElseThrow();
    Lane lane = plan.lane(LANE).orElseThrow();
    assertThat(lane.borrowed()).containsExactly("eni-lent");
    assertThat(lane.owner()).isEqualTo(Lane.Owner.OTHER);
    assertThat(mode().plan(node, plan).plan().orElseThrow().supply(LANE, AddressFamily.IPV4)).isPresent();
    assertThat(mode().addresses(made(node, "upon")).plan().orElseThrow())
        .containsExactly(AddressRequest.from(LANE, AddressFamily.IPV4).inRole(AddressRequest.ROLE_PLUGIN));
  }

  @Test
  void twoNetworksUponOneInterfaceShareItsLane() {
    TestNode node = Nets.node(Nets.of("one", Nets.UPON), Nets.of("two", Nets.UPON.replace("ipvlan", "macvlan"))).withEni(LENT);
    EniPlan plan = mode().plan(node).plan().orElseThrow();
    assertThat(plan.lanes()).hasSize(1);
    assertThat(mode().plan(node, plan).plan().orElseThrow().supplies()).hasSize(1);
  }

  @Test
  void thePluginIsToldTheAddressAsStaticAddressManagementHasIt() {
    assertThat(configuration(made(node(Nets.UPON), "upon"))).contains("\"type\":\"ipvlan\",\"master\":\"eth5\"",
        "\"ipam\":{\"type\":\"static\",\"addresses\":[{\"address\":\"10.0.7.60/24\",\"gateway\":\"10.0.7.1\"}],"
            + "\"routes\":[{\"dst\":\"10.9.0.0/16\"}]}");
  }

  @Test
  void aListIsToldWhereItAsksAndBothFamiliesWhereBothAreAskedFor() {
    String list = "{\"cniVersion\":\"1.0.0\",\"plugins\":[{\"type\":\"ipvlan\",\"master\":\"eth5\",\"ipam\":{\"type\":\"patchbay-cni\","
        + "\"families\":[\"IPv4\",\"IPv6\"]}},{\"type\":\"sbr\"}]}";
    TestAttachment made = made(node(list), "upon");
    assertThat(made.addresses()).hasSize(2);
    assertThat(configuration(made)).contains("\"address\":\"10.0.7.60/24\"", "\"gateway\":\"fe80:ec2::1\"", "{\"type\":\"sbr\"}");
  }

  @Test
  void theDefaultRouteGoesToTheRouterOfItsSubnetWhereThePodMovesItThere() {
    TestAttachment made = made(node(Nets.UPON), "[{'name':'upon','default-route':[]}]")
        .withOutcome(Plugins.ACT, Nets.outcome("net1", "10.0.7.60/24", ""));
    assertThat(mode().attachment(made).plan().orElseThrow().elements(Route.class)).singleElement()
        .satisfies(route -> assertThat(route.via()).contains(IpAddress.of("10.0.7.1")));
  }

  @Test
  void thePodsFirstInterfaceMayBeOfSuchANetwork() {
    TestNode node = node(Nets.UPON);
    TestAttachment bare = TestAttachment.of(node, TestPod.named("first").withAnnotation(Annotation.DEFAULT_NETWORK, "default/upon"));
    AddressRequest request = mode().addresses(bare).plan().orElseThrow().getFirst();
    TestAttachment made = bare.withAddress(new TestHeldAddress(IpAddress.of("10.0.7.61"), Optional.of(LENT), LANE, request));
    assertThat(configuration(made)).contains("10.0.7.61/24");
  }

  @Test
  void whatCannotBeIsRefusedInWords() {
    assertThat(refusal(extras(Nets.node(Nets.of("upon", Nets.UPON)), "upon")).cause()).contains("default/upon", "eth5");
    TestNode used = Nets.node(Nets.of("upon", Nets.UPON)).withEni(LENT.inLane("default"));
    assertThat(refusal(extras(used, "upon")).cause()).contains("eth5", "eni-lent", "Patchbay uses itself");
    TestNode first = Nets.node(Nets.of("upon", Nets.UPON));
    assertThat(refusal(extras(first.withEni(first.primaryEni().withDevices("eth5")), "upon")).cause()).contains("Patchbay uses itself");
    assertThat(refusal(extras(node(Nets.UPON), "[{'name':'upon','ips':['10.0.7.9/24']}]")).code()).isEqualTo(Refusal.NETWORK_INCAPABLE);
    assertThat(refusal(extras(node(Nets.UPON), "[{'name':'upon','cni-args':{'ips':['10.0.7.9/24']}}]")).code())
        .isEqualTo(Refusal.NETWORK_INCAPABLE);
    for (String wrong : List.of(Nets.UPON.replace("\"master\":\"eth5\",", ""), Nets.UPON.replace("routes", "rutes"),
        Nets.UPON.replace("10.9.0.0/16", "x"))) {
      assertThat(refusal(extras(node(wrong), "upon")).code()).as(wrong).isEqualTo(Refusal.NETWORK_INVALID);
      assertThat(((Answer.Planned<?>) mode().plan(node(wrong))).findings()).as(wrong).singleElement()
          .satisfies(f -> assertThat(f.subject()).contains("default/upon"));
    }
    // Of a node without such an interface there is nothing to tell before a pod asks.
    assertThat(((Answer.Planned<?>) mode().plan(Nets.node(Nets.of("upon", Nets.UPON)))).findings()).isEmpty();
    assertThat(Set.copyOf(mode().plan(used).plan().orElseThrow().lanes())).isEmpty();
  }
}
