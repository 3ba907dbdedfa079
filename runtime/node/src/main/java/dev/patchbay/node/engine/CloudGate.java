package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the cloud, which opens some time after the node: what is asked before waits for it.
 */
public final class CloudGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloudGate.class);

  private final Engine engine;
  private final CompletableFuture<CloudClient> client;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(4, Thread.ofPlatform().daemon().name("cloud-", 0).factory());
  private final Heard heard;

  /** Hears of calls that are over. Any thread calls it; it must not block. */
  @FunctionalInterface
  public interface Heard {
    /**
     * EC2 was called.
     *
     * @param action the action
     * @param answer the answer
     * @param nanos how long it took, in nanoseconds
     */
    void called(String action, CloudAnswer answer, long nanos);
  }

  /**
   * Makes it.
   *
   * @param engine who is told the answers
   * @param client the client, when it is there
   * @param heard who hears of calls
   */
  public CloudGate(Engine engine, CompletableFuture<CloudClient> client, Heard heard) {
    this.engine = engine;
    this.client = client;
    this.heard = heard;
  }

  void call(Effect.Call effect) {
    client.whenCompleteAsync((c, failure) -> {
      String action = effect.call().action();
      long startedAt = System.nanoTime();
      CloudAnswer answer = failure == null ? c.call(effect.call())
          : new CloudAnswer.Failed(CloudAnswer.Kind.UNREACHABLE, "CloudLayerMissing", String.valueOf(failure.getMessage()));
      if (failure == null) {
        heard.called(action, answer, System.nanoTime() - startedAt);
      }
      if (answer instanceof CloudAnswer.Failed f) {
        LOG.warn("EC2 {} failed: {}", action, f);
      } else {
        LOG.info("EC2 {} {}", action, effect.call());
      }
      engine.send(new Event.Answered(effect.token(), answer));
    }, threads);
  }

  /**
   * Asks EC2 on behalf of a person.
   *
   * @param call a call that changes nothing
   * @return the answer, later; a failure if there is no way to the cloud
   */
  public CompletableFuture<CloudAnswer> ask(CloudCall call) {
    return client.thenApplyAsync(c -> {
      long startedAt = System.nanoTime();
      CloudAnswer answer = c.call(call);
      heard.called(call.action(), answer, System.nanoTime() - startedAt);
      return answer;
    }, threads);
  }

  void readMetadata(Effect.ReadMetadata effect) {
    client.whenCompleteAsync((c, failure) -> {
      if (failure != null) {
        engine.send(new Event.MetadataFailed(effect.token(), String.valueOf(failure.getMessage())));
        return;
      }
      try {
        engine.send(new Event.MetadataRead(effect.token(), c.metadata()));
      } catch (CloudException e) {
        engine.send(new Event.MetadataFailed(effect.token(), String.valueOf(e.getMessage())));
      }
    }, threads);
  }

  /**
   * {@return the limits of an instance type in the adapter's table; empty while there is no adapter}
   * @param name the type
   */
  public Optional<InstanceTypeRecord> type(String name) {
    return client.isDone() && !client.isCompletedExceptionally() ? client.join().type(name) : Optional.empty();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    if (client.isDone() && !client.isCompletedExceptionally()) {
      client.join().close();
    }
  }
}
