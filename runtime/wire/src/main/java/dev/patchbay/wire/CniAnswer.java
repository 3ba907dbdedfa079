package dev.patchbay.wire;

/**
 * The end of a call: what the executable prints, and how it exits.
 *
 * @param exitCode 0 for success, otherwise an error; 0 to 255
 * @param standardOutput a CNI result, a CNI error object, or nothing
 * @param standardError text for the container runtime's log
 */
public record CniAnswer(int exitCode, Payload standardOutput, Payload standardError) implements Frame {

  /** Checks the range. */
  public CniAnswer {
    Check.range("exitCode", exitCode, 0, 255);
  }

  /** Success with this JSON on stdout (empty where the verb has no output). */
  public static CniAnswer success(String json) {
    return new CniAnswer(0, Payload.utf8(json), Payload.EMPTY);
  }

  /** Failure with this CNI error object on stdout; exit code 1, as libcni's plugins have it. */
  public static CniAnswer failure(String errorJson) {
    return new CniAnswer(1, Payload.utf8(errorJson), Payload.EMPTY);
  }

  @Override
  public FrameType type() {
    return FrameType.ANSWER;
  }
}
