package dev.patchbay.core.ledger;

/**
 * Bytes that should be an entry of the ledger are none, although their checksum is right: they were written by something else,
 * or by a version that this one can't read.
 */
public final class LedgerFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LedgerFormatException(String message) {
    super(message);
  }

  LedgerFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
