package dev.patchbay.lab.kube.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The changes of one resource from some version on, for one reader. The reader closes it. A reader that falls behind by
 * more than {@value #LIMIT} changes is cut off, as the API server's watch cache does with slow watchers.
 */
public final class Subscription implements AutoCloseable {
  static final int LIMIT = 100_000;

  private static final Item END = new Item(Optional.empty());

  private final Snapshot start;
  private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
  private final Consumer<Subscription> onClose;
  private volatile boolean ended;

  private record Item(Optional<Change> change) {}

  Subscription(Snapshot start, Consumer<Subscription> onClose) {
    this.start = start;
    this.onClose = onClose;
  }

  /** The state before the first change; without objects if the reader named a version to go on from. */
  public Snapshot start() {
    return start;
  }

  void offer(Change change) {
    if (queue.size() >= LIMIT) {
      end();
    } else if (!ended) {
      queue.add(new Item(Optional.of(change)));
    }
  }

  /** Ends the stream for its reader, at once and not after what is queued. Callable from any thread, repeatedly. */
  public void end() {
    ended = true;
    queue.add(END);
  }

  /** Whether the stream was ended from this side. */
  public boolean ended() {
    return ended;
  }

  /**
   * Waits for the next change.
   *
   * @return empty if none came in time or the stream was ended
   * @throws InterruptedException if the reader is interrupted
   */
  public Optional<Change> next(Duration patience) throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Item item = queue.poll(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    return item == null || ended ? Optional.empty() : item.change();
  }

  /** Whether nothing is queued. */
  public boolean drained() {
    return queue.isEmpty();
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
