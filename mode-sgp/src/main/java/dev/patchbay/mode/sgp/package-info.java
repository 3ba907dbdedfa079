/**
 * The mode {@code sgp}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.sgp;

import org.jspecify.annotations.NullMarked;
