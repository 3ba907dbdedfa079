package dev.patchbay.kube;

import java.time.Duration;

/**
 * How fast things are tried.
 *
 * @param firstPause after a first failure
 * @param longestPause between attempts; each pause is twice as long as the one before it, less a part drawn at random, so that the
 *     nodes of a cluster do not come back to their API server all at once
 * @param answer how long an answer may take
 * @param silence after which a watch is suspected; the API server sends a bookmark about every minute
 * @param watch how long a watch lasts, less a half at most, drawn at random
 * @param eventPause between two reports of one Event that happens again, doubled each time up to {@code longestEventPause}
 * @param longestEventPause see there
 */
record Pace(Duration firstPause, Duration longestPause, Duration answer, Duration silence, Duration watch, Duration eventPause,
    Duration longestEventPause) {
  /** For an API server that others use, too. */
  static final Pace USUAL = new Pace(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(90),
      Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofMinutes(5));
}
