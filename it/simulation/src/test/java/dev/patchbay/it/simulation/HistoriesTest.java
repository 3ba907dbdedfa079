package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Tally;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Histories of the built-in modes. {@code make test} has them run {@linkplain Beside beside} its other tests; this module alone runs some of
 * the same, as many as a busy machine can. {@link SoakTest} runs others for as long as wished.
 */
class HistoriesTest {
  private static final long HISTORIES = 2_000;
  private static final Duration TIME = Duration.ofSeconds(60);

  @Test
  void allInvariantsHold() throws Exception {
    Optional<Beside> beside = Beside.wanted();
    if (beside.isPresent()) {
      assertThat(beside.get().begin()).isEqualTo("begun");
      return;
    }
    System.out.printf("%,d histories, or as many as a minute has room for: make test has them run beside its other tests%n", HISTORIES);
    Tally tally = Many.run(1, HISTORIES, TIME);

    assertThat(tally.failing()).as(tally.words()).isEmpty();
    assertThat(tally.histories()).isPositive();
  }
}
