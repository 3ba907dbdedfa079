package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.simulation.cluster.ClusterFault;
import dev.patchbay.simulation.cluster.ClusterHistory;
import dev.patchbay.simulation.cluster.ClusterInvariant;
import dev.patchbay.simulation.cluster.ClusterOutcome;
import dev.patchbay.simulation.cluster.ClusterSabotage;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.object.ObjectPlan;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Histories of the cluster side with the mode sgp: several controllers of which one acts, whose Lease is lost and won, in an EC2 and an API
 * server that lose answers, lag and refuse. One branch per pod, one VLAN id per trunk, nothing leaked, nothing taken from a pod that lives;
 * and each of these is broken on purpose, and found.
 */
class ClusterHistoriesTest {
  private static final int HISTORIES = 200;
  private static final int UNTIL_FOUND = 100;

  private static ClusterOutcome whole(long seed) {
    ClusterOutcome outcome = Branches.history(seed).run(false);
    assertThat(outcome.violation()).as(() -> "seed " + seed + ":\n" + Branches.history(seed).run(true).story().stream()
        .collect(Collectors.joining("\n"))).isEmpty();
    return outcome;
  }

  @Test
  void invariantsHold() {
    Map<ClusterFault, Integer> faults = new EnumMap<>(ClusterFault.class);
    int deleted = 0;
    int terms = 0;
    for (long seed = 0; seed < HISTORIES; seed++) {
      ClusterOutcome outcome = whole(seed);
      outcome.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
      deleted += outcome.deleted();
      terms += outcome.terms();
    }
    assertThat(faults).containsOnlyKeys(EnumSet.complementOf(EnumSet.of(ClusterFault.CLOCK_RATE)));
    assertThat(deleted).as("interfaces that were deleted, rightly").isGreaterThan(HISTORIES);
    assertThat(terms).as("how often a replica began to act").isGreaterThan(3 * HISTORIES / 2);
    System.out.println(HISTORIES + " histories of sgp's cluster side, " + terms + " terms, " + deleted + " deletions, " + faults);
  }

  /** A branch was taken off its trunk for good while a pod took it over, and was deleted when it was that pod's. */
  @Test
  void branchThatIsTakenOverIsNotDeleted() {
    whole(1_001_512);
  }

  /** A pod took a branch over, nobody heard that it had, and it was given another when it wanted a branch with other groups. */
  @Test
  void branchThatMayHaveBeenTakenOverIsWaitedFor() {
    whole(1_001_973);
    whole(1_003_263);
  }

  @Test
  @Tag("soak")
  void invariantsHoldForLong() {
    long end = System.nanoTime() + Duration.parse(System.getProperty("patchbay.soak", "PT10M")).toNanos();
    long seed = 1_000_000;
    while (System.nanoTime() < end) {
      whole(seed++);
    }
    System.out.println(seed - 1_000_000 + " histories of sgp's cluster side");
  }

  @Test
  void oneSeedTellsOneHistory() {
    LongStream.range(0, 5).forEach(seed ->
        assertThat(Branches.history(seed).run(false).digest()).isEqualTo(Branches.history(seed).run(true).digest()));
  }

  private static void isFound(ClusterSabotage sabotage, ClusterInvariant invariant) {
    Optional<ClusterOutcome.Violation> found = LongStream.range(0, UNTIL_FOUND)
        .mapToObj(seed -> Branches.history(seed).with(sabotage).run(false).violation()).flatMap(Optional::stream).findFirst();
    assertThat(found).hasValueSatisfying(v -> assertThat(v.invariant()).as(v.what()).isEqualTo(invariant));
  }

  /** What pods are told, otherwise. */
  private static ClusterSabotage telling(UnaryOperator<String> otherwise) {
    return new ClusterSabotage() {
      @Override
      public Optional<Effect> wanted(Effect effect) {
        if (!(effect instanceof Effect.Publish publish)) {
          return Optional.of(effect);
        }
        ObjectPlan plan = ObjectPlan.empty();
        for (ObjectPlan.Patch patch : publish.plan().patches()) {
          Fields metadata = patch.content().fields("metadata");
          Optional<String> text = metadata.fields("annotations").text(Branches.KEY);
          plan = plan.withPatch(patch.object(), patch.subresource(), text.isEmpty() ? patch.content() : patch.content().with("metadata",
              metadata.with("annotations", metadata.fields("annotations").with(Branches.KEY, otherwise.apply(text.get())))));
        }
        return Optional.of(new Effect.Publish(plan));
      }
    };
  }

  @Test
  void oneBranchForTwoPodsIsFound() {
    isFound(telling(text -> text.replaceAll("\"eniId\":\"[^\"]+\"", "\"eniId\":\"eni-00001\"").replaceAll("\"vlanId\":[0-9]+", "\"vlanId\":1")),
        ClusterInvariant.ONE_BRANCH);
  }

  @Test
  void oneVlanIdForTwoPodsIsFound() {
    isFound(telling(text -> text.replaceAll("\"vlanId\":[0-9]+", "\"vlanId\":1")), ClusterInvariant.ONE_VLAN_ID);
  }

  @Test
  void branchThatIsDeletedWhileItsPodLivesIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public Event heard(Event event) {
        // Pods are taken for gone once they have been told.
        return event instanceof Event.ObjectSeen seen && seen.object().ref().kind().equals(ObjectKind.POD)
            && seen.object().annotations().containsKey(Branches.KEY) ? new Event.ObjectGone(seen.object().ref()) : event;
      }
    }, ClusterInvariant.NOTHING_IN_USE_DELETED);
  }

  private static ClusterSabotage without(Predicate<Effect> lost) {
    return new ClusterSabotage() {
      @Override
      public Optional<Effect> wanted(Effect effect) {
        return lost.test(effect) ? Optional.empty() : Optional.of(effect);
      }
    };
  }

  @Test
  void branchThatIsNeverDeletedIsFound() {
    isFound(without(effect -> effect instanceof Effect.Call(long _, CloudCall.Delete _, long _)), ClusterInvariant.NOTHING_LEAKED);
  }

  @Test
  void podThatIsNeverToldOfItsBranchIsFound() {
    isFound(without(effect -> effect instanceof Effect.Publish publish && publish.plan().patches().stream()
        .anyMatch(patch -> patch.object().kind().equals(ObjectKind.POD))), ClusterInvariant.ALL_DONE);
  }

  @Test
  void twoThatActIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public double rate(int replica, double rate) {
        return replica == 0 ? 0.2 : rate;
      }
    }, ClusterInvariant.ONE_ACTS);
  }

  /** A history that is told has what it says that it has. */
  @Test
  void policiesChangeAndPodsComeAgain() {
    ClusterHistory history = Branches.history(1);
    assertThat(history.run(true).story()).anyMatch(line -> line.contains("is told of eni-")).anyMatch(line -> line.contains("goes"));
  }
}
