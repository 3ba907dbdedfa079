package dev.patchbay.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Histories of the cluster side violate nothing; one seed tells one history; and each planted breach is found. */
class ClusterHistoryTest {
  private static final int HISTORIES = Integer.getInteger("patchbay.cluster.histories", 200);
  private static final int UNTIL_FOUND = 300;

  private static List<ModeInstance> branches() {
    NetworkModeProvider provider = SyntheticModes.cluster();
    ModeContext context = Fields::empty;
    return List.of(new ModeInstance(provider.id(), "0.1.0", provider.descriptor(), provider.create(context)));
  }

  private static void violateNothing(List<ModeInstance> modes, int leastDeleted) {
    Map<ClusterFault, Integer> faults = new EnumMap<>(ClusterFault.class);
    int deleted = 0;
    int terms = 0;
    long events = 0;
    for (long seed = 0; seed < HISTORIES; seed++) {
      ClusterOutcome outcome = ClusterHistory.of(seed, modes).run(false);
      long failed = seed;
      assertThat(outcome.violation()).as(() -> "seed " + failed + ":\n" + story(ClusterHistory.of(failed, modes))).isEmpty();
      outcome.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
      deleted += outcome.deleted();
      terms += outcome.terms();
      events += outcome.events();
    }
    assertThat(faults).containsOnlyKeys(EnumSet.complementOf(modes.isEmpty()
        ? EnumSet.of(ClusterFault.CLOCK_RATE, ClusterFault.PLANNER_FAILED, ClusterFault.WRITE_LOST) : EnumSet.of(ClusterFault.CLOCK_RATE)));
    assertThat(deleted).as("interfaces that were deleted, rightly").isGreaterThan(leastDeleted);
    assertThat(terms).as("how often a replica began to act").isGreaterThan(3 * HISTORIES / 2);
    System.err.println(HISTORIES + " histories of the cluster side, " + events + " events, " + terms + " terms, " + deleted + " deletions, "
        + faults);
  }

  private static String story(ClusterHistory history) {
    return history.run(true).story().stream().collect(Collectors.joining("\n"));
  }

  @Test
  void sweepAloneViolatesNothing() {
    violateNothing(List.of(), HISTORIES);
  }

  @Test
  void trunksAndBranchesViolateNothing() {
    violateNothing(branches(), 3 * HISTORIES);
  }

  @Test
  void oneSeedTellsOneHistory() {
    for (long seed = 0; seed < 5; seed++) {
      assertThat(ClusterHistory.of(seed, branches()).run(false).digest()).isEqualTo(ClusterHistory.of(seed, branches()).run(true).digest());
    }
    assertThat(LongStream.range(0, 20).map(seed -> ClusterHistory.of(seed, branches()).run(false).digest()).distinct()).hasSize(20);
  }

  private static void isFound(ClusterSabotage sabotage, ClusterInvariant invariant, List<ModeInstance> modes) {
    Optional<ClusterOutcome.Violation> found = LongStream.range(0, UNTIL_FOUND)
        .mapToObj(seed -> ClusterHistory.of(seed, modes).with(sabotage).run(false).violation()).flatMap(Optional::stream).findFirst();
    assertThat(found).hasValueSatisfying(v -> assertThat(v.invariant()).as(v.what()).isEqualTo(invariant));
  }

  @Test
  void aHolderWhoseClockHardlyRunsIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public double rate(int replica, double rate) {
        return replica == 0 ? 0.2 : rate;
      }
    }, ClusterInvariant.ONE_ACTS, List.of());
  }

  @Test
  void anInstanceThatIsTakenForDeadIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public Event heard(Event event) {
        return event instanceof Event.Answered(long token, CloudAnswer.Instances _)
            ? new Event.Answered(token, new CloudAnswer.Instances(List.of())) : event;
      }
    }, ClusterInvariant.NOTHING_IN_USE_DELETED, List.of());
  }

  @Test
  void aSweepThatDeletesNothingIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public Optional<Effect> wanted(Effect effect) {
        return effect instanceof Effect.Call(long _, CloudCall.Delete _, long _) ? Optional.empty() : Optional.of(effect);
      }
    }, ClusterInvariant.NOTHING_LEAKED, List.of());
  }

  @Test
  void aTrunkThatIsNeverAttachedIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public Optional<Effect> wanted(Effect effect) {
        return effect instanceof Effect.Call(long _, CloudCall.AttachInterface _, long _) ? Optional.empty() : Optional.of(effect);
      }
    }, ClusterInvariant.ALL_DONE, branches());
  }

  @Test
  void aPodThatIsNeverSeenIsFound() {
    isFound(new ClusterSabotage() {
      @Override
      public Event heard(Event event) {
        // Every pod is gone as soon as it is seen.
        return event instanceof Event.ObjectSeen seen && seen.object().ref().kind().equals(dev.patchbay.spi.ObjectKind.POD)
            && seen.object().ref().name().endsWith("7") && seen.object().uid().hashCode() % 2 == 0
            ? new Event.ObjectGone(seen.object().ref()) : event;
      }
    }, ClusterInvariant.ALL_DONE, branches());
  }
}
