package dev.patchbay.node.engine;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.PlanWork;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Finding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
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
        startedAt = System.nanoTime();
        notifyAll();
      }
      Event answer = answer(plan);
      synchronized (this) {
        if (worker != Thread.currentThread()) {
          return;
        }
        atHand = null;
      }
      engine.send(answer);
    }
  }

  private static Event answer(Effect.Plan plan) {
    try {
      return new Event.Planned(plan.token(), plan.work().run());
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      LOG.warn("A planner of {} failed.", plan.work().modes(), e);
      return new Event.PlannerFailed(plan.token(), failure(plan.work(), culprit(plan.work(), e), "threw " + e));
    }
  }

  private static Finding failure(PlanWork work, String who, String what) {
    return Finding.of(BrainCodes.MODE_FAILED, "The mode " + who + " " + what + ".",
        "This is a defect of the mode: report it to its maker, with the log. Pods that run keep their network.").about(who);
  }

  /** The mode whose code stands highest on the stack; all that were asked, if none does. */
  private static String culprit(PlanWork work, Throwable thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      for (ModeInstance mode : work.modes()) {
        String module = mode.mode().getClass().getModule().getName();
        if (module != null && module.equals(frame.getModuleName())) {
          return mode.label();
        }
      }
    }
    return work.modes().stream().map(ModeInstance::label).collect(Collectors.joining(", "));
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
        List<ModeInstance> modes = plan.work().modes();
        LOG.error("A planner of {} overran {} ms; its thread is left behind.", modes, DEADLINE_MILLIS);
        if (stuck != null) {
          stuck.interrupt();
        }
        engine.send(new Event.PlannerFailed(plan.token(), failure(plan.work(),
            modes.stream().map(ModeInstance::label).collect(Collectors.joining(", ")),
            "gave no answer within " + DEADLINE_MILLIS + " ms")));
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
