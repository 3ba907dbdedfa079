/**
 * Puts a ledger together again of which something was lost, from what is left of it and from what the kernel shows. It never guesses:
 * what no witness tells stays held, or is refused.
 */
@NullMarked
package dev.patchbay.core.salvage;

import org.jspecify.annotations.NullMarked;
