package dev.patchbay.cluster.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.spi.net.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as left over, one condition after the other. */
class SweepTest {
  private static final String DEAD = "i-0000000000000dead";
  private static final String ALIVE = "i-000000000000a11fe";
  private static final Nodes NODES = new Nodes(true, Map.of("alive", ALIVE), List.of());
  private static final long GRACE = 600_000;

  private final Sweep sweep = new Sweep("shop", GRACE);

  private static EniRecord eni(Map<String, String> tags, Optional<EniRecord.Attachment> attachment, String status) {
    return new EniRecord("eni-1", MacAddress.of("02:00:00:00:00:01"), "interface", "subnet-1", List.of("sg-1"), Optional.empty(), List.of(),
        List.of(), attachment, tags, "", status);
  }

  private static Map<String, String> tags(String instance) {
    return new HashMap<>(Map.of(Marks.CLUSTER, "shop", Marks.TOKEN, "pb-1", Marks.INSTANCE, instance));
  }

  private static EniRecord left() {
    return eni(tags(DEAD), Optional.empty(), "available");
  }

  private static InstanceRecord instance(String id, String state) {
    return new InstanceRecord(id, state, "m5.large", "vpc-1", "a", List.of());
  }

  private static ClusterFacts facts(long at, EniRecord eni, InstanceRecord... instances) {
    return ClusterFacts.of(at, List.of(eni), List.of(instances), List.of(), List.of());
  }

  /** Three looks, the last two after the grace. */
  private Sweep.Found after(EniRecord eni, Nodes nodes, InstanceRecord... instances) {
    sweep.examine(facts(0, eni, instances), nodes, 100);
    sweep.examine(facts(GRACE + 200, eni, instances), nodes, GRACE + 300);
    return sweep.examine(facts(2 * GRACE, eni, instances), nodes, 2 * GRACE);
  }

  @Test
  void leftByATerminatedInstanceItGoesAfterTheGrace() {
    InstanceRecord gone = instance(DEAD, "terminated");
    Sweep.Found first = sweep.examine(facts(0, left(), gone), NODES, 100);
    assertThat(first.removals()).isEmpty();
    assertThat(first.waiting()).isEqualTo(1);
    assertThat(first.due()).contains(GRACE + 100);
    assertThat(sweep.examine(facts(GRACE, left(), gone), NODES, GRACE + 50).removals()).as("a look from before the grace was over").isEmpty();
    Sweep.Found last = sweep.examine(facts(GRACE + 100, left(), gone), NODES, GRACE + 200);
    assertThat(last.removals()).singleElement().satisfies(r -> {
      assertThat(r.eni()).isEqualTo("eni-1");
      assertThat(r.evidence()).isEqualTo("It is attached to nothing; its instance " + DEAD + " is terminated and no node is that instance,"
          + " and so it has been for 600 s.");
    });
    assertThat(last.waiting()).isZero();
  }

  @Test
  void leftByAnInstanceThatDoesNotExistItGoes() {
    assertThat(after(left(), NODES).removals()).hasSize(1);
  }

  @Test
  void oneLookIsNeverEnough() {
    Sweep quick = new Sweep("shop", 0);
    ClusterFacts look = facts(1, left());
    quick.examine(look, NODES, 2);
    assertThat(quick.examine(look, NODES, 1_000).removals()).as("the same look again").isEmpty();
    assertThat(quick.examine(facts(2_000, left()), NODES, 2_100).removals()).hasSize(1);
  }

  @Test
  void whatIsAttachedStays() {
    EniRecord attached = eni(tags(DEAD), Optional.of(new EniRecord.Attachment("a", DEAD, 1, 0, true)), "in-use");
    assertThat(after(attached, NODES, instance(DEAD, "terminated"))).isEqualTo(new Sweep.Found(List.of(), 0, List.of(), Optional.empty()));
    assertThat(after(eni(tags(DEAD), Optional.empty(), "attaching"), NODES).removals()).isEmpty();
  }

