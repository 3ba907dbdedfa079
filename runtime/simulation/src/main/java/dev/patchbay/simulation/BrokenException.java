package dev.patchbay.simulation;

/** An invariant does not hold: the history ends here. */
final class BrokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Violation violation;

  BrokenException(Violation violation) {
    super(violation.toString());
    this.violation = violation;
  }

  BrokenException(Way way, String node, String words) {
    this(new Violation(way.id(), node, words));
  }

  Violation violation() {
    return violation;
  }
}
