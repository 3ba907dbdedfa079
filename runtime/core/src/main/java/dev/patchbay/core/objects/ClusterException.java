package dev.patchbay.core.objects;

/**
 * The API server could not be asked. The message says what failed and why, for people.
 */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes it.
   *
   * @param message what failed and why
   * @param cause what was thrown
   */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
