/**
 * Renders datapath plans into the kernel, checks them there and takes them out again: {@link dev.patchbay.linux.datapath.KernelDatapath}.
 *
 * <p>Everything that is made carries a mark, and nothing without it is ever changed or removed: routes, rules and addresses a
 * protocol number, links a group and an alias that names the attachment, and packet filter objects a table of their own.
 */
@NullMarked
package dev.patchbay.linux.datapath;

import org.jspecify.annotations.NullMarked;
