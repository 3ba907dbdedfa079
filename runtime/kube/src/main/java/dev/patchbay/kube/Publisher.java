package dev.patchbay.kube;

import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants wishes, one at a time, on a thread of its own. A wish waits here until it is granted, replaced by a newer one, or can't be
 * granted any more. Takes wishes from any number of threads.
 */
final class Publisher implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final String WHO = "publish";
  /** So many wait at most: an API server that is away for days must not fill the memory of the node. */
  private static final int MOST = 1_000;
  /** The controller writes what pods of the whole cluster wait for. */
  private static final int MOST_OF_CLUSTER = 100_000;

  private final ApiServer api;
  private final Weather weather;
  private final Pace pace;
  private final EventSeries series;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Object, Pending> pending = new LinkedHashMap<>();
  /** How often all wishes were withdrawn: one that was at hand then is not taken up again. */
  private long withdrawals;
  private boolean closed;

  private static final class Pending {
    private final Backoff backoff;
    private final long withdrawals;
    private Wish wish;
    private long due;

    Pending(Wish wish, Backoff backoff, long due, long withdrawals) {
      this.withdrawals = withdrawals;
      this.wish = wish;
      this.backoff = backoff;
      this.due = due;
    }
  }

  Publisher(ApiServer api, Weather weather, Pace pace, String host, Function<ObjectRef, Optional<ObjectRecord>> known) {
    this.api = api;
    this.weather = weather;
    this.pace = pace;
    this.most = host.isEmpty() ? MOST_OF_CLUSTER : MOST;
    this.series = new EventSeries(host, pace, known);
  }

  /** Takes what objects should hold. */
  void take(ObjectPlan plan) {
    lock.lock();
    try {
      plan.patches().forEach(patch -> add(PatchWish.of(patch)));
      plan.conditions().forEach(condition -> add(new ConditionWish(condition)));
      plan.events().forEach(event -> add(new EventWish(series, event, 1)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all wishes but the one at hand. */
  void withdraw() {
    lock.lock();
    try {
      pending.clear();
      withdrawals++;
    } finally {
      lock.unlock();
    }
  }

  private void add(Wish wish) {
    Pending before = pending.get(wish.key());
    if (before != null) {
      before.wish = wish.over(before.wish);
      return;
    }
    if (pending.size() >= most) {
      dropEldest();
    }
    pending.put(wish.key(), new Pending(wish, new Backoff(pace), System.nanoTime(), withdrawals));
  }

  /** Events tell what was; what should be is kept longer. */
  private void dropEldest() {
    Iterator<Pending> each = pending.values().iterator();
    while (each.hasNext()) {
      if (each.next().wish instanceof EventWish event) {
        LOG.debug("Too many wishes wait; dropped: {}", event.event());
        each.remove();
        return;
      }
    }
    LOG.debug("Too many wishes wait; the eldest is dropped.");
    Iterator<Object> first = pending.keySet().iterator();
    first.next();
    first.remove();
  }

  @Override
  public void run() {
    try {
      while (true) {
        Pending next = take();
        if (next == null) {
          return;
        }
        grant(next);
      }
    } catch (InterruptedException e) {
      LOG.debug("Nothing is published any more.");
    }
  }

  /** Takes the wish that is due first; null if there will be none any more. */
  private @Nullable Pending take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Optional<Map.Entry<Object, Pending>> first =
            pending.entrySet().stream().min(Comparator.comparingLong(e -> e.getValue().due - System.nanoTime()));
        if (first.isEmpty()) {
          changed.await();
          continue;
        }
        long wait = first.get().getValue().due - System.nanoTime();
        if (wait <= 0) {
          // Out of the map: whoever wishes the same while it is being granted wishes it once more.
          pending.remove(first.get().getKey());
          return first.get().getValue();
        }
        changed.awaitNanos(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void grant(Pending next) throws InterruptedException {
    String writes = "write " + next.wish.kind();
    try {
      Optional<Long> later = next.wish.grant(api);
      weather.fine(WHO);
      if (later.isPresent()) {
        back(next, later.get());
      } else {
        weather.fine(writes);
      }
    } catch (ApiFailure e) {
      switch (e.kind()) {
        case UNREACHABLE, BUSY, EXPIRED -> {
          weather.foul(WHO, "write", e);
          long pause = next.backoff.next(e);
          back(next, pause);
          // All others would meet the same.
          weather.pause(WHO, pause);
        }
        case DENIED -> {
          weather.fine(WHO);
          weather.foul(writes, next.wish.what(), e);
          back(next, next.backoff.next(e));
        }
        case CONFLICT -> {
          weather.fine(WHO);
          if (next.wish.outdatedByConflict()) {
            LOG.debug("{} was made of what is no longer so; whoever wishes it sees the change and wishes anew.", next.wish);
          } else {
            back(next, next.backoff.next(e));
          }
        }
        case MISSING -> {
          weather.fine(WHO);
          LOG.debug("{} is about an object that is gone.", next.wish);
        }
        case INVALID -> {
          weather.fine(WHO);
          if (next.wish.outdatedByConflict()) {
            // That is how the API server refuses a patch of an object that has been made anew under the same name, too.
            LOG.info("{} is dropped; it may be about an object that is gone: {}", next.wish, e.text());
            return;
          }
          weather.foul(writes, next.wish.what(), e);
          LOG.warn("What should be written is refused and dropped: {}: {}", next.wish, e.text());
        }
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("What should be written can't be, and is dropped: {}", next.wish, e);
    }
  }

  private void back(Pending again, long millis) {
    lock.lock();
    try {
      if (again.withdrawals != withdrawals) {
        return;
      }
      again.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      Pending newer = pending.putIfAbsent(again.wish.key(), again);
      if (newer != null) {
        newer.wish = newer.wish.over(again.wish);
        newer.due = Math.max(newer.due, again.due);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is granted any more, but for the wish at hand. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
