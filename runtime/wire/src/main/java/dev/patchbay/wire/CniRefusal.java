package dev.patchbay.wire;

/**
 * The end of a call by an error. The executable makes the CNI error object of it, in the {@code cniVersion} of its
 * configuration, so whoever refuses needs to know no JSON. The one frame that never changes its form.
 *
 * @param code CNI error code, 1 to 2^31-1 (CNI specification 1.1.0, section 5; from 100 on our own)
 * @param message what failed and what to do, a sentence
 * @param details more about it, or empty
 */
public record CniRefusal(int code, String message, String details) implements Frame {
  /** CNI error code: a variable of the environment is missing or wrong. */
  public static final int INVALID_ENVIRONMENT = 4;
  /** CNI error code: reading or writing failed. */
  public static final int IO_FAILURE = 5;
  /** CNI error code: what was received cannot be decoded. */
  public static final int DECODING_FAILURE = 6;
  /** CNI error code: transient, try again later. */
  public static final int TRY_AGAIN_LATER = 11;
  /** Our own error code: the caller may not use the daemon's socket. */
  public static final int NOT_PERMITTED = 590;
  /** Our own error code: executable and daemon have no protocol version in common. */
  public static final int PROTOCOL_MISMATCH = 591;
  /** CNI error code: an error inside the plugin, as libcni has it. */
  public static final int INTERNAL = 999;

  /** Checks the range. */
  public CniRefusal {
    Check.range("code", code, 1, Integer.MAX_VALUE);
    if (message.isEmpty()) {
      throw new IllegalArgumentException("message must say what failed");
    }
  }

  @Override
  public FrameType type() {
    return FrameType.REFUSAL;
  }
}
