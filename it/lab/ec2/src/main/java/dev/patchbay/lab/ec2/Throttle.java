package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A token bucket for each action, of the account, not of a caller. Shape and figures: Amazon EC2 developer guide,
 * "Request throttling"; AWS changes them, and an account's may differ.
 */
final class Throttle {
  private record Shape(double capacity, double refillPerSecond) {}

  private static final Shape READ = new Shape(100, 20);
  private static final Shape READ_EVERYTHING = new Shape(50, 10);
  private static final Shape CHANGE = new Shape(50, 5);
  private static final Shape CHANGE_INTERFACE = new Shape(100, 5);
  private static final Shape TAG = new Shape(100, 10);
  private static final Set<String> INTERFACE_ACTIONS =
      Set.of(
          "AssignIpv6Addresses",
          "AssignPrivateIpAddresses",
          "CreateNetworkInterface",
          "DeleteNetworkInterface",
          "DetachNetworkInterface",
          "UnassignIpv6Addresses",
          "UnassignPrivateIpAddresses");

  private static final class Bucket {
    final Shape shape;
    double tokens;
    Instant filled;

    Bucket(Shape shape, Instant now) {
      this.shape = shape;
      tokens = shape.capacity();
      filled = now;
    }
  }

  private final Map<String, Bucket> buckets = new HashMap<>();

  /** Takes a token, or refuses. */
  synchronized void take(String action, Form form, Instant now) {
    Shape shape = shape(action, form);
    Bucket bucket = buckets.computeIfAbsent(action + shape, key -> new Bucket(shape, now));
    double seconds = Math.max(0, Duration.between(bucket.filled, now).toNanos() / 1e9);
    bucket.tokens = Math.min(shape.capacity(), bucket.tokens + seconds * shape.refillPerSecond());
    bucket.filled = now;
    if (bucket.tokens < 1) {
      throw new Ec2Error(503, "RequestLimitExceeded", "Request limit exceeded.");
    }
    bucket.tokens -= 1;
  }

  private static Shape shape(String action, Form form) {
    if (action.startsWith("Describe")) {
      boolean narrowed =
          form.parameters().keySet().stream().anyMatch(name -> name.contains(".") || name.equals("MaxResults"));
      return narrowed ? READ : READ_EVERYTHING;
    }
    if (INTERFACE_ACTIONS.contains(action)) {
      return CHANGE_INTERFACE;
    }
    return action.endsWith("Tags") ? TAG : CHANGE;
  }
}
