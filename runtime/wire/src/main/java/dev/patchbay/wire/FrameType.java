package dev.patchbay.wire;

import java.util.Optional;

/** The kinds of frames, with their numbers on the wire. */
public enum FrameType {
  /** {@link CniRequest}, executable to daemon. */
  REQUEST(1),
  /** {@link CniAnswer}, daemon to executable; ends the call. */
  ANSWER(2),
  /** {@link CniRefusal}, daemon to executable; ends the call. */
  REFUSAL(3),
  /** {@link DelegateRun}, daemon to executable. */
  RUN(4),
  /** {@link DelegateOutcome}, executable to daemon. */
  RAN(5);

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  /** The number in the header, 1 to 255. */
  public int number() {
    return number;
  }

  /** The type of that number, empty when there is none. */
  public static Optional<FrameType> of(int number) {
    for (FrameType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
