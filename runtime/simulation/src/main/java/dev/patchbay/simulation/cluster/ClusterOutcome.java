package dev.patchbay.simulation.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a history.
 *
 * @param seed its seed
 * @param digest a number that follows from all that happened
 * @param events how many events controllers took
 * @param deleted how many interfaces were deleted
 * @param terms how often a replica began to act
 * @param faults how often each fault happened
 * @param violation what was violated, and how; empty if nothing was
 * @param story what happened, as text; empty unless it was wanted
 */
public record ClusterOutcome(long seed, long digest, long events, int deleted, int terms, Map<ClusterFault, Integer> faults,
    Optional<Violation> violation, List<String> story) {
  /**
   * Copies the collections.
   */
  public ClusterOutcome {
    faults = java.util.Collections.unmodifiableMap(new java.util.EnumMap<>(faults));
    story = List.copyOf(story);
  }

  /**
   * What was violated.
   *
   * @param invariant the invariant
   * @param what how
   */
  public record Violation(ClusterInvariant invariant, String what) {}
}
