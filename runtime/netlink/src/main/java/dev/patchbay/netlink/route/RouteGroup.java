package dev.patchbay.netlink.route;

import dev.patchbay.netlink.sys.RouteConstants;

/** What to be told of. */
public enum RouteGroup {
  LINKS(RouteConstants.RTNLGRP_LINK),
  ADDRESSES(RouteConstants.RTNLGRP_IPV4_IFADDR, RouteConstants.RTNLGRP_IPV6_IFADDR),
  ROUTES(RouteConstants.RTNLGRP_IPV4_ROUTE, RouteConstants.RTNLGRP_IPV6_ROUTE),
  RULES(RouteConstants.RTNLGRP_IPV4_RULE, RouteConstants.RTNLGRP_IPV6_RULE),
  NEIGHBOURS(RouteConstants.RTNLGRP_NEIGH);

  private final int[] numbers;

  RouteGroup(int... numbers) {
    this.numbers = numbers;
  }

  int[] numbers() {
    return numbers.clone();
  }
}
