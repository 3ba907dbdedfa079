/**
 * What makers of modes ask: whether a node would take a module file, and a project to begin with.
 */
@NullMarked
package dev.patchbay.cli.vendor;

import org.jspecify.annotations.NullMarked;
