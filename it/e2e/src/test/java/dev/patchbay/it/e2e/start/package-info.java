/** How the daemon starts. */
@NullMarked
package dev.patchbay.it.e2e.start;

import org.jspecify.annotations.NullMarked;
