package dev.patchbay.lab;

/** What the lab could not do, why, and what to do about it. */
public class LabException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message for a person. */
  public LabException(String message) {
    super(message);
  }

  /** With a message for a person, and what it came from. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
