package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import java.util.Optional;

/** Answers that hold no plan, for a question of another type. */
public final class Answers {
  private Answers() {}

  /**
   * {@return the same wait or refusal}
   * @param answer an answer without a plan
   * @param <T> what the other question asks for
   */
  public static <T> Answer<T> instead(Answer<?> answer) {
    return switch (answer) {
      case Answer.Wait<?> w -> Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
      case Answer.Refuse<?> r -> Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
      case Answer.Pass<?> _ -> Answer.pass();
      case Answer.Planned<?> _ -> throw new IllegalArgumentException("the answer holds a plan");
    };
  }

  /**
   * {@return why there is no plan}
   * @param answer the answer
   */
  public static Optional<Finding> reason(Answer<?> answer) {
    return switch (answer) {
      case Answer.Wait<?> w -> Optional.of(w.reason());
      case Answer.Refuse<?> r -> Optional.of(r.reason());
      case Answer.Pass<?> _, Answer.Planned<?> _ -> Optional.empty();
    };
  }
}
