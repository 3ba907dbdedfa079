/**
 * rtnetlink(7), typed: links, addresses, routes, rules and neighbours, as requests, as dumps and as events.
 *
 * <p>Start at {@link dev.patchbay.netlink.route.RouteSocket}.
 */
@NullMarked
package dev.patchbay.netlink.route;

import org.jspecify.annotations.NullMarked;
