package dev.patchbay.node.engine;

import java.util.function.LongSupplier;

/**
 * Whether a planner that has given no answer by its deadline is to blame for that. A machine that has too much to do gives it no processor;
 * so from the deadline on it is measured how much of one it has. A planner that has had enough and goes on, or waits for something, which
 * no planner needs to, has overrun. One that gets too little is given more time, up to a limit: then it is the machine that is told.
 */
final class Overrun {
  /** How much of a processor a planner may have had after its deadline. What planners do takes microseconds. */
  static final long ENOUGH_MILLIS = 500;
  /** How long it may wait for something. */
  static final long WAITING_MILLIS = 2_000;
  /** How long it is waited for at most. */
  static final long LAST_MILLIS = 30_000;

  /** What is to be thought of it. */
  enum Verdict {
    /** Not known yet: it had too little of a processor. */
    STARVES,
    /** It is to blame. */
    OVERRAN,
    /** It was waited for long enough, and is not to blame. */
    STARVED
  }

  private final LongSupplier processor;
  private final long first;
  private final long since;
  private long lookedAt;
  private long waiting;

  /**
   * The deadline is over.
   *
   * @param now the time in milliseconds
   * @param processor how much of a processor the planner's thread has had so far, in nanoseconds
   */
  Overrun(long now, LongSupplier processor) {
    this.processor = processor;
    this.first = processor.getAsLong();
    this.since = now;
    this.lookedAt = now;
  }

  /**
   * Looks at it once more.
   *
   * @param now the time in milliseconds
   * @param runnable whether it could go on, if it had a processor
   * @return what is to be thought of it
   */
  Verdict look(long now, boolean runnable) {
    waiting = runnable ? 0 : waiting + now - lookedAt;
    lookedAt = now;
    boolean had = (processor.getAsLong() - first) / 1_000_000 >= ENOUGH_MILLIS;
    if (had || waiting >= WAITING_MILLIS) {
      return Verdict.OVERRAN;
    }
    return now - since >= LAST_MILLIS ? Verdict.STARVED : Verdict.STARVES;
  }
}
