package dev.patchbay.wire;

import java.time.Duration;
import java.util.UUID;

/**
 * A moment by a clock that nobody sets.
 *
 * @param boot the boot that it counts in, as {@code /proc/sys/kernel/random/boot_id} names it
 * @param time what CLOCK_MONOTONIC showed, in milliseconds; it stays comparable until the next boot
 */
public record Uptime(UUID boot, Duration time) {
  /** Checks the range. */
  public Uptime {
    Check.range("uptime", time.toMillis(), 0, Long.MAX_VALUE);
    time = Duration.ofMillis(time.toMillis());
  }
}
