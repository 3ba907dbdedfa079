package dev.patchbay.wire;

/** What the executable says about the network namespace that {@code CNI_NETNS} names. */
public sealed interface NetnsReport {

  /** There was nothing to open: no path was given, or the verb has no namespace. */
  NetnsReport NONE = new None();

  /** It was opened; the descriptor comes with the request's first byte. */
  NetnsReport ATTACHED = new Attached();

  /** Nothing was to be opened. */
  record None() implements NetnsReport {}

  /** The descriptor is attached. */
  record Attached() implements NetnsReport {}

  /**
   * It could not be opened.
   *
   * @param errno why, as open(2) says it; 1 or more
   */
  record Failed(int errno) implements NetnsReport {
    /** Checks the range. */
    public Failed {
      Check.range("errno", errno, 1, Integer.MAX_VALUE);
    }
  }
}
