package dev.patchbay.core.compose;

import dev.patchbay.spi.Answer;

/** Answers of one kind passed on as answers of another. */
final class Answers {
  private Answers() {}

  /** A wait or refusal, for another kind of plan. */
  static <T> Answer<T> stopped(Answer<?> answer) {
    return switch (answer) {
      case Answer.Wait<?> w -> Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
      case Answer.Refuse<?> r -> Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
      case Answer.Pass<?> _ -> Answer.pass();
      case Answer.Planned<?> p -> throw new IllegalStateException(p + " is no stop");
    };
  }
}
