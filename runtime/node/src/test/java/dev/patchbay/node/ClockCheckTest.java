package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.spi.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockCheckTest {
  private final List<Optional<Finding>> told = new ArrayList<>();
  private final ClockCheck check = new ClockCheck((about, finding) -> {
    assertThat(about).isEqualTo("clock");
    told.add(finding);
  });

  @Test
  void aClockThatIsRightEnoughIsNothingToTell() {
    check.saw(Duration.ofSeconds(59));
    check.saw(Duration.ofSeconds(-59));
    check.saw(Duration.ZERO);
    assertThat(told).isEmpty();
  }

  @Test
  void itIsToldOnceAndThatItIsOver() {
    check.saw(Duration.ofMinutes(-60).minusSeconds(2));
    check.saw(Duration.ofMinutes(-60).minusSeconds(1));
    check.saw(Duration.ofMinutes(-60).plusSeconds(3));
    check.saw(Duration.ZERO);
    check.saw(Duration.ZERO);
    assertThat(told).hasSize(2);
    assertThat(told.getFirst()).hasValueSatisfying(finding -> {
      assertThat(finding.code()).isEqualTo(BrainCodes.CLOCK_WRONG);
      assertThat(finding.cause()).isEqualTo("This node's clock is about 60 min behind EC2's.");
      assertThat(finding.remedy()).contains("chrony", "169.254.169.123", "RequestExpired");
    });
    assertThat(told.getLast()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT70S, about 1 min ahead of", "PT3H, about 3 h ahead of", "PT-24H, about 24 h behind", "P3650D, about 3650 days ahead of"})
  void itIsSaidAsPeopleWould(Duration ahead, String words) {
    check.saw(ahead);
    assertThat(told).singleElement().satisfies(finding -> assertThat(finding.orElseThrow().cause()).isEqualTo(
        "This node's clock is " + words + " EC2's."));
  }
}
