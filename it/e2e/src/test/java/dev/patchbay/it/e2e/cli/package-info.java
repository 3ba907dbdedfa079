/**
 * The operator's command as a process of its own, beside the real daemon.
 */
@NullMarked
package dev.patchbay.it.e2e.cli;

import org.jspecify.annotations.NullMarked;
