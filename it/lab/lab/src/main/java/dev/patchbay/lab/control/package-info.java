/** A lab in a process of its own, and how other processes talk to it. */
@NullMarked
package dev.patchbay.lab.control;

import org.jspecify.annotations.NullMarked;