  @Test
  void whatIsOfAnotherClusterOrNotMarkedOrKeptStays() {
    Map<String, String> other = tags(DEAD);
    other.put(Marks.CLUSTER, "office");
    Map<String, String> unmarked = tags(DEAD);
    unmarked.remove(Marks.TOKEN);
    Map<String, String> kept = tags(DEAD);
    kept.put(Marks.NO_MANAGE, "true");
    for (Map<String, String> tags : List.of(other, unmarked, kept)) {
      assertThat(after(eni(tags, Optional.empty(), "available"), NODES)).as("%s", tags)
          .isEqualTo(new Sweep.Found(List.of(), 0, List.of(), Optional.empty()));
    }
  }

  @Test
  void whatCannotBeShownStaysAndIsSaid() {
    Map<String, String> nowhere = tags(DEAD);
    nowhere.remove(Marks.INSTANCE);
    assertThat(after(eni(nowhere, Optional.empty(), "available"), NODES).unproven()).singleElement()
        .satisfies(u -> assertThat(u.why()).contains(Marks.INSTANCE));
    assertThat(after(left(), NODES, instance(DEAD, "stopped")).unproven()).singleElement()
        .satisfies(u -> assertThat(u.why()).contains(DEAD + " is stopped"));
    assertThat(after(left(), new Nodes(true, Map.of(), List.of("odd"))).unproven()).singleElement()
        .satisfies(u -> assertThat(u.why()).contains("node odd has no spec.providerID"));
    assertThat(sweep.examine(hanging(Optional.of(new EniRecord.Attachment("a", ALIVE, 1, 0, true)), 2 * GRACE), NODES, 3 * GRACE).unproven())
        .singleElement().satisfies(u -> assertThat(u.why()).contains("eni-trunk"));
  }

  private static ClusterFacts hanging(Optional<EniRecord.Attachment> ofTrunk, long at) {
    EniRecord trunk = new EniRecord("eni-trunk", MacAddress.of("02:00:00:00:00:02"), "trunk", "subnet-1", List.of(), Optional.empty(),
        List.of(), List.of(), ofTrunk, Map.of(), "", ofTrunk.isPresent() ? "in-use" : "available");
    EniRecord branch = new EniRecord("eni-1", MacAddress.of("02:00:00:00:00:01"), "branch", "subnet-1", List.of(), Optional.empty(),
        List.of(), List.of(), Optional.empty(), tags(DEAD), "", "available");
    return ClusterFacts.of(at, List.of(trunk, branch), List.of(), List.of(), List.of(new AssociationRecord("assoc", "eni-1", "eni-trunk", 3)));
  }

  @Test
  void branchWhoseTrunkIsAttachedToNothingGoes() {
    sweep.examine(hanging(Optional.empty(), 0), NODES, 100);
    assertThat(sweep.examine(hanging(Optional.empty(), GRACE + 200), NODES, GRACE + 300).removals()).extracting(Sweep.Removal::eni)
        .containsExactly("eni-1");
  }

  @Test
  void whatALiveNodeHasDetachedIsTheNodes() {
    assertThat(after(eni(tags(ALIVE), Optional.empty(), "available"), NODES)).isEqualTo(
        new Sweep.Found(List.of(), 0, List.of(), Optional.empty()));
  }

  @Test
  void evidenceThatBreaksOffBeginsAnew() {
    sweep.examine(facts(0, left()), NODES, 100);
    sweep.examine(facts(GRACE / 2, left()), new Nodes(false, Map.of(), List.of()), GRACE / 2);
    assertThat(sweep.examine(facts(GRACE + 200, left()), NODES, GRACE + 300).removals()).as("nodes were not heard of for a while").isEmpty();
    sweep.examine(facts(GRACE + 400, left(), instance(DEAD, "running")), NODES, GRACE + 500);
    assertThat(sweep.examine(facts(2 * GRACE + 400, left()), NODES, 2 * GRACE + 500).removals()).as("it was running once").isEmpty();
    sweep.examine(facts(3 * GRACE, left()), new Nodes(true, Map.of("back", DEAD), List.of()), 3 * GRACE);
    assertThat(sweep.examine(facts(4 * GRACE, left()), NODES, 4 * GRACE).removals()).as("there was such a node once").isEmpty();
  }

  @Test
  void nothingIsKnownBeforeTheFirstLook() {
    assertThat(sweep.examine(ClusterFacts.NONE, NODES, 5)).isEqualTo(new Sweep.Found(List.of(), 0, List.of(), Optional.empty()));
  }
}
