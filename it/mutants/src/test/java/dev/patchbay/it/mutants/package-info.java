/**
 * Mutants: core with one instruction changed at a time, on which its tests must fail. Made with the JDK's own class-file library, one after
 * another in one process, each with those tests alone that reach what was changed.
 */
@NullMarked
package dev.patchbay.it.mutants;

import org.jspecify.annotations.NullMarked;
