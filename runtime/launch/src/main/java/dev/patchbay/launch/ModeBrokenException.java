package dev.patchbay.launch;

/**
 * The code of a mode did not do what it must when it was asked what it is, or made. The message says what it did, as the end of a
 * sentence: {@code threw java.lang.NullPointerException}.
 */
public final class ModeBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ModeBrokenException(String what) {
    super(what);
  }

  ModeBrokenException(String what, Throwable cause) {
    super(what, cause);
  }
}
