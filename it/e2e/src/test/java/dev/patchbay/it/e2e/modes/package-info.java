/** Each mode and each combination of modes on real packets: the same cells for all, and what one of them has for itself. */
@NullMarked
package dev.patchbay.it.e2e.modes;

import org.jspecify.annotations.NullMarked;
