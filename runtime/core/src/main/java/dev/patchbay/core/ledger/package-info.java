/**
 * Who has which address, written down before it is promised: entries, their bytes, and what they add up to.
 */
@NullMarked
package dev.patchbay.core.ledger;

import org.jspecify.annotations.NullMarked;
