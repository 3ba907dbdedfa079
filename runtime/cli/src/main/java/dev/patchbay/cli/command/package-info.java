/**
 * The commands that every installation has.
 */
@NullMarked
package dev.patchbay.cli.command;

import org.jspecify.annotations.NullMarked;
