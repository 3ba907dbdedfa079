/**
 * The mode {@code ipv6}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.ipv6;

import org.jspecify.annotations.NullMarked;
