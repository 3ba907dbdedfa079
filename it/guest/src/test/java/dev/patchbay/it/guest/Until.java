package dev.patchbay.it.guest;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does, as long as an emulated processor on a busy machine may need. */
final class Until {
  static final Duration LONG = Duration.ofMinutes(10);

  private static final int MILLIS_BETWEEN_LOOKS = 100;

  private Until() {}

  /**
   * Waits until something holds.
   *
   * @param what said if it does not
   */
  static void holds(String what, BooleanSupplier condition) {
    there(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until there is a value. */
  static <T> T there(String what, Supplier<Optional<T>> value) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      Optional<T> found = value.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LONG.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting", interrupted);
      }
    }
  }
}
