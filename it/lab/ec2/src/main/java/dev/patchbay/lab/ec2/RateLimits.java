package dev.patchbay.lab.ec2;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets that keep calls from coming too fast: one for each action, of the account, not of a caller. Shape and
 * figures: Amazon EC2 developer guide, "Request throttling"; AWS changes them, and an account's may differ. Immutable.
 */
public final class RateLimits {
  /** No limits. */
  public static final RateLimits NONE = new RateLimits(false, 1, Map.of());

  /** Those that AWS publishes. */
  public static final RateLimits PUBLISHED = new RateLimits(true, 1, Map.of());

  /**
   * A bucket.
   *
   * @param capacity how many calls may come at once
   * @param refillPerSecond how many calls may come every second from then on
   */
  public record Bucket(double capacity, double refillPerSecond) {}

  private static final Bucket READ = new Bucket(100, 20);
  private static final Bucket READ_EVERYTHING = new Bucket(50, 10);
  private static final Bucket CHANGE = new Bucket(50, 5);
  private static final Bucket CHANGE_INTERFACE = new Bucket(100, 5);
  private static final Bucket TAG = new Bucket(100, 10);
  private static final Bucket TERMINATE = new Bucket(100, 5);
  private static final Set<String> INTERFACE_ACTIONS =
      Set.of(
          "AssignIpv6Addresses",
          "AssignPrivateIpAddresses",
          "CreateNetworkInterface",
          "DeleteNetworkInterface",
          "DetachNetworkInterface",
          "UnassignIpv6Addresses",
          "UnassignPrivateIpAddresses");

  private final boolean limited;
  private final double factor;
  private final Map<String, Bucket> own;

  private RateLimits(boolean limited, double factor, Map<String, Bucket> own) {
    this.limited = limited;
    this.factor = factor;
    this.own = Map.copyOf(own);
  }

  /** The same with all buckets that many times as large and as fast: an account whose limits were raised, or lowered. */
  public RateLimits times(double more) {
    if (!(more > 0)) {
      throw new IllegalArgumentException("limits can't be multiplied by " + more);
    }
    return new RateLimits(limited, factor * more, own);
  }

  /** The same, with that bucket for that action; other actions are limited as before. */
  public RateLimits with(String action, Bucket bucket) {
    Map<String, Bucket> more = new HashMap<>(own);
    more.put(action, bucket);
    return new RateLimits(limited, factor, more);
  }

  /**
   * The bucket of an action, or null where there is no limit.
   *
   * @param narrowed whether a describe names ids or filters, or asks for pages
   */
  @Nullable Bucket of(String action, boolean narrowed) {
    Bucket set = own.get(action);
    if (set != null) {
      return set;
    }
    if (!limited) {
      return null;
    }
    Bucket published = published(action, narrowed);
    return new Bucket(Math.max(1, published.capacity() * factor), published.refillPerSecond() * factor);
  }

  private static Bucket published(String action, boolean narrowed) {
    if (action.startsWith("Describe") || action.startsWith("Get")) {
      return narrowed ? READ : READ_EVERYTHING;
    }
    if (INTERFACE_ACTIONS.contains(action)) {
      return CHANGE_INTERFACE;
    }
    if (action.equals("TerminateInstances")) {
      return TERMINATE;
    }
    return action.endsWith("Tags") ? TAG : CHANGE;
  }
}
