package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.KernelObject.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was seen where an object should be.
 *
 * @param state whether it is there
 * @param found what is there instead
 */
record Observation(State state, List<String> found) {
  static final Observation PRESENT = new Observation(State.PRESENT, List.of());
  static final Observation UNSEEN = new Observation(State.UNSEEN, List.of());

  Observation {
    found = List.copyOf(found);
  }

  static Observation missing(String found) {
    return new Observation(State.MISSING, List.of(found));
  }

  static Observation altered(String found) {
    return new Observation(State.ALTERED, List.of(found));
  }

  /** There, and altered if anything was found. */
  static Observation altered(Optional<String> found) {
    return found.map(Observation::altered).orElse(PRESENT);
  }

  /** The same, with more that is not as it should be. */
  Observation and(String more) {
    List<String> all = new ArrayList<>(found);
    all.add(more);
    return new Observation(state == State.PRESENT ? State.ALTERED : state, all);
  }

  boolean isPresent() {
    return state == State.PRESENT;
  }
}
