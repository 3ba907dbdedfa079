/**
 * The operator's command: what a subcommand is, and what it is given.
 */
@NullMarked
package dev.patchbay.cli;

import org.jspecify.annotations.NullMarked;
