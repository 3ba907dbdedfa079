/**
 * The adapters of the runtime, tried on the lab.
 */
@NullMarked
package dev.patchbay.it.adapters;

import org.jspecify.annotations.NullMarked;
