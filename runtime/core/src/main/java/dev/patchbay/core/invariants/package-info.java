/**
 * What must be true of a node, whatever fails: in words, and as pure functions over what its ledger, its kernel and its cloud say. The
 * same everywhere: in simulations, on the lab, and by {@code patchbay audit} on a live node.
 */
@NullMarked
package dev.patchbay.core.invariants;

import org.jspecify.annotations.NullMarked;
