package dev.patchbay.node;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.spi.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what was measured to whoever makes figures of it. What is measured before there is anybody (the module that does it loads
 * after the first answers) is kept for him, up to a limit. For any thread.
 */
final class Meters implements Telemetry.Listener {
  private static final int MOST_KEPT = 10_000;

  private @Nullable List<Consumer<Telemetry.Listener>> kept = new ArrayList<>();
  private volatile Telemetry.@Nullable Listener listener;

  @Override
  public void answered(CniInput.Verb verb, Optional<Code> failure, long nanos) {
    pass(to -> to.answered(verb, failure, nanos));
  }

  @Override
  public void called(String action, CloudAnswer answer, long nanos) {
    pass(to -> to.called(action, answer, nanos));
  }

  private void pass(Consumer<Telemetry.Listener> measured) {
    Telemetry.Listener now = listener;
    if (now == null) {
      synchronized (this) {
        now = listener;
        if (now == null) {
          if (kept != null && kept.size() < MOST_KEPT) {
            kept.add(measured);
          }
          return;
        }
      }
    }
    measured.accept(now);
  }

  /** Names who hears from now on; he hears first what was kept. */
  synchronized void listen(Telemetry.Listener next) {
    if (kept != null) {
      kept.forEach(measured -> measured.accept(next));
      kept = null;
    }
    listener = next;
  }

  /** Nobody will ever listen: nothing is kept. */
  synchronized void forget() {
    kept = null;
  }
}
