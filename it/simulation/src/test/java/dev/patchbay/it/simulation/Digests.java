package dev.patchbay.it.simulation;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.History;
import java.util.List;

/** Prints the digests of some histories of all built-in modes; a process of its own for {@link TwoProcessesTest}. */
public final class Digests {
  private Digests() {}

  /**
   * Prints them.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    for (List<Choice> family : BuiltIn.families()) {
      for (long seed = 0; seed < 4; seed++) {
        System.out.println(seed + " " + Long.toHexString(History.of(seed, family).run(false).digest()));
      }
    }
  }
}
