package dev.patchbay.it.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The hundred thousand histories of {@code make test}: they were begun, were as many as promised, and violated nothing. */
@EnabledIfSystemProperty(named = "patchbay.histories", matches = ".+",
    disabledReason = "only make test has 100,000 histories; it/simulation alone runs 2,000")
class HundredThousandTest {
  /** How long they may take beyond the other tests. */
  private static final Duration BEYOND = Duration.ofMinutes(20);

  @Test
  void allInvariantsHold() throws Exception {
    Counts counts = new Begun(Path.of(System.getProperty("patchbay.histories"))).counts(BEYOND);

    System.out.print(counts.words());
    assertThat(counts.violations()).as(counts.words()).isZero();
    assertThat(counts.histories()).isGreaterThanOrEqualTo(2_000);
    assertThat(counts.steps()).isEqualTo(200 * counts.histories());
  }
}
