package dev.patchbay.simulation;

import java.util.HashMap;
import java.util.Map;

/** How often a node may call an action of EC2: so many calls at once, and so many more a minute. */
final class Budgets {
  static final int AT_ONCE = 60;
  static final int A_MINUTE = 60;

  private static final class Budget {
    private double left = AT_ONCE;
    private long filled;
  }

  private final Map<String, Budget> budgets = new HashMap<>();

  /** Whether one more call is within the budget. */
  boolean takes(String whose, long now) {
    Budget budget = budgets.computeIfAbsent(whose, w -> new Budget());
    budget.left = Math.min(AT_ONCE, budget.left + (now - budget.filled) * A_MINUTE / 60_000.0);
    budget.filled = now;
    budget.left--;
    return budget.left >= 0;
  }
}
