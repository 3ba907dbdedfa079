/**
 * What a {@link dev.patchbay.launch.Program} gets from the launcher: its arguments, its later layers, and modes.
 */
@NullMarked
package dev.patchbay.launch;

import org.jspecify.annotations.NullMarked;
