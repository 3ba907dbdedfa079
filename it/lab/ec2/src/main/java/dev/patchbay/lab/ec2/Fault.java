package dev.patchbay.lab.ec2;

import java.time.Duration;

/**
 * Something that goes wrong with a call.
 *
 * <p>Faults are for the lab's tests and its command line; see {@link Faults}.
 */
public sealed interface Fault {
  /**
   * The call is refused and changes nothing.
   *
   * @param status the HTTP status
   * @param code the error code
   * @param message the error's text
   */
  record Refuse(int status, String code, String message) implements Fault {
    /** EC2's answer when calls come too fast. */
    public static Refuse throttled() {
      return new Refuse(503, "RequestLimitExceeded", "Request limit exceeded.");
    }

    /** EC2's answer when it fails itself. */
    public static Refuse internal() {
      return new Refuse(500, "InternalError", "An internal error has occurred");
    }
  }

  /** The call is applied, then the connection is cut without an answer. */
  record LoseAnswer() implements Fault {}

  /**
   * The call is applied and answered late.
   *
   * @param delay how late
   */
  record Delay(Duration delay) implements Fault {}
}
