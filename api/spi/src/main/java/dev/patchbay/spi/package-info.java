/**
 * The contract between networking modes and the runtime: how a mode describes itself, how planners answer, and the codes
 * in which everything speaks of failures.
 *
 * <p>A mode is a set of pure functions. Start with {@link dev.patchbay.spi.NetworkModeProvider}.
 */
@NullMarked
package dev.patchbay.spi;

import org.jspecify.annotations.NullMarked;
