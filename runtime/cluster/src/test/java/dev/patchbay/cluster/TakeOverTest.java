package dev.patchbay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.view.Marks;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlan.DesiredEni;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.cluster.ClusterView.ClusterEniView;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** An interface goes over from one key to another, and planners see what is in the way of what they want. */
class TakeOverTest {
  private final List<Optional<Finding>> obstacles = new ArrayList<>();
  private Function<ClusterView, List<DesiredEni>> wants = view -> List.of();
  /** The key under which what it has made is to be removed. */
  private String removes = "";

  private final class Asked implements NetworkMode, ClusterPlanner {
    @Override
    public Optional<ClusterPlanner> clusterPlanner() {
      return Optional.of(this);
    }

    @Override
    public List<String> keys(ClusterView cluster) {
      return List.of("n1");
    }

    @Override
    public Answer<ClusterPlan> plan(ClusterView cluster, String key) {
      obstacles.add(cluster.obstacle("a"));
      ClusterPlan plan = ClusterPlan.empty();
      for (DesiredEni eni : wants.apply(cluster)) {
        plan = plan.withEni(eni);
      }
      for (ClusterEniView eni : cluster.enis(key)) {
        if (eni.key().equals(Optional.of(removes))) {
          plan = plan.withRemoval(eni.id(), "Nobody has it.");
        }
      }
      return Answer.of(plan);
    }
  }

  private static DesiredEni eni(String key, String type, int vlan, String group) {
    return new DesiredEni(key, type, "n1", SubnetChoice.ofNode(), GroupChoice.ids(List.of(group)), Optional.of(vlan).filter(v -> v > 0), Map.of());
  }

  private Harness begun() {
    Harness harness = new Harness(new ModeInstance("asked", "0.1.0", ModeDescriptor.of("Wants what it is told.").clusterReads(ObjectKind.NODE)
        .build(), new Asked()));
    harness.node("n1", harness.cloud.launch(1));
    harness.heard(ObjectKind.NODE);
    return harness;
  }

  private static EniRecord of(Harness harness, String key) {
    return harness.cloud.enis.values().stream().filter(e -> key.equals(e.tags().get(Marks.KEY))).findFirst().orElseThrow();
  }

  private static long count(Harness harness, Class<? extends CloudCall> type) {
    return harness.cloud.calls.stream().filter(type::isInstance).count();
  }

