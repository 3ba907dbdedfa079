package dev.patchbay.store;

import org.jspecify.annotations.Nullable;

/**
 * Something could not be written or read. What the exception was thrown for is not promised: it is not in the journal, or, after
 * {@link Kind#DEVICE}, at most as a record that a recovery may find again.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  StoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * {@return what kind of failure it is}
   */
  public Kind kind() {
    return kind;
  }

  /** Kinds of failures. */
  public enum Kind {
    /** The file system is full (ENOSPC) or a quota is used up; works again when there is room. */
    FULL,
    /** The file system is read-only (EROFS). */
    READ_ONLY,
    /** The device failed (EIO). */
    DEVICE,
    /** Another process has the journal. */
    LOCKED,
    /** The journal was written by a version that this one can't read. */
    VERSION,
    /** The journal was closed. */
    CLOSED,
    /** Anything else; the message says what. */
    OTHER
  }
}
