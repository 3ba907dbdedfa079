package dev.patchbay.simulation;

/**
 * The invariants of the way: what must be true of all that is done, not of what can be seen at a moment. Those of states are
 * {@link dev.patchbay.core.invariants.Invariants}; where both are about the same, they have the same name.
 */
public enum Way {
  /** One owner. */
  ONE_OWNER("one-owner", "No two pods are told, or have in their kernels, the same address."),
  /** Kept. */
  POD_KEPT("pod-kept", "A pod that was told of its network keeps it, in ledger, kernel and EC2, until somebody asks for its end."),
  /** Written first. */
  WRITTEN_FIRST("written-first", "Nothing is promised, made in the kernel, or asked of EC2 before the disk has it."),
  /** Evidence. */
  RELEASED_ON_EVIDENCE("released-on-evidence", "Nothing is released that others put there, or that anybody uses."),
  /** Cooldown. */
  COOLDOWN_KEPT("cooldown-kept", "No kernel delivers an address before it has rested since another last did."),
  /** Recovery. */
  RECOVERED("recovered", "What is recovered is what was acknowledged, and nothing that was not written."),
  /** Agreement. */
  AGREEMENT("agreement", "Within half an hour after the last fault the daemon has the pods that the container runtime has, and nothing is"
      + " under way any more."),
  /** Stock. */
  STOCK_AT_TARGET("stock-at-target", "Within half an hour after the last fault the stock is at its target, where there is room."),
  /** Budget. */
  CALLS_IN_BUDGET("calls-in-budget", "A node calls no action of EC2 more often than its budget, whatever EC2 answers."),
  /** Answered. */
  ANSWERED("answered", "Every request is answered, once, within bounded time; a DEL is never refused for good."),
  /** Steady. */
  STEADY("steady", "Neither brain nor planners fail, and all comes to rest.");

  private final String id;
  private final String words;

  Way(String id, String words) {
    this.id = id;
    this.words = words;
  }

  /**
   * {@return its name, as reports have it}
   */
  public String id() {
    return id;
  }

  /**
   * {@return what it says}
   */
  public String words() {
    return words;
  }
}
