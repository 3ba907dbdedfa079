/** Debian's containerd on a node of the lab: {@code ctr}, and the way in which kubelet asks for pods. */
@NullMarked
package dev.patchbay.it.e2e.containerd;

import org.jspecify.annotations.NullMarked;
