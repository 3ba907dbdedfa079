package dev.patchbay.mode.customnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CustomNetModeTest {
  private static final String ZONE_LABEL = "topology.kubernetes.io/zone";
  private static final EniPlan PLANNED = EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true));

  static TestObject eniConfig(String name, String subnet, String... groups) {
    return TestObject.of(EniConfigs.KIND, "", name).withContent(Fields.empty()
        .with("spec", Fields.empty().with("subnet", subnet).with("securityGroups", List.of(groups))));
  }

  private static TestNode node(TestObject... objects) {
    TestObjects all = TestObjects.none().declaring(List.of(ObjectKind.NODE, EniConfigs.KIND));
    for (TestObject object : objects) {
      all = all.with(object);
    }
    return TestNode.create().withObjects(all);
  }

  private static CustomNetMode mode(Fields settings) {
    return new CustomNetMode(ModeUnderTest.of(new CustomNetProvider()).complete(settings));
  }

  private static Lane lane(Answer<EniPlan> answer, String name) {
    return answer.plan().orElseThrow().lane(name).orElseThrow();
  }

  @Test
  void podsLieWhereTheEniConfigSaysAndNotOnThePrimary() {
    Lane lane = lane(mode(Fields.empty()).modify(
        node(eniConfig("default", "subnet-00000000000000041", "sg-1", "sg-2")), PLANNED), Lane.DEFAULT);
    assertThat(lane.primary()).isFalse();
    assertThat(lane.origin()).isEqualTo(new LaneOrigin("ENIConfig", "default"));
    assertThat(lane.subnets()).isEqualTo(
        SubnetChoice.ids(List.of("subnet-00000000000000041"), SubnetChoice.Order.AS_WRITTEN));
    assertThat(lane.groups()).isEqualTo(GroupChoice.ids(List.of("sg-1", "sg-2")));
  }

  @Test
  void withoutGroupsItHasThoseOfThePrimary() {
    assertThat(lane(mode(Fields.empty()).modify(node(eniConfig("default", "subnet-00000000000000041")), PLANNED), Lane.DEFAULT)
        .groups().isOfPrimary()).isTrue();
  }

  @Test
  void theBasesLimitCountsThePrimaryIn() {
    EniPlan limited = EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true).withMost(3));
    assertThat(lane(mode(Fields.empty()).modify(node(eniConfig("default", "subnet-00000000000000041")), limited), Lane.DEFAULT)
        .most()).contains(2);
  }

  /** Spec of aws-node, custom networking: external label, annotation, label, the name default. */
  @Test
  void theNodeNamesItsEniConfigInTheOrderOfTheSpec() {
    TestNode node = node(eniConfig("default", "subnet-00000000000000041"), eniConfig("labelled", "subnet-00000000000000042"),
        eniConfig("annotated", "subnet-00000000000000043"), eniConfig("external", "subnet-00000000000000044"),
        eniConfig("zone-a", "subnet-00000000000000045"));
    assertThat(origin(node, Fields.empty())).isEqualTo("default");
    TestNode labelled = node.withObject(o -> o.withLabel("k8s.amazonaws.com/eniConfig", "labelled"));
    assertThat(origin(labelled, Fields.empty())).isEqualTo("labelled");
    TestNode annotated = labelled.withObject(o -> o.withAnnotation("k8s.amazonaws.com/eniConfig", "annotated"));
    assertThat(origin(annotated, Fields.empty())).isEqualTo("annotated");
    TestNode external = annotated.withObject(o -> o.withLabel("vpc.amazonaws.com/externalEniConfig", "external"));
    assertThat(origin(external, Fields.empty())).isEqualTo("external");
    assertThat(origin(node.withObject(o -> o.withLabel(ZONE_LABEL, "zone-a")), Fields.empty().with("label", ZONE_LABEL)))
        .isEqualTo("zone-a");
  }

  private static String origin(TestNode node, Fields settings) {
    return lane(mode(settings).modify(node, PLANNED), Lane.DEFAULT).origin().name();
  }

  private static void assertNoPlan(Answer<?> answer, Code code, String... words) {
    assertThat(answer.plan()).isEmpty();
    assertThat(Answers.reason(answer)).hasValueSatisfying(reason -> {
      assertThat(reason.code()).isEqualTo(code);
      assertThat(reason.cause()).contains(words);
      assertThat(reason.remedy()).isNotBlank();
    });
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    assertNoPlan(mode(Fields.empty()).modify(node(), PLANNED), Codes.OBJECT_MISSING, "ENIConfig default");
    assertNoPlan(mode(Fields.empty()).modify(node().withoutObject(), PLANNED), Codes.OBJECT_UNREADABLE, "Node object");
    assertNoPlan(mode(Fields.empty()).modify(node(eniConfig("default", "")), PLANNED), Codes.OBJECT_INVALID, "no subnet");
    assertNoPlan(mode(Fields.empty()).modify(node(eniConfig("default", "my-subnet")), PLANNED), Codes.OBJECT_INVALID, "my-subnet");
  }

  @Test
  void subnetsByIdOrTagNeedNoEniConfig() {
    Fields byId = Fields.empty().with("subnets", List.of("subnet-1", "subnet-2")).with("securityGroups", List.of("sg-9"));
    Lane lane = lane(mode(byId).modify(node(), PLANNED), Lane.DEFAULT);
    assertThat(lane.subnets()).isEqualTo(SubnetChoice.ids(List.of("subnet-1", "subnet-2"), SubnetChoice.Order.MOST_FREE));
    assertThat(lane.groups()).isEqualTo(GroupChoice.ids(List.of("sg-9")));
    Fields byTag = Fields.empty().with("subnetTags", Fields.empty().with("kubernetes.io/role/cni", "1"))
        .with("order", "prefix-friendly").with("securityGroupTags", Fields.empty().with("pods", "yes"));
    Lane tagged = lane(mode(byTag).modify(node(), PLANNED), Lane.DEFAULT);
    assertThat(tagged.subnets().tags()).containsEntry("kubernetes.io/role/cni", "1");
    assertThat(tagged.subnets().order()).isEqualTo(SubnetChoice.Order.PREFIX_FRIENDLY);
    assertThat(tagged.groups().tags()).containsEntry("pods", "yes");
  }

  @Test
  void discoveryLeavesOutWhatIsExcludedAndWhatIsForOtherClusters() {
    SubnetChoice found = lane(mode(Fields.empty().with("discoverSubnets", true)).modify(node(), PLANNED), Lane.DEFAULT).subnets();
    assertThat(admits(found, Map.of("kubernetes.io/role/cni", "1"), false)).isTrue();
    assertThat(admits(found, Map.of("kubernetes.io/role/cni", "0"), false)).isFalse();
    assertThat(admits(found, Map.of(), false)).isFalse();
    // The node's own needs no tag, and is left out by one.
    assertThat(admits(found, Map.of(), true)).isTrue();
    assertThat(admits(found, Map.of("kubernetes.io/role/cni", "0"), true)).isFalse();
    assertThat(admits(found, Map.of("kubernetes.io/role/cni", "1", "cni.networking.k8s.aws/cluster/other", ""), false)).isFalse();
    assertThat(admits(found, Map.of("cni.networking.k8s.aws/cluster/other", ""), true)).isFalse();
    assertThat(admits(found, Map.of("kubernetes.io/role/cni", "1", "cni.networking.k8s.aws/cluster/other", "",
        "cni.networking.k8s.aws/cluster/ours", ""), false)).isTrue();
    assertThat(found.admits("subnet-9", Map.of("kubernetes.io/role/cni", "1", "cni.networking.k8s.aws/cluster/other", ""), false, ""))
        .isTrue();
    assertThatThrownBy(() -> mode(Fields.empty().with("discoverSubnets", true).with("subnets", List.of("subnet-1"))))
        .isInstanceOf(SettingException.class).hasMessageContaining("more than one way");
  }

  private static boolean admits(SubnetChoice choice, Map<String, String> tags, boolean ofNode) {
    return choice.admits("subnet-9", tags, ofNode, "ours");
  }

  @Test
  void anInterfaceWhoseSubnetHasLostItsTagIsNamed() {
    TestEni old = TestEni.numbered(1, TestSubnet.numbered(2).withTags(Map.of("kubernetes.io/role/cni", "0"))).inLane(Lane.DEFAULT);
    Answer<EniPlan> plan = mode(Fields.empty().with("discoverSubnets", true)).modify(node().withEni(old), PLANNED);
    assertThat(((Answer.Planned<EniPlan>) plan).findings()).singleElement().satisfies(f -> assertThat(f.subject()).contains(old.id()));
  }

  private static Fields webLane() {
    return Fields.empty().with("subnets", List.of("subnet-1")).with("namespaces", Fields.empty().with("web",
        Fields.empty().with("namespaces", List.of("shop", "cart")).with("eniConfig", "web")));
  }

  @Test
  void podsOfANamespaceHaveTheirOwnLane() {
    TestNode node = node(eniConfig("web", "subnet-00000000000000046"));
    Answer<EniPlan> plan = mode(webLane()).modify(node, PLANNED);
    assertThat(plan.plan().orElseThrow().lanes()).extracting(Lane::name).containsExactly("default", "web");
    assertThat(lane(plan, "web").origin()).isEqualTo(new LaneOrigin("ENIConfig", "web"));
    assertThat(lane(plan, "web").primary()).isFalse();
    assertThat(mode(webLane()).choose(TestAttachment.of(node, TestPod.named("a").inNamespace("shop"))))
        .isEqualTo(Answer.of("web"));
    assertThat(mode(webLane()).choose(TestAttachment.of(node, TestPod.named("a").inNamespace("other"))))
        .isEqualTo(Answer.pass());
  }

  @Test
  void aNamespacesMissingEniConfigHoldsUpItsPodsAndNobodyElse() {
    Answer<EniPlan> plan = mode(webLane()).modify(node(), PLANNED);
    assertThat(plan.plan().orElseThrow().lanes()).extracting(Lane::name).containsExactly("default");
    assertThat(((Answer.Planned<EniPlan>) plan).findings()).singleElement()
        .satisfies(f -> assertThat(f.code()).isEqualTo(Codes.OBJECT_MISSING));
    assertNoPlan(mode(webLane()).choose(TestAttachment.of(node(), TestPod.named("a").inNamespace("shop"))),
        Codes.OBJECT_MISSING, "ENIConfig web");
    assertThat(mode(webLane()).choose(TestAttachment.of(node(), TestPod.named("a")))).isEqualTo(Answer.pass());
  }

  @Test
  void interfacesThatLieElsewhereAreNamed() {
    TestEni old = TestEni.numbered(1, TestSubnet.numbered(2)).inLane(Lane.DEFAULT);
    TestNode node = node(eniConfig("default", "subnet-00000000000000041")).withEni(old);
    Answer<EniPlan> plan = mode(Fields.empty()).modify(node, PLANNED);
    assertThat(((Answer.Planned<EniPlan>) plan).findings()).singleElement().satisfies(f -> {
      assertThat(f.code()).isEqualTo(Place.DIFFERS);
      assertThat(f.subject()).contains(old.id());
      assertThat(f.cause()).contains(old.subnet().id(), "subnet-00000000000000041");
    });
    TestNode there = node(eniConfig("default", old.subnet().id())).withEni(old);
    assertThat(((Answer.Planned<EniPlan>) mode(Fields.empty()).modify(there, PLANNED)).findings()).isEmpty();
  }

  @Test
  void lanesThatContradictOneAnotherAreRefused() {
    Fields both = Fields.empty().with("namespaces", List.of("a")).with("eniConfig", "x").with("subnets", List.of("subnet-1"));
    assertWrong(Fields.empty().with("web", both), "both an ENIConfig and");
    assertWrong(Fields.empty().with("web", both.without("eniConfig").without("subnets")), "neither");
    assertWrong(Fields.empty().with("web", both.without("subnets").without("namespaces")), "no namespaces");
    assertWrong(Fields.empty().with("default", both.without("subnets")), "default");
    assertWrong(Fields.empty().with("one", both.without("subnets")).with("two", both.without("subnets")), "one and two");
  }

  private static void assertWrong(Fields lanes, String words) {
    assertThatThrownBy(() -> mode(Fields.empty().with("namespaces", lanes))).isInstanceOf(SettingException.class)
        .hasMessageContaining(words);
  }
}
