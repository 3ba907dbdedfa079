package dev.patchbay.kube;

import java.util.concurrent.ThreadLocalRandom;

/** Pauses that grow. Not for several threads. */
final class Backoff {
  private final Pace pace;
  private int failures;

  Backoff(Pace pace) {
    this.pace = pace;
  }

  /** It went well: the next pause is the first again. */
  void reset() {
    failures = 0;
  }

  /** How long to wait after one more failure. */
  long next(ApiFailure failure) {
    long whole = Math.min(pace.longestPause().toMillis(), pace.firstPause().toMillis() << Math.min(failures, 20));
    failures++;
    long drawn = whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    return Math.max(drawn, failure.retryAfterMillis());
  }
}
