package dev.patchbay.core.compose;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import java.util.List;

/** Answers of one kind passed on as answers of another, with what was said beside them. */
final class Answers {
  private Answers() {}

  /** What was said beside a plan. */
  static List<Finding> findings(Answer<?> answer) {
    return answer instanceof Answer.Planned<?> p ? p.findings() : List.of();
  }

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
