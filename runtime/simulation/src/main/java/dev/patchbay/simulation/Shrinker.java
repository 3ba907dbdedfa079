package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Fault;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** Makes a history that violates an invariant as short as can be: with fewer steps, then with fewer faults, violating the same. */
public final class Shrinker {
  /**
   * What is left of a history.
   *
   * @param history the history
   * @param steps the steps that are taken
   * @param outcome what comes of it, told
   */
  public record Shrunk(History history, BitSet steps, Outcome outcome) {
    /**
     * {@return the options of {@code patchbay simulate} that show it again, after those that choose the modes}
     */
    public String options() {
      StringBuilder options = new StringBuilder("--seed ").append(history.seed());
      if (history.steps() != History.STEPS) {
        options.append(" --steps ").append(history.steps());
      }
      options.append(" --only ").append(steps.isEmpty() ? "none" : ranges(steps)).append(" --faults ");
      return options.append(history.faults().isEmpty() ? "none"
          : String.join(",", history.faults().stream().map(Fault::id).toList())).toString();
    }
  }

  private final String invariant;
  private History best;
  private BitSet steps;

  private Shrinker(History history, String invariant, int taken) {
    this.invariant = invariant;
    this.steps = new BitSet();
    for (int step = 0; step < taken; step++) {
      steps.set(step, history.left().test(step));
    }
    this.best = with(history, steps);
  }

  private static History with(History history, BitSet some) {
    BitSet kept = (BitSet) some.clone();
    return history.with(history.steps(), kept::get);
  }

  /**
   * Shrinks a history.
   *
   * @param history a history that violates an invariant
   * @return what is left of it
   * @throws IllegalArgumentException if it violates none
   */
  public static Shrunk shrink(History history) {
    Outcome outcome = history.run(false);
    String invariant = outcome.violation().orElseThrow(() -> new IllegalArgumentException("the history violates nothing")).invariant();
    Shrinker shrinker = new Shrinker(history, invariant, outcome.steps());
    shrinker.steps();
    shrinker.faults();
    shrinker.steps();
    return new Shrunk(shrinker.best, shrinker.steps, shrinker.best.run(true));
  }

  private boolean violates(History history) {
    Predicate<Violation> same = v -> v.invariant().equals(invariant);
    return history.run(false).violation().filter(same).isPresent();
  }

  /** Leaves out one run of steps after the other, shorter and shorter ones. */
  private void steps() {
    for (int size = Math.max(1, steps.cardinality() / 2); size >= 1; size /= 2) {
      boolean again = true;
      while (again) {
        again = false;
        for (int from = steps.nextSetBit(0); from >= 0; from = steps.nextSetBit(from)) {
          BitSet fewer = (BitSet) steps.clone();
          int end = from;
          for (int n = 0; n < size && end >= 0; n++) {
            fewer.clear(end);
            end = steps.nextSetBit(end + 1);
          }
          History shorter = with(best, fewer);
          if (violates(shorter)) {
            steps = fewer;
            best = shorter;
            again = true;
          }
          if (end < 0) {
            break;
          }
          from = end;
        }
      }
    }
  }

  private void faults() {
    for (Fault fault : Fault.values()) {
      if (best.faults().contains(fault)) {
        Set<Fault> fewer = EnumSet.copyOf(best.faults());
        fewer.remove(fault);
        History less = best.with(fewer);
        if (violates(less)) {
          best = less;
        }
      }
    }
  }

  /** Numbers as people write them: {@code 3,7-9}. */
  static String ranges(BitSet set) {
    StringBuilder text = new StringBuilder();
    for (int from = set.nextSetBit(0); from >= 0;) {
      int to = set.nextClearBit(from) - 1;
      text.append(text.isEmpty() ? "" : ",").append(from).append(to > from ? "-" + to : "");
      from = set.nextSetBit(to + 1);
    }
    return text.toString();
  }

  /**
   * Reads such numbers.
   *
   * @param text the text, {@code none} for none
   * @return the numbers
   * @throws IllegalArgumentException if it has another form
   */
  public static BitSet steps(String text) {
    BitSet set = new BitSet();
    if (text.equals("none")) {
      return set;
    }
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,6}(-[0-9]{1,6})?")) {
        throw new IllegalArgumentException("\"" + part + "\" is neither a number nor two with a dash between");
      }
      String[] ends = part.split("-", -1);
      set.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
    }
    return set;
  }
}
