package dev.patchbay.controller;

import dev.patchbay.cluster.Controller;
import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.view.ObjectIndex;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives the controller: one thread takes events in the order in which they come, and hands out the effects. Nothing blocks on it. */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long LONGEST_END_MILLIS = 2_000;
  private static final long LONGEST_LOOK_SECONDS = 5;

  /** What the thread takes. */
  private sealed interface Work {
    record Happened(Event event) implements Work {}

    record Look(Consumer<Controller> at) implements Work {}

    record Stop() implements Work {}
  }

  private final LinkedBlockingQueue<Work> inbox = new LinkedBlockingQueue<>();
  private final Controller controller;
  private final Consumer<Effect> carryOut;
  private final Thread thread;
  private long wakeAt = Long.MAX_VALUE;
  private volatile ObjectIndex objects = ObjectIndex.EMPTY;
  private volatile boolean leads;

  /**
   * Makes a loop that stands still.
   *
   * @param controller the controller; the loop owns it
   * @param carryOut carries out an effect; must not block; called on the loop's thread
   * @param fault hears what nobody caught; the process must not go on then
   */
  Loop(Controller controller, Consumer<Effect> carryOut, Consumer<Throwable> fault) {
    this.controller = controller;
    this.carryOut = carryOut;
    this.thread = Thread.ofPlatform().name("controller").uncaughtExceptionHandler((t, thrown) -> fault.accept(thrown)).unstarted(this::run);
  }

  /** The time as the controller takes it. */
  static Moment now() {
    return new Moment(System.nanoTime() / 1_000_000, System.currentTimeMillis());
  }

  void start() {
    thread.start();
  }

  /** Sends an event. Any thread may. */
  void send(Event event) {
    inbox.add(new Work.Happened(event));
  }

  /** The objects as last seen. */
  ObjectIndex objects() {
    return objects;
  }

  /** Whether the controller acted after the last event. */
  boolean leads() {
    return leads;
  }

  /** Looks at the controller between two events; blocks until it has its turn, some seconds at most. */
  <T> T look(Function<Controller, T> at) {
    CompletableFuture<T> seen = new CompletableFuture<>();
    inbox.add(new Work.Look(c -> {
      try {
        seen.complete(at.apply(c));
      } catch (RuntimeException e) {
        // A fault in what is only shown must not end the thread.
        seen.completeExceptionally(e);
      }
    }));
    return seen.orTimeout(LONGEST_LOOK_SECONDS, TimeUnit.SECONDS).join();
  }

  private void run() {
    take(new Event.Tick());
    while (true) {
      Work work;
      try {
        work = next();
      } catch (InterruptedException e) {
        LOG.info("The controller's thread was interrupted; it ends.");
        return;
      }
      switch (work) {
        case Work.Stop _ -> {
          return;
        }
        case Work.Look look -> look.at().accept(controller);
        case Work.Happened happened -> take(happened.event());
      }
    }
  }

  private void take(Event event) {
    List<Effect> effects = controller.on(event, now());
    objects = controller.objects();
    leads = controller.leads(now());
    wakeAt = Long.MAX_VALUE;
    for (Effect effect : effects) {
      if (effect instanceof Effect.WakeAt wake) {
        wakeAt = wake.monotonic();
      } else {
        carryOut.accept(effect);
      }
    }
  }

  private Work next() throws InterruptedException {
    if (wakeAt == Long.MAX_VALUE) {
      return inbox.take();
    }
    long wait = wakeAt - now().monotonic();
    @Nullable Work work = wait <= 0 ? inbox.poll() : inbox.poll(wait, TimeUnit.MILLISECONDS);
    return work == null ? new Work.Happened(new Event.Tick()) : work;
  }

  /** Ends after the event at hand. */
  @Override
  public void close() {
    inbox.add(new Work.Stop());
    try {
      thread.join(LONGEST_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
