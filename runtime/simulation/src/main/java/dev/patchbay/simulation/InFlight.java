package dev.patchbay.simulation;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import org.jspecify.annotations.Nullable;

/** Something that a daemon wants, or is to hear, and that takes time. */
final class InFlight {
  /** What is wanted; null if something is to be heard alone. */
  final @Nullable Effect effect;
  final long born;
  /** When it is done; after that its answer is on its way. */
  long doneAt;
  long dueAt;
  boolean done;
  /** The answer, once it is done. */
  @Nullable Event answer;

  InFlight(@Nullable Effect effect, long born, long doneAt, long dueAt) {
    this.effect = effect;
    this.born = born;
    this.doneAt = doneAt;
    this.dueAt = dueAt;
  }

  static InFlight heard(Event event, long born, long dueAt) {
    InFlight heard = new InFlight(null, born, born, dueAt);
    heard.done = true;
    heard.answer = event;
    return heard;
  }

  /** When something happens to it next. */
  long next() {
    return done ? dueAt : doneAt;
  }
}
