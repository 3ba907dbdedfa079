/** Probe. */
@org.jspecify.annotations.NullMarked
package dev.patchbay.spi;
