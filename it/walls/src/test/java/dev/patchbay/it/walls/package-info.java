/** The walls of the architecture: who may know whom, and what each may use. */
@NullMarked
package dev.patchbay.it.walls;

import org.jspecify.annotations.NullMarked;
