package dev.patchbay.launch;

/**
 * The installation is not as the launcher needs it: a layer is missing or can't be built, a program is not there. The
 * message says what, why, and what to do.
 */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes an exception.
   *
   * @param message what failed, why, and what to do
   */
  public LaunchException(String message) {
    super(message);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what failed, why, and what to do
   * @param cause what was thrown
   */
  public LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
