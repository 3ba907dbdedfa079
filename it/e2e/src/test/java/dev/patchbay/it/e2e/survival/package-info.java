/**
 * What goes wrong around a node, on the lab: calls that should not come, callers and daemons that are killed, configuration that is
 * wrong. {@link dev.patchbay.it.e2e.survival.Executable} calls the executable as no container runtime would,
 * {@link dev.patchbay.it.e2e.survival.Kernel} shows what a node's kernel has, and {@link dev.patchbay.it.e2e.survival.Agreement} finds
 * where ledger, kernel and EC2 differ.
 */
@NullMarked
package dev.patchbay.it.e2e.survival;

import org.jspecify.annotations.NullMarked;
