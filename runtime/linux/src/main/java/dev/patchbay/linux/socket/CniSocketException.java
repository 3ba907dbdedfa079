package dev.patchbay.linux.socket;

/** The CNI socket cannot be opened or served. The message says what failed, why and what to do. */
public final class CniSocketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CniSocketException(String message) {
    super(message);
  }

  CniSocketException(String message, Throwable cause) {
    super(message, cause);
  }

  CniSocketException(String what, int errno) {
    super(what + " failed with errno " + errno);
  }
}
