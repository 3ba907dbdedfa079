/**
 * The kernel's table of connections: what is in it, and forgetting those of an address.
 *
 * <p>Start at {@link dev.patchbay.netlink.conntrack.ConntrackSocket}.
 */
@NullMarked
package dev.patchbay.netlink.conntrack;

import org.jspecify.annotations.NullMarked;
