package dev.patchbay.lab.calls;

import java.util.Map;
import java.util.Set;

/** A service of the lab that shows faults. Called on the thread of whoever asks for the fault. */
public interface Breakable {
  /** Its name in a {@link Target}. */
  String service();

  /** The words of the effects on calls that it can show, of those that {@link Effect} has; it asks for them by {@link Faults#strike}. */
  Set<String> words();

  /**
   * Refuses a fault that it could not show, such as one with a code that it does not know.
   *
   * @throws IllegalArgumentException with the reason
   */
  default void check(Fault fault) {}

  /** What it can do at once, by word, each with what its argument is and what happens. */
  default Map<String, String> acts() {
    return Map.of();
  }

  /**
   * Does one of {@link #acts}.
   *
   * @return what undoes it, when the fault is taken back or its time is over
   * @throws IllegalArgumentException if it can't be done to that argument, with the reason
   */
  default Runnable act(String word, String argument) {
    throw new IllegalArgumentException(service() + " can't " + word);
  }
}
