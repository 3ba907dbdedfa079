package dev.patchbay.node.engine;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.InvalidPlanException;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Finding;
import java.util.ArrayDeque;
import java.util.Deque;
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

  private final Engine engine;
  private final Deque<Effect.Plan> queue = new ArrayDeque<>();
  private final Thread watch;
  private @Nullable Thread worker;
  private Effect.@Nullable Plan atHand;
  private Inquiry inquiry = new Inquiry();
  private long startedAt;
  private boolean closed;

  /**
   * Makes it.
   *
   * @param engine who is told what planners answered
   */
  public Planners(Engine engine) {
    this.engine = engine;
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
        notifyAll();
      }
      Event answer = answer(plan, mine);
      synchronized (this) {
        if (worker != Thread.currentThread()) {
          return;
        }
        atHand = null;
      }
      engine.send(answer);
    }
  }

  private static Event answer(Effect.Plan plan, Inquiry inquiry) {
    try {
      return new Event.Planned(plan.token(), plan.work().run(inquiry));
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
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
        Effect.Plan plan = atHand;
        try {
          if (plan == null) {
            wait();
            continue;
          }
          long left = DEADLINE_MILLIS - (System.nanoTime() - startedAt) / 1_000_000;
          if (left > 0) {
            wait(left);
            continue;
          }
        } catch (InterruptedException e) {
          return;
        }
        atHand = null;
        Thread stuck = worker;
        startWorker();
        LOG.error("A planner of {} overran {} ms; its thread is left behind.", label(inquiry), DEADLINE_MILLIS);
        if (stuck != null) {
          stuck.interrupt();
        }
        engine.send(failure(plan.token(), inquiry, "gave no answer within " + DEADLINE_MILLIS + " ms"));
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
