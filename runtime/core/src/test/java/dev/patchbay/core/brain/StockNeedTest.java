package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.ipam.Targets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of targets, case by case: what grows, what is too much, what the target is. */
class StockNeedTest {
  private static final int UNLIMITED = 1000;

  @ParameterizedTest
  @CsvSource({
      // warm, minimum, held, free, cooling, waiting, cap: grow, surplus, target
      "3, 0, 0, 0, 0, 0, 1000, 3, 0, 3",
      "3, 0, 5, 3, 0, 0, 1000, 0, 0, 3",
      "3, 0, 5, 4, 0, 0, 1000, 0, 1, 3",
      "3, 0, 5, 4, 0, 1, 1000, 0, 0, 3",
      "3, 0, 5, 2, 4, 0, 1000, 1, 0, 3",
      "3, 0, 5, 2, 0, 6, 1000, 4, 0, 6",
      "2, 10, 0, 0, 0, 0, 1000, 10, 0, 10",
      "2, 10, 7, 3, 0, 0, 1000, 0, 0, 3",
      "2, 10, 9, 3, 0, 0, 1000, 0, 1, 2",
      "2, 10, 4, 8, 0, 0, 1000, 0, 2, 6",
      "2, 10, 4, 6, 1, 0, 1000, 0, 0, 6",
      "5, 0, 8, 1, 0, 0, 10, 1, 0, 2",
      "5, 0, 12, 1, 0, 0, 10, 0, 1, 0",
      "5, 0, 10, 0, 0, 2, 10, 2, 0, 2",
      "0, 0, 3, 2, 0, 0, 1000, 0, 2, 0",
  })
  void warmAndMinimum(int warm, int minimum, int held, int free, int cooling, int waiting, int cap, int grow, int surplus, int target) {
    Targets targets = Targets.none().withWarmAddresses(warm).withMinimumAddresses(minimum);
    assertThat(StockNeed.of(targets, held, free, cooling, free, waiting, 10, 1, cap)).isEqualTo(new StockNeed(grow, surplus, target, false));
  }

  @ParameterizedTest
  @CsvSource({
      // prefixes, held, free, cooling, idle, waiting, cap: grow, surplus, target
      "1, 0, 0, 0, 0, 0, 1000, 16, 0, 16",
      "1, 3, 13, 0, 0, 0, 1000, 16, 0, 16",
      "1, 3, 29, 0, 16, 0, 1000, 0, 0, 16",
      "1, 3, 45, 0, 32, 0, 1000, 0, 16, 16",
      "1, 3, 45, 0, 32, 1, 1000, 0, 0, 16",
      "1, 3, 2, 0, 0, 5, 1000, 16, 0, 16",
      "2, 16, 0, 0, 0, 40, 1000, 40, 0, 32",
      "2, 16, 0, 4, 0, 0, 30, 10, 0, 32",
      "2, 16, 10, 6, 0, 0, 30, 0, 0, 32",
      "0, 16, 0, 0, 0, 3, 10, 3, 0, 0",
      "0, 0, 16, 0, 16, 0, 1000, 0, 16, 0",
  })
  void prefixes(int prefixes, int held, int free, int cooling, int idle, int waiting, int cap, int grow, int surplus, int target) {
    Targets targets = Targets.none().withWarmPrefixes(prefixes);
    assertThat(StockNeed.of(targets, held, free, cooling, idle, waiting, 10, 16, cap)).isEqualTo(new StockNeed(grow, surplus, target, false));
  }

  @ParameterizedTest
  @CsvSource({
      // interfaces, held, free, cooling, waiting, cap: grow, surplus, target
      "1, 0, 0, 0, 0, 1000, 9, 0, 9",
      "1, 5, 4, 0, 0, 1000, 5, 0, 9",
      "1, 5, 9, 0, 0, 1000, 0, 0, 9",
      "1, 5, 17, 0, 0, 1000, 0, 0, 9",
      "1, 5, 18, 0, 0, 1000, 0, 9, 9",
      "1, 5, 18, 0, 1, 1000, 0, 0, 9",
      "1, 5, 2, 0, 20, 1000, 18, 0, 20",
      "0, 5, 0, 0, 0, 1000, 1, 0, 1",
      "0, 5, 1, 0, 0, 1000, 0, 0, 1",
      "0, 5, 9, 0, 0, 1000, 0, 9, 1",
      "1, 20, 0, 7, 0, 27, 0, 0, 9",
      "1, 20, 0, 6, 0, 27, 9, 0, 9",
      "1, 20, 0, 7, 3, 27, 3, 0, 9",
      "2, 0, 0, 0, 0, 1000, 18, 0, 18",
      "2, 0, 27, 0, 0, 1000, 0, 9, 18",
  })
  void interfaces(int interfaces, int held, int free, int cooling, int waiting, int cap, int grow, int surplus, int target) {
    Targets targets = Targets.none().withWarmInterfaces(interfaces);
    assertThat(StockNeed.of(targets, held, free, cooling, free, waiting, 9, 1, cap)).isEqualTo(new StockNeed(grow, surplus, target, true));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4, 3"})
  void withoutTargetsOneIsHeldReady(int waiting, int more) {
    assertThat(StockNeed.of(Targets.none(), 0, 1, 0, 1, waiting, 9, 1, UNLIMITED).grow()).isEqualTo(more);
  }
}
