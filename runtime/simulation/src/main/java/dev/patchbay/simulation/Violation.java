package dev.patchbay.simulation;

/**
 * An invariant did not hold.
 *
 * @param invariant the invariant's name
 * @param node the node on which it did not
 * @param words what was found instead
 */
public record Violation(String invariant, String node, String words) {
  @Override
  public String toString() {
    return invariant + " on " + node + ": " + words;
  }
}
