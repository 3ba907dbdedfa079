package dev.patchbay.cli;

/**
 * A command can't do what it was asked. The user sees the message and nothing else; the process ends with code 1.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes it.
   *
   * @param cause what failed and why, as a sentence
   * @param remedy what to do, as a sentence
   */
  public CommandException(String cause, String remedy) {
    super(cause + " " + remedy);
  }
}
