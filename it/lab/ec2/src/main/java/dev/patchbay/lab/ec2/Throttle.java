package dev.patchbay.lab.ec2;

import dev.patchbay.lab.ec2.RateLimits.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Token buckets in use. Thread-safe. */
final class Throttle {
  private static final class Level {
    final Bucket bucket;
    double tokens;
    Instant filled;

    Level(Bucket bucket, Instant now) {
      this.bucket = bucket;
      tokens = bucket.capacity();
      filled = now;
    }
  }

  private final Map<String, Level> levels = new HashMap<>();

  /** Takes a token for a call, or refuses it. */
  synchronized void take(RateLimits limits, String action, Form form, Instant now) {
    boolean narrowed =
        form.parameters().keySet().stream().anyMatch(name -> name.contains(".") || name.equals("MaxResults"));
    Bucket bucket = limits.of(action, narrowed);
    if (bucket == null) {
      return;
    }
    // Another bucket under the same action is another level: a describe of everything does not use up the narrow ones.
    Level level = levels.computeIfAbsent(action + bucket, key -> new Level(bucket, now));
    double seconds = Math.max(0, Duration.between(level.filled, now).toNanos() / 1e9);
    level.tokens = Math.min(bucket.capacity(), level.tokens + seconds * bucket.refillPerSecond());
    level.filled = now;
    if (level.tokens < 1) {
      throw Refusals.of("RequestLimitExceeded");
    }
    level.tokens -= 1;
  }
}
