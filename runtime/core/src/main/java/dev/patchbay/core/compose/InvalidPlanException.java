package dev.patchbay.core.compose;

/**
 * A mode answered with what the SPI does not allow. The message is the end of a sentence that begins with the mode's name.
 */
public final class InvalidPlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes it.
   *
   * @param message what it answered, as the end of a sentence that begins with the mode's name
   */
  public InvalidPlanException(String message) {
    super(message);
  }
}
