package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.NetlinkConstants;

/** The part of the kernel that a netlink socket talks to. */
public enum Protocol {
  /** rtnetlink(7). */
  ROUTE(NetlinkConstants.NETLINK_ROUTE),
  /** nftables and conntrack. */
  NETFILTER(NetlinkConstants.NETLINK_NETFILTER);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
