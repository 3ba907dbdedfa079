/** A node and its API server: heard, away, late, cut off; what the node writes there, and what its labels choose. */
@NullMarked
package dev.patchbay.it.e2e.apiserver;

import org.jspecify.annotations.NullMarked;
