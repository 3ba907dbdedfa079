package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is to blame for a planner without an answer: told by the processor that it had, not by the clock on the wall. */
class OverrunTest {
  private final AtomicLong had = new AtomicLong(7_000_000_000L);

  private Overrun.Verdict lookAfter(long everyMillis, long processorMillis, boolean runnable, int looks) {
    Overrun overrun = new Overrun(1_000, had::get);
    Overrun.Verdict verdict = Overrun.Verdict.STARVES;
    for (int n = 1; n <= looks && verdict == Overrun.Verdict.STARVES; n++) {
      had.addAndGet(processorMillis * 1_000_000);
      verdict = overrun.look(1_000 + n * everyMillis, runnable);
    }
    return verdict;
  }

  @Test
  void aPlannerThatRunsAndRunsHasOverrun() {
    assertThat(lookAfter(100, 100, true, 4)).isEqualTo(Overrun.Verdict.STARVES);
    assertThat(lookAfter(100, 100, true, 5)).isEqualTo(Overrun.Verdict.OVERRAN);
  }

  @Test
  void aPlannerThatGetsNoProcessorIsNotToBlame() {
    assertThat(lookAfter(100, 1, true, 299)).isEqualTo(Overrun.Verdict.STARVES);
    assertThat(lookAfter(100, 1, true, 300)).isEqualTo(Overrun.Verdict.STARVED);
  }

  @Test
  void aPlannerThatWaitsForSomethingHasOverrun() {
    assertThat(lookAfter(100, 0, false, 19)).isEqualTo(Overrun.Verdict.STARVES);
    assertThat(lookAfter(100, 0, false, 20)).isEqualTo(Overrun.Verdict.OVERRAN);
  }
}
