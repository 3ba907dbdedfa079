package dev.patchbay.wire;

/**
 * How a delegate plugin ended.
 *
 * @param id that of its {@link DelegateRun}
 * @param ending how it ended
 * @param value what {@code ending} says: exit code, signal, milliseconds, bytes or errno; 0 to 2^31-1
 * @param standardOutput what it printed, up to the run's limit; of a plugin that was killed, what there was
 * @param standardError what it wrote for logs, up to the run's limit
 * @param message words when it was not started, otherwise empty
 */
public record DelegateOutcome(
    int id, Ending ending, int value, Payload standardOutput, Payload standardError, String message) implements Frame {

  /** The ways in which a plugin ends; the position is the number on the wire. */
  public enum Ending {
    /** By itself; the value is the exit code, 0 to 255. */
    EXITED,
    /** By a signal that was not ours; the value is its number. */
    SIGNALLED,
    /** Killed at its time limit; the value is the limit in milliseconds. */
    TIMED_OUT,
    /** Killed because it printed too much; the value is the limit in bytes. */
    TOO_MUCH_OUTPUT,
    /** It could not be found or executed; the value is the errno. */
    NOT_STARTED
  }

  /** Checks the ranges. */
  public DelegateOutcome {
    Check.range("id", id, 0, Integer.MAX_VALUE);
    Check.range("value", value, 0, Integer.MAX_VALUE);
  }

  /** Whether it ended by itself with exit code 0. */
  public boolean succeeded() {
    return ending == Ending.EXITED && value == 0;
  }

  @Override
  public FrameType type() {
    return FrameType.RAN;
  }
}
