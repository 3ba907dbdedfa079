package dev.patchbay.core.cloud;

/**
 * The cloud could not be asked. The message says what failed and why, for people.
 */
public final class CloudException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes it.
   *
   * @param message what failed and why
   * @param cause what was thrown
   */
  public CloudException(String message, Throwable cause) {
    super(message, cause);
  }
}
