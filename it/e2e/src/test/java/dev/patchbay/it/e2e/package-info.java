/**
 * The whole of Patchbay on the lab, and what such tests share: {@link dev.patchbay.it.e2e.Labs} starts a lab,
 * {@link dev.patchbay.it.e2e.Pods} adds many pods at once, {@link dev.patchbay.it.e2e.Until} waits,
 * {@link dev.patchbay.it.e2e.Ec2Calls} and {@link dev.patchbay.it.e2e.Probe} say what came of it.
 *
 * <p>Classes run beside each other, so each starts labs of its own, and leaves nothing of the process or the machine changed.
 */
@NullMarked
package dev.patchbay.it.e2e;

import org.jspecify.annotations.NullMarked;
