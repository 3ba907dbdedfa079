/** The commands of {@code patchbay lab}. */
@NullMarked
package dev.patchbay.lab.command;

import org.jspecify.annotations.NullMarked;
