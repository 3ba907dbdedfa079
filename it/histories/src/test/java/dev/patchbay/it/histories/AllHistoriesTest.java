package dev.patchbay.it.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The histories of {@code make test}: they were begun, were as many as {@code it/home/verify} says, and violated nothing. */
@EnabledIfSystemProperty(named = "patchbay.histories", matches = ".+",
    disabledReason = "make test alone has histories run beside its other tests; without it, it/simulation runs them itself")
class AllHistoriesTest {
  /** How long they may take beyond the other tests, when they have all processors: with these, a machine's tests end in time. */
  private static final Duration BEYOND = Duration.ofMinutes(15);

  @Test
  void allInvariantsHold() throws Exception {
    Counts counts = new Begun(Path.of(System.getProperty("patchbay.histories"))).counts(BEYOND);

    System.out.print(counts.words());
    assertThat(counts.violations()).as(counts.words()).isZero();
    assertThat(counts.histories()).isGreaterThanOrEqualTo(Long.parseLong(System.getProperty("patchbay.histories.number")));
    assertThat(counts.steps()).isEqualTo(200 * counts.histories());
  }
}
