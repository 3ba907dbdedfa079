/**
 * What the runtime shows to modes: the world at one moment, as immutable views. Interfaces only, implemented by the
 * runtime (and by {@code dev.patchbay.tck} for tests); they may get methods at any minor version.
 */
@NullMarked
package dev.patchbay.spi.view;

import org.jspecify.annotations.NullMarked;
