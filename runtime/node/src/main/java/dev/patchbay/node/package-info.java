/**
 * The daemon of a node.
 */
@NullMarked
package dev.patchbay.node;

import org.jspecify.annotations.NullMarked;
