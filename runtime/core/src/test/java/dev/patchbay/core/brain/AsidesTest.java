package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Finding;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long a mode whose planner failed is left alone. */
class AsidesTest {
  private static final Finding WHY = Finding.of(BrainCodes.MODE_FAILED, "as the test wants it", "None.");

  private final Asides asides = new Asides();

  @Test
  void theTimeDoublesUpToAnHour() {
    long now = 1_000;
    for (long seconds : new long[] {5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600}) {
      long until = asides.set("m", WHY, now);
      assertThat(until - now).isEqualTo(seconds * 1_000);
      now = until;
    }
  }

  @Test
  void itStaysAnHourHoweverOftenItFails() {
    long now = 0;
    for (int n = 0; n < 100; n++) {
      now = asides.set("m", WHY, now);
    }
    assertThat(asides.set("m", WHY, now) - now).isEqualTo(3_600_000);
  }

  @Test
  void aModeThatHasBehavedForTenMinutesIsAsGoodAsNew() {
    long until = asides.set("m", WHY, asides.set("m", WHY, 0));
    assertThat(asides.set("m", WHY, until + 600_000)).as("not quite").isEqualTo(until + 600_000 + 20_000);
    until = until + 620_000;
    assertThat(asides.set("m", WHY, until + 600_001)).isEqualTo(until + 600_001 + 5_000);
  }

  @Test
  void eachComesBackOnceAndHasItsReasonUntilThen() {
    asides.set("a", WHY, 0);
    asides.set("b", WHY, 1_000);
    assertThat(asides.reasons(4_999)).isEqualTo(Map.of("a", WHY, "b", WHY));
    assertThat(asides.back(0, 4_999)).isEmpty();
    assertThat(asides.reasons(5_000)).containsOnlyKeys("b");
    assertThat(asides.back(4_999, 5_000)).containsExactly("a");
    assertThat(asides.back(5_000, 5_999)).isEmpty();
    assertThat(asides.back(5_999, 60_000)).containsExactly("b");
    assertThat(asides.back(60_000, 61_000)).isEmpty();
  }
}
