package dev.patchbay.mode.sgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrunkRequestTest {
  private static Fields feature(String name, String value) {
    return Fields.empty().with("name", name).with("value", value);
  }

  private static TestObjects objects() {
    return TestObjects.none().declaring(List.of(SgpProvider.CNI_NODE));
  }

  private static TestNode with(TestNode node, Fields... features) {
    return node.withObjects(objects().with(TestObject.of(SgpProvider.CNI_NODE, "", node.name())
        .withContent(Fields.empty().with("spec", Fields.empty().with("features", List.of(features))))));
  }

  private static ObjectPlan plan(TestNode node) {
    return new TrunkRequest().node(node).plan().orElseThrow();
  }

  private static List<Fields> features(ObjectPlan plan) {
    return plan.patches().getFirst().content().fields("spec").list("features");
  }

  @Test
  void aTrunkIsAskedForBesideWhatOthersWrote() {
    ObjectPlan plan = plan(with(TestNode.create(), feature("Other", "x")));
    assertThat(plan.patches()).singleElement().satisfies(p -> assertThat(p.subresource()).isEmpty());
    assertThat(features(plan)).containsExactly(feature("Other", "x"), feature("SecurityGroupsForPods", ""));
  }

  @Test
  void whatIsThereIsNotAskedForAgain() {
    assertThat(plan(with(TestNode.create(), feature("SecurityGroupsForPods", "")))).isEqualTo(ObjectPlan.empty());
  }

  @Test
  void anObjectIsMadeWhereThereIsNoneAndNothingSaidBeforeThatIsKnown() {
    assertThat(plan(TestNode.create().withObjects(objects())).patches()).singleElement()
        .satisfies(p -> assertThat(p.subresource()).isEqualTo(ObjectPlan.CREATE));
    assertThat(plan(TestNode.create().withObjects(objects().unheard(SgpProvider.CNI_NODE)))).isEqualTo(ObjectPlan.empty());
  }

  @Test
  void aTypeWithoutTrunkingAsksTooSoThatItsObjectSaysWhatBecomesOfPods() {
    assertThat(plan(TestNode.create().withInstanceType(TestInstanceType.T3_NANO).withObjects(objects())).patches()).hasSize(1);
  }

  @Test
  void whereBranchesLieIsThePlaceOfTheNodesPods() {
    TestNode moved = with(TestNode.create().withLane(Lane.DEFAULT, new LaneOrigin("ENIConfig", "zone-b")), feature("CustomNetworking", "zone-a"));
    assertThat(features(plan(moved))).containsExactly(feature("CustomNetworking", "zone-b"), feature("SecurityGroupsForPods", ""));
  }
}
