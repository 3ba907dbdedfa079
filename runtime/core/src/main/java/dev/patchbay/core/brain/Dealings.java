package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a node has under way with EC2 to keep its lanes supplied: one operation at a time, what is let alone for a while after EC2
 * refused it, and what may have been done although no answer came.
 */
final class Dealings {
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long LAST_RETRY_MILLIS = 60_000;

  private final Context context;
  private final Descriptions descriptions;
  private final Runnable ended;
  private final Map<String, Long> pauses = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  /** What was asked and whose answer was lost, since when. */
  private final Map<String, Long> unsure = new HashMap<>();
  private Optional<String> operation = Optional.empty();

  Dealings(Context context, Descriptions descriptions, Runnable ended) {
    this.context = context;
    this.descriptions = descriptions;
    this.ended = ended;
  }

  /** What is under way. */
  Optional<String> operation() {
    return operation;
  }

  void begin(String what) {
    operation = Optional.of(what);
  }

  void end() {
    operation = Optional.empty();
    ended.run();
  }

  void call(CloudCall call, Consumer<CloudAnswer> then) {
    context.ask(token -> new Effect.Call(token, call), event -> {
      if (event instanceof Event.Answered a) {
        then.accept(a.answer());
      } else {
        throw Context.unexpected(event);
      }
    });
  }

  /** Whether a want is to be left alone for a while yet. */
  boolean pauses(String want) {
    Long since = unsure.get(want);
    if (since != null) {
      if (!descriptions.describedSince(since)) {
        descriptions.lookAgain(Math.max(context.millis(), since + Descriptions.LAG_MILLIS));
        return true;
      }
      unsure.remove(want);
    }
    long pause = pauses.getOrDefault(want, 0L);
    if (pause > context.millis()) {
      context.wakeAt(pause);
      return true;
    }
    return false;
  }

  /** What a lost answer did is known only when EC2 describes it; nothing is asked for again before. */
  void unsure(String what) {
    unsure.put(what, context.millis());
  }

  /** Leaves something alone for a while, which grows each time that it fails. */
  void pause(String what) {
    long at = context.millis() + backoff(what);
    pauses.put(what, at);
    context.wakeAt(at);
  }

  /** It was done: if it fails another time, that is the first time again. */
  void succeeded(String what) {
    attempts.remove(what);
  }

  /** How long to wait before something is tried once more, after so many tries. */
  static long wait(int tries) {
    return Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(tries, 10));
  }

  private long backoff(String what) {
    int n = attempts.merge(what, 1, Integer::sum);
    long base = wait(n - 1);
    return base + context.random.nextLong(base / 4 + 1);
  }
}
