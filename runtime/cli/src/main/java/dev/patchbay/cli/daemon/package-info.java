/**
 * The way to the daemon of a node, for commands: where it is, what it answers, and what to say when it does not.
 */
@NullMarked
package dev.patchbay.cli.daemon;

import org.jspecify.annotations.NullMarked;
