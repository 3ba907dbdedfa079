/**
 * Journals on files: {@link dev.patchbay.store.Journal} over a {@link dev.patchbay.store.Storage}.
 *
 * <p>A journal is a folder of segments and snapshots. Segments hold records in the order of their numbers; a snapshot holds the
 * state as of a number, after which only the records above it are needed. Every file begins with a header and every record with
 * its length and CRC-32C, so that what a crash left half written is told from what was altered later.
 */
@NullMarked
package dev.patchbay.store;

import org.jspecify.annotations.NullMarked;
