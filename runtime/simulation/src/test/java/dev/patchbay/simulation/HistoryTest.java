package dev.patchbay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.model.Fault;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
  @Test
  void aSeedIsAlwaysToldTheSame() {
    Outcome one = History.of(3, Modes.stock()).run(true);
    Outcome two = History.of(3, Modes.stock()).run(true);

    assertThat(two.lines()).isEqualTo(one.lines());
    assertThat(two.digest()).isEqualTo(one.digest());
  }

  @Test
  void toldOrNotItIsTheSameHistory() {
    assertThat(History.of(4, Modes.stock()).run(true).digest()).isEqualTo(History.of(4, Modes.stock()).run(false).digest());
  }

  @Test
  void everySeedIsAnotherHistory() {
    Set<Long> digests = new HashSet<>();
    LongStream.range(0, 50).forEach(seed -> digests.add(History.of(seed, Modes.stock()).run(false).digest()));

    assertThat(digests).hasSize(50);
  }

  @Test
  void histories() {
    // A DEL while the disk is full, or whose note is dated before its ADD, is not known after a restart yet.
    Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.DISK_FULL));
    Tally tally = new Tally();
    LongStream.range(1_000, 1_100).forEach(seed -> tally.add(History.of(seed, Modes.stock()).with(faults).run(false)));

    assertThat(tally.failing()).as(tally.words()).isEmpty();
    assertThat(tally.steps()).isEqualTo(20_000);
    assertThat(tally.faults().keySet()).as(tally.words()).hasSizeGreaterThan(20);
    assertThat(tally.states()).isGreaterThan(100);
  }
}
