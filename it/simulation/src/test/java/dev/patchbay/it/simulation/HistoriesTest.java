package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Tally;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Histories of the built-in modes, as many as a busy machine can run; {@link SoakTest} runs others for as long as wished. */
class HistoriesTest {
  private static final long HISTORIES = 2_000;
  private static final Duration TIME = Duration.ofSeconds(60);

  @Test
  void allInvariantsHold() throws Exception {
    Tally tally = Many.run(1, HISTORIES, TIME);

    assertThat(tally.failing()).as(tally.words()).isEmpty();
    assertThat(tally.histories()).isPositive();
  }
}
