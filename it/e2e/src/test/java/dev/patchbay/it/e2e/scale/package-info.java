/** Many nodes and pods on one machine, and that nothing is left of a lab, however it ends. */
@NullMarked
package dev.patchbay.it.e2e.scale;

import org.jspecify.annotations.NullMarked;
