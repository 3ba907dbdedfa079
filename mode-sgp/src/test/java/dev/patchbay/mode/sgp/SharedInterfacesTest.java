package dev.patchbay.mode.sgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestHeldAddress;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedInterfacesTest {
  private static final String RED = "sg-0000000000000000a";
  private static final String BLUE = "sg-0000000000000000b";
  private static final Fields ALLOWED = Fields.empty().with("withoutTrunk", "shared-eni").with("sharedInterfaces", 2);

  private static SgpMode mode(Fields settings) {
    return new SgpMode(ModeUnderTest.of(new SgpProvider()).complete(settings));
  }

  private static TestObject policy(String app, String... groups) {
    return TestObject.of(Policies.KIND, "default", app).withContent(Fields.empty().with("spec", Fields.empty()
        .with("podSelector", Fields.empty().with("matchLabels", Fields.empty().with(app, "yes")))
        .with("securityGroups", Fields.empty().with("groupIds", List.of(groups)))));
  }

  private static TestPod pod(String name, String... labels) {
    TestPod pod = TestPod.named(name).withObject(SgpModeTest::asking);
    for (String label : labels) {
      pod = pod.withLabel(label, "yes");
    }
    return pod;
  }

  private static TestNode node(TestInstanceType type, TestObject... more) {
    TestObjects all = TestObjects.none().declaring(List.of(ObjectKind.POD, ObjectKind.SERVICE_ACCOUNT, Policies.KIND, CniNodes.KIND,
        EniConfigs.KIND)).with(policy("red", RED)).with(policy("blue", BLUE, RED));
    for (TestObject object : more) {
      all = all.with(object);
    }
    return TestNode.create().withInstanceType(type).withVpcCidrs(Cidr.of("10.0.0.0/16")).withObjects(all);
  }

  private static TestObject object(TestPod pod) {
    return (TestObject) pod.object().orElseThrow();
  }

  private static EniPlan lanes(TestNode node) {
    return mode(ALLOWED).plan(node).plan().orElseThrow();
  }

  private static TestEni shared(int number, String lane, String... groups) {
    return TestEni.numbered(number, TestSubnet.numbered(1)).withGroups(groups).inLane(lane);
  }

  @Test
  void eachSetOfGroupsHasItsLaneAndTheOthersPlacesAreKept() {
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(pod("a", "red")), object(pod("b", "red")), object(pod("both", "red", "blue")),
        object(pod("none", "green")), object(TestPod.named("unasked").withLabel("blue", "yes")));
    EniPlan plan = lanes(node);
    assertThat(plan.lanes()).extracting(Lane::name).containsExactly("sgp." + RED, "sgp." + RED + "." + BLUE);
    assertThat(plan.lanes()).allSatisfy(lane -> {
      assertThat(lane.owner()).isEqualTo(Lane.Owner.NODE);
      assertThat(lane.reserve()).isEqualTo(1);
    });
    assertThat(plan.lanes().getLast().groups().ids()).containsExactly(RED, BLUE);
    EniPlan without = lanes(node(TestInstanceType.T2_MEDIUM));
    assertThat(without.lanes()).singleElement().satisfies(lane -> {
      assertThat(lane.pods()).isFalse();
      assertThat(lane.reserve()).isEqualTo(2);
    });
    assertThat(mode(Fields.empty()).plan(node)).isInstanceOf(Answer.Refuse.class);
  }

  @Test
  void whatIsLeftOfASetKeepsItsLaneAndItsPlace() {
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(pod("a", "red")), object(pod("both", "red", "blue")))
        .withEni(shared(7, "sgp.sg-0000000000000000f", "sg-0000000000000000f"));
    EniPlan plan = lanes(node);
    assertThat(plan.lanes()).extracting(lane -> lane.name() + " " + lane.reserve())
        .containsExactly("sgp.sg-0000000000000000f 1", "sgp." + RED + " 1", "sgp." + RED + "." + BLUE + " 0");
    TestEni late = TestEni.numbered(7, TestSubnet.numbered(1)).withGroups(BLUE).withTags(Map.of("patchbay.dev/lane", "sgp." + BLUE));
    assertThat(lanes(node(TestInstanceType.T2_MEDIUM).withEni(late)).lane("sgp." + BLUE)).isPresent();
  }

  @Test
  void aTypeThatCarriesATrunkSharesOnceTheControllerSaysSoAndNoLonger() {
    TestPod pod = pod("a", "red");
    TestNode asked = node(TestInstanceType.M5_LARGE, object(pod));
    assertThat(lanes(asked).lanes()).extracting(Lane::name).containsExactly(SgpMode.TRUNK, SgpMode.BRANCHES);
    assertThat(mode(ALLOWED).addresses(TestAttachment.of(asked, pod))).as("it waits for the annotation").isInstanceOf(Answer.Wait.class);
    TestObject state = TestObject.of(CniNodes.KIND, "", asked.name()).withContent(Fields.empty().with("status", Fields.empty().with("conditions",
        List.of(Fields.empty().with("type", "TrunkReady").with("status", "False").with("reason", "SharedInterfaces")))));
    TestNode told = node(TestInstanceType.M5_LARGE, object(pod), state);
    assertThat(lanes(told).lanes()).extracting(Lane::name).containsExactly("sgp." + RED, "shared");
    assertThat(mode(ALLOWED).addresses(TestAttachment.of(told, pod)).plan()).isPresent();
    TestNode trunked = SgpContractTest.withTrunk(told).withEni(shared(7, "sgp." + RED, RED));
    assertThat(lanes(trunked).lanes()).as("those that run keep their lane").extracting(Lane::name)
        .containsExactly(SgpMode.TRUNK, SgpMode.BRANCHES, "sgp." + RED);
    assertThat(mode(ALLOWED).addresses(TestAttachment.of(trunked, pod))).isInstanceOf(Answer.Wait.class);
    assertThat(mode(ALLOWED).plan(asked.withObjects(asked.objects().unheard(CniNodes.KIND)))).as("what was planned holds")
        .isInstanceOf(Answer.Wait.class);
  }

  @Test
  void aPodHasAnAddressOfTheLaneOfItsGroups() {
    TestPod both = pod("both", "red", "blue");
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(both));
    assertThat(mode(ALLOWED).claim(TestAttachment.of(node, both)).plan()).contains(Set.of(AddressFamily.IPV4, AddressFamily.IPV6));
    assertThat(mode(ALLOWED).addresses(TestAttachment.of(node, both)).plan().orElseThrow()).singleElement().satisfies(request -> {
      assertThat(request.lane()).contains("sgp." + RED + "." + BLUE);
      assertThat(request.particular()).isEmpty();
    });
    assertThat(mode(ALLOWED.with("branchIpv6", true)).addresses(TestAttachment.of(node, both)).plan().orElseThrow())
        .extracting(AddressRequest::family).containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
    assertThat(mode(ALLOWED).claim(TestAttachment.of(node, TestPod.named("unasked").withLabel("red", "yes")))).as("as with branches")
        .isInstanceOf(Answer.Refuse.class);
  }

  @Test
  void whatHasNoGroupsOrOddOnesIsRefusedInWords() {
    TestNode node = node(TestInstanceType.T2_MEDIUM, policy("odd", "web"));
    Answer<?> none = mode(ALLOWED).addresses(TestAttachment.of(node, pod("none", "green")));
    assertThat(Answers.reason(none)).hasValueSatisfying(r -> assertThat(r.code()).isEqualTo(SharedInterfaces.NOTHING_MATCHES));
    Answer<?> odd = mode(ALLOWED).addresses(TestAttachment.of(node, pod("odd", "odd")));
    assertThat(Answers.reason(odd)).hasValueSatisfying(r -> {
      assertThat(r.code()).isEqualTo(Codes.OBJECT_INVALID);
      assertThat(r.cause()).contains("\"web\"");
    });
    assertThat(lanes(node.withObjects(node.objects().with(object(pod("odd", "odd"))))).lanes()).hasSize(1);
  }

  @Test
  void namesOfLanesFitAndTellSetsApart() {
    GroupSet three = GroupSet.of(List.of(RED, BLUE, "sg-0000000000000000c"));
    assertThat(three.lane()).hasSizeLessThan(64).isNotEqualTo(GroupSet.of(List.of(RED, BLUE, "sg-0000000000000000d")).lane())
        .isEqualTo(GroupSet.of(List.of("sg-0000000000000000c", BLUE, RED, RED)).lane());
    assertThat(GroupSet.isLane(three.lane())).isTrue();
  }

  @Test
  void whereThePodsLieElsewhereSoDoTheirSharedInterfaces() {
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(pod("a", "red")), TestObject.of(EniConfigs.KIND, "", "zone-a")
        .withContent(Fields.empty().with("spec", Fields.empty().with("subnet", "subnet-0000000000000000c"))))
            .withLane(Lane.DEFAULT, new LaneOrigin("ENIConfig", "zone-a"));
    assertThat(lanes(node).lanes().getFirst().subnets().ids()).containsExactly("subnet-0000000000000000c");
  }

  private static DatapathPlan path(Fields settings, TestEni eni, TestNode node) {
    SgpMode mode = mode(settings);
    TestAttachment bare = TestAttachment.of(node, pod("a", "red"));
    AddressRequest request = mode.addresses(bare).plan().orElseThrow().getFirst();
    Answer<DatapathPlan> answer = mode.attachment(bare.withAddress(new TestHeldAddress(TestSubnet.numbered(1).cidrs(AddressFamily.IPV4)
        .getFirst().at(77), java.util.Optional.of(eni), request.lane().orElseThrow(), request)));
    return answer.plan().orElseThrow(() -> new AssertionError("" + Answers.reason(answer)));
  }

  @Test
  void strictSendsWhatGoesIntoTheVpcByTheInterfaceAndLetsOthersInByItAlone() {
    TestEni eni = shared(7, "sgp." + RED, RED);
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(pod("a", "red"))).withEni(eni);
    DatapathPlan strict = path(ALLOWED, eni, node);
    assertThat(strict.elements(Delivery.class)).isEmpty();
    assertThat(strict.elements(PolicyRule.class)).allSatisfy(rule -> assertThat(rule.table().symbol()).isEqualTo("eni:" + eni.id()))
        .extracting(rule -> rule.to().orElseThrow().toString()).containsExactly("10.0.0.0/16", "10.0.1.77/32", "10.0.1.77/32");
    assertThat(strict.elements(Route.class)).filteredOn(r -> r.space() == Space.HOST).singleElement()
        .satisfies(r -> assertThat(r.destination()).hasToString("10.0.1.77/32"));
    DatapathPlan whole = path(ALLOWED, eni, node.withDatapath(Fields.empty().with("egress", Fields.empty().with("translate", false))));
    assertThat(whole.elements(PolicyRule.class)).extracting(rule -> rule.to().orElseThrow().toString()).contains("0.0.0.0/0");
    assertThat(path(ALLOWED.with("enforcing", "standard"), eni, node).elements(Delivery.class)).hasSize(1);
    assertThat(mode(ALLOWED).node(node).plan().orElseThrow().elements(Route.class)).extracting(r -> r.destination().toString())
        .contains("169.254.0.0/16", node.primaryEni().primaryAddress(AddressFamily.IPV4).orElseThrow() + "/32");
    assertThat(mode(ALLOWED).node(node(TestInstanceType.T2_MEDIUM)).plan()).contains(DatapathPlan.empty());
  }

  @Test
  void anInterfaceWhoseGroupsSomebodyHasChangedGetsNoPod() {
    TestEni altered = shared(7, "sgp." + RED, BLUE);
    TestNode node = node(TestInstanceType.T2_MEDIUM, object(pod("a", "red"))).withEni(altered);
    assertThatThrownBy(() -> path(ALLOWED, altered, node)).hasMessageContaining("SharedInterfaceAltered").hasMessageContaining(RED)
        .hasMessageContaining(BLUE);
    assertThat(lanes(node).lane("sgp." + RED)).as("the lane is for what its name says")
        .hasValueSatisfying(lane -> assertThat(lane.groups().ids()).containsExactly(RED));
  }

  @Test
  void eksControllerGivesSuchNodesNoRoomSoItIsNotAllowedThere() {
    assertThatThrownBy(() -> mode(ALLOWED.with("controller", "eks"))).isInstanceOf(SettingException.class)
        .hasMessageContaining("EKS's controller");
  }

  @Test
  void theKernelNeedsVlansOnlyWhereEachNodeIsToHaveATrunk() {
    Fields defaults = new SgpProvider().descriptor().defaults();
    assertThat(new SgpProvider().descriptor().under(List.of(defaults)).needs().kernelFeatures()).contains("8021q");
    assertThat(new SgpProvider().descriptor().under(List.of(defaults.with("withoutTrunk", "shared-eni"))).needs()).satisfies(needs -> {
      assertThat(needs.kernelFeatures()).doesNotContain("8021q");
      assertThat(needs.kernelFeaturesOfSome()).contains("8021q");
      assertThat(needs.nodeActions()).contains("CreateNetworkInterface");
    });
  }
}
