package dev.patchbay.controller;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlanner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the modes' planners, one after the other on a thread that is given up when one does not come back in time: it is interrupted and
 * left to itself, and another goes on. When several of them still spin, the process must end.
 */
final class Planners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Planners.class);
  private static final int MOST_ABANDONED = 3;

  private final Duration limit;
  private final Consumer<Event> events;
  private final Consumer<Throwable> fault;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Effect.Ask> waiting = new ArrayDeque<>();
  private final List<Thread> abandoned = new java.util.ArrayList<>();
  private @Nullable Thread current;
  private Effect.@Nullable Ask asked;
  private boolean closed;

  Planners(Duration limit, Consumer<Event> events, Consumer<Throwable> fault) {
    this.limit = limit;
    this.events = events;
    this.fault = fault;
    begin();
  }

  private void begin() {
    // It is the current one before it runs: it ends where it finds that it is not.
    Thread next = Thread.ofPlatform().daemon().name("planner").unstarted(this::run);
    current = next;
    next.start();
  }

  void ask(Effect.Ask ask) {
    lock.lock();
    try {
      waiting.add(ask);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isCurrent() {
    return Thread.currentThread() == current && !closed;
  }

  private void run() {
    while (true) {
      Effect.Ask ask;
      lock.lock();
      try {
        while (waiting.isEmpty() && isCurrent()) {
          changed.await();
        }
        if (!isCurrent()) {
          return;
        }
        ask = waiting.removeFirst();
        asked = ask;
      } catch (InterruptedException e) {
        LOG.debug("A planner's thread ends.");
        return;
      } finally {
        lock.unlock();
      }
      Thread self = Thread.currentThread();
      CompletableFuture<?> guard = CompletableFuture.runAsync(() -> giveUp(self, ask),
          CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
      Event answer = answer(ask);
      lock.lock();
      try {
        if (!isCurrent()) {
          return;
        }
        // A guard that is under way already gives nobody up.
        asked = null;
        guard.cancel(false);
      } finally {
        lock.unlock();
      }
      events.accept(answer);
    }
  }

  private static Event answer(Effect.Ask ask) {
    try {
      ClusterPlanner planner = ask.mode().mode().clusterPlanner().orElseThrow();
      if (ask.key().isEmpty()) {
        return new Event.Keyed(ask.token(), planner.keys(ask.view()));
      }
      Answer<ClusterPlan> plan = planner.plan(ask.view(), ask.key().get());
      return plan == null ? new Event.PlannerFailed(ask.token(), "it answered nothing for " + ask.key().get())
          : new Event.Planned(ask.token(), plan);
    } catch (RuntimeException | Error e) {
      LOG.warn("The cluster planner of the mode {} failed.", ask.mode().label(), e);
      return new Event.PlannerFailed(ask.token(), "it threw " + e);
    }
  }

  private void giveUp(Thread thread, Effect.Ask ask) {
    lock.lock();
    try {
      if (thread != current || ask != asked || closed) {
        return;
      }
      current = null;
      asked = null;
      abandoned.removeIf(t -> !t.isAlive());
      abandoned.add(thread);
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    LOG.warn("The cluster planner of the mode {} did not answer within {} s about {}.", ask.mode().label(), limit.toSeconds(),
        ask.key().orElse("its keys"));
    // Told before the next is asked, so that events come in the order of what was asked.
    events.accept(new Event.PlannerFailed(ask.token(), "it did not answer within " + limit.toSeconds() + " s"));
    if (abandoned.stream().filter(Thread::isAlive).count() > MOST_ABANDONED) {
      fault.accept(new IllegalStateException("planners of the mode " + ask.mode().label() + " spin and can't be stopped"));
    }
    lock.lock();
    try {
      if (!closed) {
        begin();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread last = current;
    if (last != null) {
      last.interrupt();
    }
  }
}
