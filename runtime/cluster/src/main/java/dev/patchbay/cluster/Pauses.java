package dev.patchbay.cluster;

import java.util.SplittableRandom;

/** A pause after each failure, twice as long as the one before it, less a part that is drawn. */
final class Pauses {
  private final long first;
  private final long longest;
  private final SplittableRandom random;
  private int failures;

  Pauses(long first, long longest, SplittableRandom random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  void reset() {
    failures = 0;
  }

  boolean failing() {
    return failures > 0;
  }

  /** How long to wait after one more failure. */
  long next() {
    long whole = Math.min(longest, first << Math.min(failures, 20));
    failures++;
    return whole / 2 + random.nextLong(whole / 2 + 1);
  }
}
