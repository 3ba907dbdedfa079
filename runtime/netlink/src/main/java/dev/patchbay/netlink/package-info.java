/**
 * The transport that all netlink families share: sockets, batches, messages and errors; and network namespaces.
 *
 * <p>Everything here blocks in system calls. Call it from platform threads: a downcall pins a virtual thread's carrier.
 */
@NullMarked
package dev.patchbay.netlink;

import org.jspecify.annotations.NullMarked;
