/**
 * The Linux machine that a node runs on: sysctls, kernel features, devices, the boot.
 */
@NullMarked
package dev.patchbay.linux.host;

import org.jspecify.annotations.NullMarked;
