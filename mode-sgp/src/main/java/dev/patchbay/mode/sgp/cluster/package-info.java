/**
 * The cluster side of the mode {@code sgp}: trunks for nodes, branches for pods.
 */
@NullMarked
package dev.patchbay.mode.sgp.cluster;

import org.jspecify.annotations.NullMarked;
