package dev.patchbay.simulation;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.salvage.KernelWitness;
import java.util.List;

/**
 * Breaks something that should hold, so that it can be seen whether the simulation finds it. The methods are called between the daemon's
 * parts; each returns what it is given unless a breach is planted there.
 */
public class Sabotage {
  /** Nothing is broken. */
  public static final Sabotage NONE = new Sabotage();

  /** Nothing is broken, unless a subclass does. */
  protected Sabotage() {}

  /**
   * Entries go to the disk.
   *
   * @param entries the entries that the brain wrote
   * @return those that reach the disk
   */
  public List<Entry> written(List<Entry> entries) {
    return entries;
  }

  /**
   * The disk acknowledges entries.
   *
   * @param entries the entries that reached it
   * @return those that it keeps
   */
  public List<Entry> kept(List<Entry> entries) {
    return entries;
  }

  /**
   * Entries are recovered at a start.
   *
   * @param entries what the disk has
   * @return what the ledger is told
   */
  public List<Entry> recovered(List<Entry> entries) {
    return entries;
  }

  /**
   * The ledger is damaged, and the kernel is asked.
   *
   * @param witnesses what the kernel shows
   * @return what is made of it
   */
  public List<KernelWitness> witnessed(List<KernelWitness> witnesses) {
    return witnesses;
  }

  /**
   * The brain wants something.
   *
   * @param effect the effect
   * @return what is done instead, in order
   */
  public List<Effect> wanted(Effect effect) {
    return List.of(effect);
  }
}
