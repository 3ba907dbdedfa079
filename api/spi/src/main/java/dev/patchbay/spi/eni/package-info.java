/**
 * The ENI-management SPI: lanes, that is classes of interfaces, and what modes may say of them.
 */
@NullMarked
package dev.patchbay.spi.eni;

import org.jspecify.annotations.NullMarked;
