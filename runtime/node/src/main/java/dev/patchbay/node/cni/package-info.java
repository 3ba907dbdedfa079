/**
 * CNI as the container runtime speaks it: requests checked, results in every version.
 */
@NullMarked
package dev.patchbay.node.cni;

import org.jspecify.annotations.NullMarked;
