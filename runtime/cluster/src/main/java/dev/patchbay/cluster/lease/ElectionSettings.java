package dev.patchbay.cluster.lease;

/**
 * How a replica takes part in an election. The holder of a Lease stops acting well before another may take it, by the clocks of both:
 * the deadline and the longest call together are shorter than the duration.
 *
 * @param identity who it is; another at each start of a process, so that nobody takes a predecessor's word for its own
 * @param durationMillis for how long after a renewal nobody else takes the Lease
 * @param deadlineMillis for how long after its last renewal the holder acts
 * @param retryMillis the pause between two attempts to take or renew it
 */
public record ElectionSettings(String identity, long durationMillis, long deadlineMillis, long retryMillis) {
  /**
   * Checks the order of the times.
   */
  public ElectionSettings {
    if (identity.isEmpty() || retryMillis <= 0 || deadlineMillis <= retryMillis || durationMillis <= deadlineMillis) {
      throw new IllegalArgumentException("an election needs an identity, and retry < deadline < duration, not " + retryMillis + " < "
          + deadlineMillis + " < " + durationMillis);
    }
  }

  /**
   * {@return the usual proportions: it acts for half the duration after a renewal, and tries to renew six times in the duration}
   * @param identity who it is
   * @param durationMillis the duration
   */
  public static ElectionSettings of(String identity, long durationMillis) {
    return new ElectionSettings(identity, durationMillis, durationMillis / 2, durationMillis / 6);
  }
}
