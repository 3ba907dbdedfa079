/**
 * The mode {@code prefix}. Nothing is exported: the runtime finds the provider as a service.
 */
@NullMarked
package dev.patchbay.mode.prefix;

import org.jspecify.annotations.NullMarked;
