package dev.patchbay.controller;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls EC2, each call on a thread of its own; how many there are at a time the controller decides. */
final class CloudCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloudCalls.class);

  /** Hears of calls that are over. Any thread calls it; it must not block. */
  interface Heard {
    void called(String action, CloudAnswer answer, long nanos);
  }

  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cloud-", 0).factory());
  private final CloudClient client;
  private final Consumer<Event> events;
  private final Heard heard;

  CloudCalls(CloudClient client, Consumer<Event> events, Heard heard) {
    this.client = client;
    this.events = events;
    this.heard = heard;
  }

  void call(Effect.Call effect) {
    threads.execute(() -> {
      // The process may have stood still since the controller decided: another replica may act by now.
      if (Loop.now().monotonic() >= effect.until()) {
        events.accept(new Event.TooLate(effect.token()));
        return;
      }
      long startedAt = System.nanoTime();
      CloudAnswer answer = client.call(effect.call());
      heard.called(effect.call().action(), answer, System.nanoTime() - startedAt);
      if (answer instanceof CloudAnswer.Failed f) {
        LOG.warn("EC2 {} failed: {}", effect.call(), f);
      } else if (effect.call().action().startsWith("Describe")) {
        LOG.debug("EC2 {}", effect.call());
      } else {
        LOG.info("EC2 {}", effect.call());
      }
      events.accept(new Event.Answered(effect.token(), answer));
    });
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
