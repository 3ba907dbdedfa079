package dev.patchbay.lab.ec2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Faults that were asked for. Thread-safe. The first rule that fits a call decides. */
public final class Faults {
  private static final class Rule {
    final String action;
    final Fault fault;
    final double probability;
    final SplittableRandom random;
    final Instant until;
    int left;

    Rule(String action, Fault fault, int left, double probability, long seed, Instant until) {
      this.action = action;
      this.fault = fault;
      this.left = left;
      this.probability = probability;
      this.random = new SplittableRandom(seed);
      this.until = until;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  Faults() {}

  /**
   * For the next calls.
   *
   * @param action the EC2 action; {@code *} for every one
   * @param calls how many
   */
  public void next(String action, int calls, Fault fault) {
    add(new Rule(action, fault, calls, 1, 0, Instant.MAX));
  }

  /**
   * At random.
   *
   * @param probability 0 to 1
   * @param seed the same seed gives the same sequence of faults
   */
  public void sometimes(String action, double probability, long seed, Fault fault) {
    add(new Rule(action, fault, Integer.MAX_VALUE, probability, seed, Instant.MAX));
  }

  /** Until an instant. */
  public void until(String action, Instant end, Fault fault) {
    add(new Rule(action, fault, Integer.MAX_VALUE, 1, 0, end));
  }

  /** Ends all faults. */
  public synchronized void clear() {
    rules.clear();
  }

  synchronized Optional<Fault> draw(String action, Instant now) {
    for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
      Rule rule = each.next();
      if (!now.isBefore(rule.until)) {
        each.remove();
      } else if ((rule.action.equals("*") || rule.action.equals(action))
          && (rule.probability >= 1 || rule.random.nextDouble() < rule.probability)) {
        if (rule.left != Integer.MAX_VALUE && --rule.left == 0) {
          each.remove();
        }
        return Optional.of(rule.fault);
      }
    }
    return Optional.empty();
  }

  private synchronized void add(Rule rule) {
    if (rule.left > 0) {
      rules.add(rule);
    }
  }
}
