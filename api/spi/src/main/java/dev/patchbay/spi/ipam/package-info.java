/**
 * The IPAM SPI: where addresses come from, how much stock is held, and what a pod gets.
 */
@NullMarked
package dev.patchbay.spi.ipam;

import org.jspecify.annotations.NullMarked;
