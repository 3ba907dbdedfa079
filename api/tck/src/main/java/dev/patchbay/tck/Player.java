package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Asks one mode its questions: once, or, to find out whether it is pure, several times and in several ways.
 */
final class Player {
  private record Asked(String what, java.util.function.Function<NetworkMode, Object> again, Object answer) {}

  private final NetworkModeProvider provider;
  private final ModeDescriptor descriptor;
  private final Fields settings;
  private final NetworkMode mode;
  private final boolean strict;
  private final List<Asked> history = new ArrayList<>();
  private final Map<String, Integer> calls = new LinkedHashMap<>();

  Player(NetworkModeProvider provider, Fields settings, boolean strict) {
    this.provider = provider;
    this.descriptor = provider.descriptor().under(List.of(settings));
    this.settings = settings;
    this.mode = made();
    this.strict = strict;
  }

  private NetworkMode made() {
    return provider.create(ModeUnderTest.context(settings));
  }

  NetworkMode mode() {
    return mode;
  }

  ModeDescriptor descriptor() {
    return descriptor;
  }

  String id() {
    return provider.id();
  }

  /**
   * Asks.
   *
   * @param what the question, for messages and counts
   * @param type the view's interface
   * @param view the view
   * @param question the question
   * @return the answer
   */
  <V, A> A ask(String what, Class<V> type, V view, BiFunction<NetworkMode, V, A> question) {
    Recorder recorder = new Recorder(false);
    A answer = question.apply(mode, recorder.view(type, view));
    calls.put(what, recorder.calls());
    if (strict) {
      assertThat(question.apply(mode, new Recorder(false).view(type, view)))
          .as("%s: %s, asked twice with equal views", id(), what).isEqualTo(answer);
      assertThat(question.apply(mode, new Recorder(true).view(type, view)))
          .as("%s: %s, asked with equal views whose maps have another order", id(), what).isEqualTo(answer);
      history.add(new Asked(what, other -> question.apply(other, new Recorder(false).view(type, view)), answer));
    }
    return answer;
  }

  /**
   * Asks everything once more, in the reverse order, of another mode made alike: what came before must not matter.
   */
  void askAgainInReverse() {
    NetworkMode other = made();
    for (Asked asked : history.reversed()) {
      assertThat(asked.again().apply(other))
          .as("%s: %s, asked in another order of a mode made with equal settings", id(), asked.what())
          .isEqualTo(asked.answer());
    }
  }

  /**
   * {@return how much of the view each question looked at}
   */
  Map<String, Integer> calls() {
    return calls;
  }
}
