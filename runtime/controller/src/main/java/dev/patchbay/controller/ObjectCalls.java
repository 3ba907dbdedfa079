package dev.patchbay.controller;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the API server about the Lease, and has written what objects should hold. */
final class ObjectCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectCalls.class);

  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lease-", 0).factory());
  private final ClusterClient client;
  private final Consumer<Event> events;

  ObjectCalls(ClusterClient client, Consumer<Event> events) {
    this.client = client;
    this.events = events;
  }

  void read(Effect.ReadLease effect) {
    ask(effect.token(), () -> new Event.LeaseRead(effect.token(), client.read(effect.lease())));
  }

  void write(Effect.WriteLease effect) {
    ask(effect.token(), () -> new Event.LeaseWritten(effect.token(), client.write(effect.lease(), effect.version(), effect.content())));
  }

  private void ask(long token, java.util.function.Supplier<Event> question) {
    threads.execute(() -> {
      try {
        events.accept(question.get());
      } catch (ClusterException e) {
        LOG.debug("The Lease: {}", e.getMessage());
        events.accept(new Event.LeaseFailed(token, String.valueOf(e.getMessage())));
      }
    });
  }

  void publish(ObjectPlan plan) {
    plan.events().forEach(e -> LOG.atInfo().addKeyValue("code", e.code().number()).addKeyValue("codeName", e.code().name())
        .log("{}: {}: {}", e.object(), e.code(), e.text()));
    client.publish(plan);
  }

  void withdraw() {
    client.withdraw();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
