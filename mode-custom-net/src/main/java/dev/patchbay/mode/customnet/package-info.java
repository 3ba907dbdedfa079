/**
 * The mode {@code custom-net}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.customnet;

import org.jspecify.annotations.NullMarked;
