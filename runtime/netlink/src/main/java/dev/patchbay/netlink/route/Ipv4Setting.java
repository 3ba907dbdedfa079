package dev.patchbay.netlink.route;

import dev.patchbay.netlink.sys.RouteConstants;

/** Settings of a link under {@code /proc/sys/net/ipv4/conf/} (ip-sysctl in the kernel's documentation). */
public enum Ipv4Setting {
  FORWARDING(RouteConstants.IPV4_DEVCONF_FORWARDING),
  PROXY_ARP(RouteConstants.IPV4_DEVCONF_PROXY_ARP),
  /** 0 no check of the source address, 1 strict, 2 loose. */
  RP_FILTER(RouteConstants.IPV4_DEVCONF_RP_FILTER),
  ARP_IGNORE(RouteConstants.IPV4_DEVCONF_ARP_IGNORE);

  private final int number;

  Ipv4Setting(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
