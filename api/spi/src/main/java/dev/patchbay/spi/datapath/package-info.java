/**
 * The datapath SPI: the closed vocabulary of plan elements, for the node and for one attachment.
 *
 * <p>Elements name what should exist, or, as intent, what should hold; the runtime renders intent in its own way and keeps
 * both in the ledger. Devices, tables and priorities are named by symbol; the runtime gives them indexes and numbers.
 */
@NullMarked
package dev.patchbay.spi.datapath;

import org.jspecify.annotations.NullMarked;
