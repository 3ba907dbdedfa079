/**
 * All decisions of a node: one state machine, events in, effects out, time passed in as a value.
 */
@NullMarked
package dev.patchbay.core.brain;

import org.jspecify.annotations.NullMarked;
