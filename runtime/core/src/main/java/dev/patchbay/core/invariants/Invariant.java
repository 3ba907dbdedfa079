package dev.patchbay.core.invariants;

import java.util.List;
import java.util.function.Function;

/**
 * Something that must be true of a node.
 *
 * @param name a word or two, stable: tools read it
 * @param words what must be true, as a sentence
 * @param remedy what a person does about a breach, as a sentence
 * @param holds when it must be true
 * @param check finds the breaches in a look; none if the look has not what it needs
 */
public record Invariant(String name, String words, String remedy, Holds holds, Function<Look, List<Breach>> check) {
  /** When an invariant must be true. */
  public enum Holds {
    /** At every instant. */
    ALWAYS,
    /** When nothing is under way and no fault lasts: what a look finds and a later one does not was a step of the work. */
    SETTLED
  }

  /**
   * {@return the breaches that a look shows}
   * @param look the look
   */
  public List<Breach> breaches(Look look) {
    return check.apply(look);
  }
}
