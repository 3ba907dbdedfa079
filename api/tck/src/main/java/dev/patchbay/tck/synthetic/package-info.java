/**
 * One small mode for each way of using the SPI. The runtime's tests compose and plan with them; a vendor finds in each the
 * shortest example of its way. They are no services: {@link dev.patchbay.tck.synthetic.SyntheticModes} makes them.
 */
@NullMarked
package dev.patchbay.tck.synthetic;

import org.jspecify.annotations.NullMarked;
