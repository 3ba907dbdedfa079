package dev.patchbay.lab.vpc;

/**
 * A refusal by EC2: its code, and a message in the wording class of the real one.
 *
 * <p>Whoever throws it has changed nothing. Codes: EC2 API reference, "Error codes for the Amazon EC2 API".
 */
public final class Ec2Error extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final int status;

  /** A refusal with HTTP status 400. */
  public Ec2Error(String code, String message) {
    this(400, code, message);
  }

  /** A refusal with another HTTP status: 403 for authorisation, 500 and 503 for the server's own faults. */
  public Ec2Error(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** EC2's error code, such as {@code InvalidSubnetID.NotFound}. */
  public String code() {
    return code;
  }

  /** The HTTP status that carries it. */
  public int status() {
    return status;
  }

  /** EC2's message, without the code. */
  public String text() {
    return String.valueOf(getMessage());
  }

  @Override
  public String toString() {
    return code + ": " + getMessage();
  }
}
