package dev.patchbay.node.engine;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.InvalidPlanException;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Finding;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs planners on a thread that can be given up: one that overruns its deadline is left behind, the next work goes to another
 * thread. Never two planners at a time.
 */
public final class Planners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Planners.class);
  private static final long DEADLINE_MILLIS = 2_000;
  private static final long LOOK_MILLIS = 100;
  private static final String STARVED = "planners";

  private final Consumer<Event> engine;
  private final ToLongFunction<Thread> processor;
  private final Deque<Effect.Plan> queue = new ArrayDeque<>();
  private final Thread watch;
  private @Nullable Thread worker;
  private Effect.@Nullable Plan atHand;
  private Inquiry inquiry = new Inquiry();
  private long startedAt;
  private @Nullable Overrun overrun;
  private boolean toldStarved;
  private boolean closed;

  /**
   * Makes it.
   *
   * @param engine who is told what planners answered
   */
  public Planners(Engine engine) {
    this(engine::send, thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
  }

  /**
   * Makes it.
   *
   * @param engine who is told what planners answered
   * @param processor how much of a processor a thread has had, in nanoseconds
   */
  Planners(Consumer<Event> engine, ToLongFunction<Thread> processor) {
    this.engine = engine;
    this.processor = processor;
    synchronized (this) {
      startWorker();
    }
    watch = Thread.ofPlatform().daemon().name("planner-watch").start(this::watch);
  }

  private synchronized void startWorker() {
    worker = Thread.ofPlatform().daemon().name("planner").start(this::work);
  }

  /**
   * Carries out plan work, in order.
   *
   * @param plan the effect
   */
  public synchronized void plan(Effect.Plan plan) {
    queue.add(plan);
    notifyAll();
  }

  private void work() {
    while (true) {
      Effect.Plan plan;
      Inquiry mine;
      synchronized (this) {
        while (queue.isEmpty() && !closed && worker == Thread.currentThread()) {
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed || worker != Thread.currentThread()) {
          return;
        }
        plan = queue.remove();
        atHand = plan;
        mine = new Inquiry();
        inquiry = mine;
        startedAt = System.nanoTime();
        overrun = null;
        notifyAll();
      }
      Event answer = answer(plan, mine);
      synchronized (this) {
        if (worker != Thread.currentThread()) {
          return;
        }
        atHand = null;
        if (toldStarved && overrun == null) {
          toldStarved = false;
          engine.accept(new Event.Told(STARVED, Optional.empty()));
        }
      }
      engine.accept(answer);
    }
  }

  private static Event answer(Effect.Plan plan, Inquiry inquiry) {
    try {
      return new Event.Planned(plan.token(), plan.work().run(inquiry));
    } catch (Exception | Error e) {
      // Whatever it is: an error of its own, a plan too large for the memory. What it held is garbage now.
      LOG.warn("A planner of {} failed.", label(inquiry), e);
      return failure(plan.token(), inquiry, e instanceof InvalidPlanException invalid ? String.valueOf(invalid.getMessage()) : "threw " + e);
    }
  }

  private static String label(Inquiry inquiry) {
    return inquiry.asked().map(ModeInstance::label).orElse("no mode");
  }

  private static Event failure(long token, Inquiry inquiry, String what) {
    return new Event.PlannerFailed(token, inquiry.asked().map(ModeInstance::id).orElse(""),
        Finding.of(BrainCodes.MODE_FAILED, "The mode " + label(inquiry) + " " + what + ".",
            "This is a defect of the mode: report it to its maker, with the log. It is set aside for a while; pods that run keep their "
                + "network."));
  }

  private void watch() {
    while (true) {
      synchronized (this) {
        if (closed) {
          return;
        }
        try {
          if (atHand == null) {
            wait();
            continue;
          }
          long left = DEADLINE_MILLIS - (System.nanoTime() - startedAt) / 1_000_000;
          if (left > 0) {
            wait(left);
          } else if (stays(atHand, Objects.requireNonNull(worker))) {
            wait(LOOK_MILLIS);
          }
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  /** Whether a planner may go on after its deadline. */
  private boolean stays(Effect.Plan plan, Thread thread) {
    long now = System.nanoTime() / 1_000_000;
    Overrun looking = overrun;
    if (looking == null) {
      overrun = new Overrun(now, () -> processor.applyAsLong(thread));
      return true;
    }
    switch (looking.look(now, thread.getState() == Thread.State.RUNNABLE)) {
      case STARVES -> {
        if (!toldStarved) {
          toldStarved = true;
          LOG.warn("A planner of {} has given no answer for {} ms: the machine has no time for it.", label(inquiry), DEADLINE_MILLIS);
          engine.accept(new Event.Told(STARVED, Optional.of(starved(" has had too little of a processor to answer within "
              + DEADLINE_MILLIS + " ms"))));
        }
        return true;
      }
      case OVERRAN -> {
        LOG.error("A planner of {} overran {} ms; its thread is left behind.", label(inquiry), DEADLINE_MILLIS);
        leave(thread);
        engine.accept(failure(plan.token(), inquiry, "gave no answer within " + DEADLINE_MILLIS + " ms"));
      }
      case STARVED -> {
        leave(thread);
        engine.accept(new Event.PlannerFailed(plan.token(), "", starved(" has had too little of a processor to answer within "
            + (DEADLINE_MILLIS + Overrun.LAST_MILLIS) / 1000 + " s")));
      }
    }
    return false;
  }

  private void leave(Thread stuck) {
    atHand = null;
    startWorker();
    stuck.interrupt();
  }

  private Finding starved(String what) {
    return Finding.of(BrainCodes.PLANNERS_STARVED, "The machine is overloaded: the mode " + label(inquiry) + what + ".",
        "Look for what takes the node's processors, or give the daemon more (resources.requests.cpu); no mode is set aside for it.");
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
