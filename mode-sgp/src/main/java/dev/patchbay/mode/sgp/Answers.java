package dev.patchbay.mode.sgp;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import java.util.Optional;

/** Answers that hold no plan, for a question of another type. */
final class Answers {
  private Answers() {}

  /** The same wait or refusal. */
  static <T> Answer<T> instead(Answer<?> answer) {
    return switch (answer) {
      case Answer.Wait<?> w -> Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
      case Answer.Refuse<?> r -> Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
      case Answer.Pass<?> _ -> Answer.pass();
      case Answer.Planned<?> _ -> throw new IllegalArgumentException("the answer holds a plan");
    };
  }

  /** Why there is no plan. */
  static Optional<Finding> reason(Answer<?> answer) {
    return switch (answer) {
      case Answer.Wait<?> w -> Optional.of(w.reason());
      case Answer.Refuse<?> r -> Optional.of(r.reason());
      case Answer.Pass<?> _, Answer.Planned<?> _ -> Optional.empty();
    };
  }
}
