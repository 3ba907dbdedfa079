package dev.patchbay.linux.socket;

/** The caller hung up, or its call was answered, before what was asked of it was done. */
public final class CallerGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallerGoneException(String message) {
    super(message);
  }
}
