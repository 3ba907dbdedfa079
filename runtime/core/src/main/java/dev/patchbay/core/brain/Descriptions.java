package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * When EC2 is asked to describe the node's interfaces, and as of when it has. Its descriptions may lag behind what it answered before,
 * and they cost calls: one is asked for from time to time, and earlier by whoever wishes to know what came of something.
 */
final class Descriptions {
  /** EC2's own description may lag by this much behind what it answered before. */
  static final long LAG_MILLIS = 15_000;
  private static final long DESCRIBE_MILLIS = 600_000;
  private static final long RETRY_MILLIS = 2_000;
  private static final long LAST_RETRY_MILLIS = 60_000;

  private final Context context;
  private boolean known;
  /** When the last description was asked for that came. */
  private long asOf = Long.MIN_VALUE;
  private long startedAt;
  private boolean asking;
  private long dueAt;
  /** When somebody wishes to look earlier than that. */
  private long wishedAt = Long.MAX_VALUE;
  /** EC2 did not answer: whatever is wished, it is not asked again before. */
  private long notBefore;
  private int failures;

  Descriptions(Context context) {
    this.context = context;
    this.startedAt = context.millis();
  }

  void start() {
    startedAt = context.millis();
  }

  /** When this process started: what an earlier one asked for was asked before. */
  long startedAt() {
    return startedAt;
  }

  /** Whether EC2 has described the interfaces since the start, so that something may be asked of it. */
  boolean known() {
    return known;
  }

  /** Whether EC2 has been described since so long after a moment that it can't lag behind it any more. */
  boolean describedSince(long moment) {
    return asOf >= moment + LAG_MILLIS;
  }

  /** The next one is due: nothing is known of what there is. */
  void expire() {
    dueAt = context.millis();
  }

  /** Wishes that EC2 is described at a time, or as soon after it as can be. */
  void lookAgain(long at) {
    wishedAt = Math.min(wishedAt, at);
    // While it is being described there is nothing to wake up for.
    if (!asking) {
      context.wakeAt(next());
    }
  }

  /** When EC2 is asked next. */
  long next() {
    return Math.max(notBefore, Math.min(dueAt, wishedAt));
  }

  /** Whether EC2 should be asked now. */
  boolean due() {
    return next() <= context.millis() && !asking;
  }

  /**
   * Asks EC2. A description without the instance's primary interface can't be true, and is as good as none.
   *
   * @param instance the instance
   * @param primary its primary interface
   * @param heard takes what it describes, and when it was asked
   * @param then runs after that, or after it refused
   */
  void ask(String instance, String primary, BiConsumer<List<EniRecord>, Long> heard, Runnable then) {
    asking = true;
    wishedAt = Long.MAX_VALUE;
    long asked = context.millis();
    context.ask(token -> new Effect.Call(token, new CloudCall.DescribeAttached(instance)), event -> {
      asking = false;
      switch (event) {
        case Event.Answered(long _, CloudAnswer.Interfaces found) when found.enis().stream().noneMatch(e -> e.id().equals(primary)) ->
            failed(new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "DescriptionIncomplete",
                "the description lacks the primary interface " + primary));
        case Event.Answered(long _, CloudAnswer.Interfaces found) -> {
          known = true;
          asOf = asked;
          dueAt = context.millis() + DESCRIBE_MILLIS;
          failures = 0;
          context.findings.remove("describe");
          heard.accept(found.enis(), asked);
        }
        case Event.Answered(long _, CloudAnswer.Failed f) -> failed(f);
        default -> throw Context.unexpected(event);
      }
      then.run();
    });
  }

  private void failed(CloudAnswer.Failed f) {
    long pause = Math.min(LAST_RETRY_MILLIS, RETRY_MILLIS << Math.min(10, failures++));
    notBefore = context.millis() + pause + context.random.nextLong(pause / 2 + 1);
    dueAt = notBefore;
    context.findings.put("describe", CloudFindings.of(f, "describe the node's interfaces"));
  }
}
