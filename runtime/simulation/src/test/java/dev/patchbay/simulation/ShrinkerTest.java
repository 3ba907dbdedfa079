package dev.patchbay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.Entry;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  /** A restart forgets who cools down. */
  private static final Sabotage FORGETFUL = new Sabotage() {
    @Override
    public List<Entry> recovered(List<Entry> entries) {
      return entries.stream().filter(e -> !(e instanceof Entry.Cools))
          .map(e -> e instanceof Entry.Ended ended ? new Entry.Ended(ended.key(), 0) : e).toList();
    }
  };

  private static History failing() {
    return LongStream.range(0, 300).mapToObj(seed -> History.of(seed, Modes.stock()).with(FORGETFUL))
        .filter(h -> h.run(false).violation().filter(v -> v.invariant().equals(Way.COOLDOWN_KEPT.id())).isPresent()).findFirst().orElseThrow();
  }

  @Test
  void aFailingHistoryBecomesAShortStory() {
    Shrinker.Shrunk shrunk = Shrinker.shrink(failing());

    assertThat(shrunk.outcome().violation()).map(Violation::invariant).hasValue(Way.COOLDOWN_KEPT.id());
    assertThat(shrunk.steps().cardinality()).as(String.join("\n", shrunk.outcome().lines())).isLessThan(25);
    assertThat(shrunk.history().faults()).hasSizeLessThan(6);
    assertThat(shrunk.options()).startsWith("--seed " + shrunk.history().seed() + " --only ");
  }

  @Test
  void theOptionsTellItAgain() {
    Shrinker.Shrunk shrunk = Shrinker.shrink(failing());
    History again = History.of(shrunk.history().seed(), Modes.stock()).with(FORGETFUL).with(shrunk.history().faults())
        .with(History.STEPS, Shrinker.steps(Shrinker.ranges(shrunk.steps()))::get);

    assertThat(again.run(true).lines()).isEqualTo(shrunk.outcome().lines());
  }

  @Test
  void numbersOfStepsAreReadAsTheyAreWritten() {
    assertThat(Shrinker.ranges(Shrinker.steps("3,7-9,11"))).isEqualTo("3,7-9,11");
    assertThat(Shrinker.steps("none").isEmpty()).isTrue();
  }
}
