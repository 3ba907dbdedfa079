package dev.patchbay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How fast EC2 is called. */
class BudgetsTest {
  private final Budgets budgets = new Budgets();

  /** How many calls there are in a time, if each is made as soon as it may be. */
  private int calls(String action, long from, long millis) {
    int calls = 0;
    long now = from;
    while (now < from + millis) {
      if (budgets.take(action, now)) {
        calls++;
      } else {
        assertThat(budgets.ready(action, now)).as("it is said when").isGreaterThan(now);
        now = budgets.ready(action, now);
      }
    }
    return calls;
  }

  @Test
  void someAtOnceAndThenAtARate() {
    assertThat(calls("DeleteNetworkInterface", 0, 1)).isEqualTo(10);
    assertThat(calls("DeleteNetworkInterface", 1, 60_000)).isBetween(230, 245);
    assertThat(calls("DescribeInstances", 0, 60_000)).as("another action has a bucket of its own").isBetween(300, 315);
  }

  @Test
  void throttledItIsHalfAsFastAndFasterAgainInTheCalm() {
    calls("DeleteNetworkInterface", 0, 1);
    budgets.throttled("DeleteNetworkInterface", 1);
    budgets.throttled("DeleteNetworkInterface", 2);
    assertThat(calls("DeleteNetworkInterface", 3, 9_000)).as("two answers to calls that were sent together count once").isBetween(16, 19);
    calls("DeleteNetworkInterface", 9_003, 41_000);
    assertThat(calls("DeleteNetworkInterface", 50_003, 10_000)).isBetween(38, 42);
  }

  @Test
  void howeverOftenThrottledItGoesOn() {
    for (long now = 0; now < 60_000; now += 1_000) {
      budgets.throttled("CreateTags", now);
    }
    assertThat(calls("CreateTags", 60_000, 60_000)).isBetween(5, 30);
  }
}
