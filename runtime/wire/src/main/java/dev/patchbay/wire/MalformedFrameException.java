package dev.patchbay.wire;

/** Bytes that are no frame of this protocol. The message says what is wrong and where, fit for a log. */
public final class MalformedFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** It does not begin like a frame. */
    MAGIC,
    /** It is written in a protocol version that this codec does not speak. */
    VERSION,
    /** Its type is unknown, or not one that may stand here. */
    TYPE,
    /** It is longer than {@link FrameCodec#MAX_FRAME}. */
    TOO_LARGE,
    /** It ends too early, or has bytes after its end. */
    LENGTH,
    /** A field that must be there is not, or a field stands there twice. */
    FIELD_COUNT,
    /** The value of a field has the wrong length, is out of range or is no UTF-8. */
    FIELD_VALUE
  }

  private final Reason reason;

  /** With words for a log. */
  public MalformedFrameException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What is wrong. */
  public Reason reason() {
    return reason;
  }
}
