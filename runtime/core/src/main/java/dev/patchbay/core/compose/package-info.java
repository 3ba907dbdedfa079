/**
 * How modes combine: the rules, checked at start, with answers that a person can act on.
 */
@NullMarked
package dev.patchbay.core.compose;

import org.jspecify.annotations.NullMarked;
