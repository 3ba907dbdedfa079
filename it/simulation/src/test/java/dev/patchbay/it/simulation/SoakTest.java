package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Tally;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Histories for a long time: {@code make soak}, with {@code TIME=PT1H} for an hour. */
@Tag("soak")
class SoakTest {
  @Test
  void allInvariantsHold() throws Exception {
    Duration time = Duration.parse(System.getProperty("patchbay.soak", "PT10M"));
    Tally tally = Many.run(1_000_000, Long.MAX_VALUE / 2, time);

    assertThat(tally.failing()).as(tally.words()).isEmpty();
  }
}
