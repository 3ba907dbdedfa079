/**
 * The scan of class files that finds what a mode must not do.
 */
@NullMarked
package dev.patchbay.launch.scan;

import org.jspecify.annotations.NullMarked;
