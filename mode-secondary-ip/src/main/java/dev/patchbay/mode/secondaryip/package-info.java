/**
 * The mode {@code secondary-ip}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.secondaryip;

import org.jspecify.annotations.NullMarked;
