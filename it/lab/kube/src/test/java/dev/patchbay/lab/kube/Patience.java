package dev.patchbay.lab.kube;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How tests wait for what must come: for the event, and long enough for a machine that has much else to do. */
final class Patience {
  static final Duration LIMIT = Duration.ofSeconds(60);

  private Patience() {}

  static ConditionFactory await() {
    return Awaitility.await().atMost(LIMIT);
  }
}
