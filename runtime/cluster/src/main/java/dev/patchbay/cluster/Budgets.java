package dev.patchbay.cluster;

import java.util.Map;
import java.util.TreeMap;

/**
 * A token bucket for each action of EC2, a part of what EC2 allows an account, since nodes call it too. When EC2 says throttled, the
 * bucket of that action fills half as fast; a while without that, and it fills faster again, step by step.
 *
 * <p>Source of the order of magnitude: EC2 developer guide, "Request throttling for the Amazon EC2 API": 5 a second and more are
 * refilled for actions that change something, 10 and more for those that describe.
 */
final class Budgets {
  private static final double DESCRIBE_RATE = 5;
  private static final double CHANGE_RATE = 4;
  private static final double CAPACITY = 10;
  private static final double LEAST_RATE = 0.1;
  private static final long CALM_MILLIS = 10_000;

  private final Map<String, Bucket> buckets = new TreeMap<>();

  private static final class Bucket {
    private final double fullRate;
    private double rate;
    private double tokens = CAPACITY;
    private long filledAt;
    private long changedAt;

    private Bucket(double fullRate, long now) {
      this.fullRate = fullRate;
      this.rate = fullRate;
      this.filledAt = now;
      this.changedAt = now;
    }

    private void fill(long now) {
      if (rate < fullRate && now - changedAt >= CALM_MILLIS) {
        rate = Math.min(fullRate, rate * 1.5);
        changedAt = now;
      }
      tokens = Math.min(CAPACITY, tokens + (now - filledAt) / 1000.0 * rate);
      filledAt = now;
    }
  }

  private Bucket bucket(String action, long now) {
    Bucket bucket = buckets.computeIfAbsent(action, a -> new Bucket(a.startsWith("Describe") ? DESCRIBE_RATE : CHANGE_RATE, now));
    bucket.fill(now);
    return bucket;
  }

  /** Takes a token; false if there is none. */
  boolean take(String action, long now) {
    Bucket bucket = bucket(action, now);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  /** When there will be a token; now if there is one. */
  long ready(String action, long now) {
    Bucket bucket = bucket(action, now);
    return bucket.tokens >= 1 ? now : now + (long) Math.ceil((1 - bucket.tokens) / bucket.rate * 1000);
  }

  /** EC2 asked to slow down. */
  void throttled(String action, long now) {
    Bucket bucket = bucket(action, now);
    bucket.tokens = Math.min(bucket.tokens, 0);
    // Answers to calls that were all sent before the first of them came count once.
    if (bucket.rate == bucket.fullRate || now - bucket.changedAt >= 1000) {
      bucket.rate = Math.max(LEAST_RATE, bucket.rate / 2);
      bucket.changedAt = now;
    }
  }
}
