package dev.patchbay.it.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does. It looks often and waits long, so that a busy machine is no reason to fail. */
public final class Until {
  /** As long as anything may take on a busy machine. */
  public static final Duration LONG = Duration.ofSeconds(60);

  private static final int MILLIS_BETWEEN_LOOKS = 50;

  private Until() {}

  /** Waits until something holds, for {@link #LONG} at most. */
  public static void holds(String what, BooleanSupplier condition) {
    holds(what, LONG, condition);
  }

  /**
   * Waits until something holds.
   *
   * @param what said if it does not
   */
  public static void holds(String what, Duration longest, BooleanSupplier condition) {
    there(what, longest, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until there is a value, for {@link #LONG} at most. */
  public static <T> T there(String what, Supplier<Optional<T>> value) {
    return there(what, LONG, value);
  }

  /** Waits until there is a value. */
  public static <T> T there(String what, Duration longest, Supplier<Optional<T>> value) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (true) {
      Optional<T> found = value.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", interrupted);
    }
  }
}
