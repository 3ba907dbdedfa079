package dev.patchbay.lab.calls;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much of a fault there is. All that is given must hold: {@code chance=0.5 seed=7 for=1m} strikes about half of the
 * calls, for a minute.
 *
 * @param after how many calls are spared first; {@code after=N}
 * @param calls how many calls it strikes; {@code calls=N}; empty: any number
 * @param time how long it lasts; {@code for=TIME}; empty: until it is taken back
 * @param chance the probability that it strikes a call; {@code chance=0.1}
 * @param seed the same seed gives the same sequence; {@code seed=N}
 */
public record Extent(int after, OptionalInt calls, Optional<Duration> time, double chance, long seed) {
  /** Every call, until it is taken back. */
  public static final Extent ALWAYS = new Extent(0, OptionalInt.empty(), Optional.empty(), 1, 0);

  /** Checks the figures. */
  public Extent {
    if (after < 0 || calls.orElse(1) < 1) {
      throw new IllegalArgumentException("calls must be 1 or more, after 0 or more");
    }
    if (!(chance > 0 && chance <= 1)) {
      throw new IllegalArgumentException("chance=" + chance + ": more than 0 and at most 1 is needed");
    }
    if (time.isPresent() && !time.get().isPositive()) {
      throw new IllegalArgumentException("for=0s: a fault must last some time");
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (after > 0) {
      text.append(" after=").append(after);
    }
    calls.ifPresent(number -> text.append(" calls=").append(number));
    time.ifPresent(length -> text.append(" for=").append(Lengths.format(length)));
    if (chance < 1) {
      text.append(" chance=").append(chance).append(" seed=").append(seed);
    }
    return text.isEmpty() ? "" : text.substring(1);
  }
}
