/**
 * The mode {@code multus}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.multus;

import org.jspecify.annotations.NullMarked;
