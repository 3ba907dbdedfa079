/** The cluster side: the controller and its replicas. */
@NullMarked
package dev.patchbay.it.e2e.cluster;

import org.jspecify.annotations.NullMarked;
