package dev.patchbay.it.mutants;

import java.util.BitSet;

/** What changed classes call: which changes a test reaches, and how many rounds its loops make. Of one thread. */
public final class Probe {
  private static final BitSet REACHED = new BitSet();
  private static long rounds;
  private static long most = Long.MAX_VALUE;

  private Probe() {}

  /** A loop that does not end: a test on a mutant has used up many times what it needs. */
  static final class Endless extends Error {
    private static final long serialVersionUID = 1;

    Endless() {
      super("a loop of a mutant does not end");
    }
  }

  /**
   * The place of a change is reached.
   *
   * @param change the number of the change
   */
  public static void reached(int change) {
    REACHED.set(change);
  }

  /** A loop begins its next round. */
  public static void round() {
    if (++rounds > most) {
      throw new Endless();
    }
  }

  static void begin(long mostRounds) {
    REACHED.clear();
    rounds = 0;
    most = mostRounds;
  }

  static BitSet reached() {
    return (BitSet) REACHED.clone();
  }

  static long rounds() {
    return rounds;
  }
}
