/**
 * The mode's part in admission.
 */
@NullMarked
package dev.patchbay.mode.sgp.admission;

import org.jspecify.annotations.NullMarked;
