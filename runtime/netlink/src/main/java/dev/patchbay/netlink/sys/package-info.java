/**
 * C structs, constants and system calls. Not exported: sizes, offsets and values here are facts about the kernel's headers,
 * and a test compares each of them with what a C compiler says.
 */
@NullMarked
package dev.patchbay.netlink.sys;

import org.jspecify.annotations.NullMarked;
