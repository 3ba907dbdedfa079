package dev.patchbay.netlink.route;

import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Locale;
import java.util.Optional;

/** What a route does with a packet ({@code RTN_*}). */
public enum RouteType {
  UNICAST(RouteConstants.RTN_UNICAST),
  LOCAL(RouteConstants.RTN_LOCAL),
  BROADCAST(RouteConstants.RTN_BROADCAST),
  ANYCAST(RouteConstants.RTN_ANYCAST),
  MULTICAST(RouteConstants.RTN_MULTICAST),
  /** Drops without a word. */
  BLACKHOLE(RouteConstants.RTN_BLACKHOLE),
  /** Drops and answers "host unreachable". */
  UNREACHABLE(RouteConstants.RTN_UNREACHABLE),
  /** Drops and answers "administratively prohibited". */
  PROHIBIT(RouteConstants.RTN_PROHIBIT),
  /** Ends the search in this table; the next rule is tried. */
  THROW(RouteConstants.RTN_THROW);

  private static final RouteType[] ALL = values();

  private final int number;

  RouteType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RouteType> of(int number) {
    for (RouteType type : ALL) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
