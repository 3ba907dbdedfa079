package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Request;

/** Prefixes and requests by number. */
public final class IpPrefixes {
  private IpPrefixes() {}

  /** A /32 below 10.0.0.0/16, different for 0 to 65535. */
  public static IpPrefix tenDot(int number) {
    return IpPrefix.of("10.0." + (number >> 8) + "." + (number & 255) + "/32");
  }

  /** A dump of all IPv4 routes. */
  public static Request dumpOfIpv4Routes() {
    return new RouteQuery(Family.IPV4, RouteFilter.all());
  }
}