  @Test
  void whatNobodyWantsUnderItsKeyIsTakenOverByOne() {
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    Harness harness = begun();
    harness.pass(60_000);
    EniRecord a = of(harness, "a");
    assertThat(harness.cloud.associations).containsKey(a.id());
    long made = count(harness, CloudCall.CreateInterface.class);

    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"), eni("b", "branch", 5, "sg-b").takenFrom(a.id()));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(60_000);
    assertThat(of(harness, "a").id()).as("as long as its own key is wanted, it stays").isEqualTo(a.id());

    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 5, "sg-b").takenFrom(a.id()),
        eni("c", "branch", 6, "sg-c").takenFrom(a.id()));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(60_000);
    EniRecord b = of(harness, "b");
    assertThat(b.id()).isEqualTo(a.id());
    assertThat(b.groups()).containsExactly("sg-b");
    assertThat(count(harness, CloudCall.Tag.class)).as("the second sees that it is taken").isEqualTo(1);
    assertThat(count(harness, CloudCall.CreateInterface.class)).isEqualTo(made);
    assertThat(harness.cloud.associations).as("it hangs as before").hasSize(1).containsKey(a.id());
  }

  @Test
  void aTakeOverWhoseAnswerIsLostIsNobodyElsesBeforeItIsKnown() {
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    Harness harness = begun();
    harness.pass(60_000);
    String a = of(harness, "a").id();
    harness.weather = call -> {
      if (call instanceof CloudCall.Tag && count(harness, CloudCall.Tag.class) == 0) {
        harness.cloud.call(call);
        return new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "Lost", "the answer was lost");
      }
      return null;
    };
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 5, "sg-a").takenFrom(a));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(5_000);
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("c", "branch", 5, "sg-a").takenFrom(a));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(20_000);
    assertThat(count(harness, CloudCall.Tag.class)).isEqualTo(1);
    harness.pass(60_000);
    assertThat(of(harness, "c").id()).isEqualTo(a);
    assertThat(count(harness, CloudCall.Tag.class)).isEqualTo(2);
  }

  @Test
  void aTakeOverWhoseAnswerIsLostIsRememberedWhileItIsNotWanted() {
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    Harness harness = begun();
    harness.pass(60_000);
    String a = of(harness, "a").id();
    long made = count(harness, CloudCall.CreateInterface.class);
    harness.weather = call -> {
      if (call instanceof CloudCall.Tag && count(harness, CloudCall.Tag.class) == 0) {
        harness.cloud.call(call);
        return new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "Lost", "the answer was lost");
      }
      return null;
    };
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 5, "sg-a").takenFrom(a));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 6, "sg-b"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(20_000);
    assertThat(count(harness, CloudCall.CreateInterface.class)).as("it may be there already").isEqualTo(made);
    harness.pass(60_000);
    assertThat(of(harness, "b").id()).isEqualTo(a);
    assertThat(count(harness, CloudCall.CreateInterface.class)).isEqualTo(made);
  }

  @Test
  void whatIsTakenOverIsNotRemovedByAPlanThatWasMadeBefore() {
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    Harness harness = begun();
    harness.pass(60_000);
    String a = of(harness, "a").id();
    harness.late = CloudCall.Tag.class::isInstance;
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 5, "sg-a").takenFrom(a));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    assertThat(of(harness, "b").id()).as("done, and not known yet").isEqualTo(a);
    removes = "a";
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 6, "sg-a"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    assertThat(count(harness, CloudCall.Disassociate.class)).as("somebody may have it").isZero();
    harness.arrive();
    harness.pass(60_000);
    assertThat(count(harness, CloudCall.Disassociate.class)).isZero();
    assertThat(of(harness, "b").id()).isEqualTo(a);
    assertThat(harness.cloud.associations).containsOnlyKeys(a);
  }

  @Test
  void whatIsBeingTakenOffIsTakenOverAfterThatAndHangsAnew() {
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    Harness harness = begun();
    harness.pass(60_000);
    String a = of(harness, "a").id();
    harness.late = CloudCall.Disassociate.class::isInstance;
    removes = "a";
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    assertThat(harness.cloud.associations).isEmpty();
    removes = "";
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("b", "branch", 5, "sg-a").takenFrom(a));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(2_000);
    assertThat(count(harness, CloudCall.Tag.class)).as("it is being taken off").isZero();
    harness.arrive();
    harness.pass(60_000);
    assertThat(of(harness, "b").id()).isEqualTo(a);
    assertThat(harness.cloud.associations).containsOnlyKeys(a);
  }

  @Test
  void aBranchIsTaggedAnewBeforeItHangsWithAnotherVlanId() {
    Harness harness = begun();
    harness.weather = call -> call instanceof CloudCall.Associate ? new CloudAnswer.Failed(CloudAnswer.Kind.STATE, "InvalidState", "no") : null;
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    harness.pass(10_000);
    harness.weather = call -> null;
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 7, "sg-a"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(60_000);
    assertThat(of(harness, "a").tags()).containsEntry(Marks.VLAN, "7");
    assertThat(harness.cloud.associations.values()).singleElement().satisfies(hanging -> assertThat(hanging.vlanId()).isEqualTo(7));
  }

  @Test
  void plannersSeeWhatIsInTheWayAndWhatIsWantedOtherwiseIsTriedAtOnce() {
    Harness harness = begun();
    harness.weather = call -> call instanceof CloudCall.CreateInterface c && c.groups().contains("sg-lost")
        ? new CloudAnswer.Failed(CloudAnswer.Kind.NOT_FOUND, "InvalidGroup.NotFound", "no sg-lost") : null;
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-lost"));
    // Until it is tried every five minutes only.
    harness.pass(1_200_000);
    assertThat(obstacles.getFirst()).isEmpty();
    assertThat(obstacles.getLast()).hasValueSatisfying(why -> assertThat(why.cause()).contains("InvalidGroup.NotFound"));
    wants = view -> List.of(eni("trunk", "trunk", 0, "sg-node"), eni("a", "branch", 5, "sg-a"));
    harness.node("n1", "i-%017x".formatted(1));
    harness.pass(5_000);
    assertThat(of(harness, "a").groups()).containsExactly("sg-a");
    assertThat(obstacles.getLast()).isEmpty();
  }
}
