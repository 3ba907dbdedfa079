package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Brain;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.ledger.Entry;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the brain: one thread takes events in the order in which they come, and hands out the effects. Nothing blocks on it.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** What the thread takes: an event, or a wish to see the brain between two events. */
  private sealed interface Work {
    record Happened(Event event) implements Work {}

    record Look(Consumer<Brain> at) implements Work {}

    record Stop() implements Work {}
  }

  private final LinkedBlockingQueue<Work> inbox = new LinkedBlockingQueue<>();
  private final Brain brain;
  private final Thread thread;
  private volatile @Nullable Consumer<Effect> effects;
  private long wakeAt = Long.MAX_VALUE;

  /**
   * Makes an engine that stands still.
   *
   * @param brain the brain; the engine owns it
   */
  public Engine(Brain brain) {
    this.brain = brain;
    this.thread = Thread.ofPlatform().name("brain").unstarted(this::run);
  }

  /**
   * {@return the time as the brain takes it}
   */
  public static Moment now() {
    // System.nanoTime is CLOCK_MONOTONIC on Linux: it runs on over a restart of the process, and ends with the boot.
    return new Moment(System.nanoTime() / 1_000_000, System.currentTimeMillis());
  }

  /**
   * Starts.
   *
   * @param carryOut carries out an effect; must not block; called on the engine's thread
   */
  public void start(Consumer<Effect> carryOut) {
    effects = carryOut;
    thread.start();
  }

  /**
   * Sends an event. Any thread may.
   *
   * @param event the event
   */
  public void send(Event event) {
    inbox.add(new Work.Happened(event));
  }

  /**
   * Looks at the brain between two events, on the engine's thread.
   *
   * @param at what to do with it; must not block and must not keep it
   */
  public void look(Consumer<Brain> at) {
    inbox.add(new Work.Look(at));
  }

  private void run() {
    carryOut(brain.start(now()));
    while (true) {
      Work work;
      try {
        work = next();
      } catch (InterruptedException e) {
        LOG.info("The engine's thread was interrupted; it ends.");
        return;
      }
      switch (work) {
        case Work.Stop _ -> {
          return;
        }
        case Work.Look look -> look.at().accept(brain);
        case Work.Happened happened -> {
          if (happened.event() instanceof Event.Tick) {
            wakeAt = Long.MAX_VALUE;
          }
          // A fault in here is a fault of ours: the state may be half changed, so the process ends and the ledger speaks.
          carryOut(brain.on(happened.event(), now()));
        }
      }
    }
  }

  private Work next() throws InterruptedException {
    long wait = wakeAt - now().monotonic();
    if (wakeAt == Long.MAX_VALUE) {
      return inbox.take();
    }
    Work work = wait <= 0 ? null : inbox.poll(wait, TimeUnit.MILLISECONDS);
    return work != null ? work : new Work.Happened(new Event.Tick());
  }

  private void carryOut(List<Effect> list) {
    Consumer<Effect> to = effects;
    for (Effect effect : list) {
      if (effect instanceof Effect.WakeAt wake) {
        wakeAt = Math.min(wakeAt, wake.monotonic());
      } else if (to != null) {
        to.accept(effect);
      }
    }
  }

  /**
   * The thread's handler of what nobody caught; set by the node, which ends the process.
   *
   * @param handler the handler
   */
  public void onFault(Thread.UncaughtExceptionHandler handler) {
    thread.setUncaughtExceptionHandler(handler);
  }

  /** Ends after the event at hand. */
  @Override
  public void close() {
    inbox.add(new Work.Stop());
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * {@return how many events wait}
   */
  public int backlog() {
    return inbox.size();
  }

  /**
   * Takes a snapshot of a part of the ledger.
   *
   * @param part the part
   * @param with what to do with its entries; on the engine's thread
   */
  public void snapshot(Entry.Part part, Consumer<List<Entry>> with) {
    look(b -> with.accept(b.snapshot(part)));
  }
}
