/**
 * Histories: what a seed expands to, how it is told, watched, and shrunk.
 */
@NullMarked
package dev.patchbay.simulation;

import org.jspecify.annotations.NullMarked;
