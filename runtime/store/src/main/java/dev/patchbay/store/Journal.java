package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A durable journal: what {@link #append} has returned for survives the process and, on a disk, the machine.
 *
 * <p>Any thread may append. One thread of the journal's own writes: all that wait while it writes go into the next write together
 * and share one fdatasync(2) (group commit). Where the files are in memory, there is nothing to share and nothing to wait for: whoever
 * appends writes, unless something is being written, and no thread is woken. After a failure nothing is lost but what was refused: the file at hand is given up at
 * its last durable record, and every later append begins a new one until that works, so the journal heals by itself once the disk
 * has room again.
 *
 * <p>{@link #compact} replaces the records so far by a snapshot. The snapshot before it and the records since then are kept, so that
 * one damaged snapshot loses nothing; one that may have what was refused as a record, and has alone, leaves the recovery in doubt.
 */
public final class Journal implements AutoCloseable {
  private static final int LARGEST_WRITE = 1024 * 1024;

  /**
   * A journal that was opened.
   *
   * @param journal the journal; the caller closes it
   * @param recovery what it held
   */
  public record Opened(Journal journal, Recovery recovery) {}

  /** What waits for the writer. */
  private sealed interface Work {
    CompletableFuture<Long> done();
  }

  private record Append(List<byte[]> group, CompletableFuture<Long> done) implements Work {
    private long size() {
      long size = 0;
      for (byte[] bytes : group) {
        size += Format.size(bytes);
      }
      return size;
    }
  }

  private record Compact(List<byte[]> state, CompletableFuture<Long> done) implements Work {}

  private record Close(CompletableFuture<Long> done) implements Work {}

  private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final JournalStatistics.Counters counters = new JournalStatistics.Counters();
  private final Thread writer;
  private final Object closing = new Object();
  private final boolean direct;
  private boolean closed;
  /** How much was queued and is not done. While it is 0, the writer rests. */
  private int pending;

  // Of whoever writes: the writer, or who appends while the writer rests.
  private final SerialJournal serial;
  private @Nullable Thread snapshotWriter;

  private Journal(SerialJournal serial, boolean direct) {
    this.serial = serial;
    this.direct = direct;
    this.writer = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::write);
  }

  /**
   * Opens a journal, or begins one.
   *
   * @param storage where it is; closed with the journal, and at once if this fails
   * @return the journal and what it held
   * @throws StoreException if its files can't be read, or were written by a version that this one can't read
   */
  public static Opened open(Storage storage) {
    SerialJournal.Opened opened = SerialJournal.open(storage, ByteBuffer::allocateDirect);
    Journal journal = new Journal(opened.journal(), storage.isMemory());
    journal.writer.start();
    return new Opened(journal, opened.recovery());
  }

  /**
   * Opens a journal in a folder, or begins one.
   *
   * @param folder the folder, made if it does not exist; locked until the journal is closed
   * @return the journal and what it held
   * @throws StoreException as {@link #open(Storage)}, and if another process has it
   */
  public static Opened open(Path folder) {
    return open(Storage.folder(folder));
  }

  /**
   * Reads a journal that may be in use, and leaves it as it is. A record that is being written meanwhile counts as cut off.
   *
   * @param folder the folder
   * @return what it holds
   * @throws StoreException if it can't be read
   */
  public static Recovery inspect(Path folder) {
    Storage storage = FolderStorage.unlocked(folder);
    try {
      return Recoverer.recover(storage).recovery();
    } catch (IOException e) {
      throw new StoreException(storage.kindOf(e), "Cannot read the journal in " + folder + ": " + FolderStorage.words(e), e);
    }
  }

  /**
   * {@return whether another process has the journal in a folder open; changes nothing there} Not for a process that has it open
   * itself: POSIX takes all locks of a process on a file away when it closes the file anywhere.
   *
   * @param folder the folder; it need not exist
   * @throws StoreException if that can't be found out
   */
  public static boolean inUse(Path folder) {
    return FolderStorage.isLocked(folder);
  }

  /**
   * Appends a record and waits until it is durable.
   *
   * @param bytes the record, at most 64 MiB; must not be changed afterwards
   * @return its number
   * @throws StoreException if it is not in the journal; later appends are tried all the same
   */
  public long append(byte[] bytes) {
    return await(appendLater(bytes));
  }

  /**
   * Appends a record.
   *
   * @param bytes the record, at most 64 MiB; must not be changed afterwards
   * @return its number once it is durable, or a {@link StoreException}. Completed by the journal's own thread, which writes nothing
   *     while a dependent stage runs: hand over, do not work
   */
  public CompletableFuture<Long> appendLater(byte[] bytes) {
    return appendLater(List.of(bytes));
  }

  /**
   * Appends records that belong together: all of them, or none, also after a crash in the middle.
   *
   * @param group the records, each of at most 64 MiB; must not be changed afterwards
   * @return the number of the first once all are durable, or a {@link StoreException}; see {@link #appendLater(byte[])}
   */
  public CompletableFuture<Long> appendLater(List<byte[]> group) {
    for (byte[] bytes : group) {
      if (bytes.length > Format.LARGEST) {
        throw new IllegalArgumentException("A record of " + bytes.length + " bytes is over the limit of " + Format.LARGEST);
      }
    }
    return enqueue(new Append(List.copyOf(group), new CompletableFuture<>()));
  }

  /**
   * Replaces all records so far by a state. Records that are appended meanwhile come after it.
   *
   * @param state the records that say the same as all that was appended before this call; must not be changed afterwards
   * @return the number up to which the state stands for the records, once it is durable, or a {@link StoreException}: then the
   *     records are still there. Fails too if an append before it that had not been answered yet fails, since the state would
   *     contain what was refused
   */
  public CompletableFuture<Long> compact(List<byte[]> state) {
    return enqueue(new Compact(List.copyOf(state), new CompletableFuture<>()));
  }

  /**
   * {@return figures since it was opened}
   */
  public JournalStatistics statistics() {
    return counters.snapshot();
  }

  /**
   * Writes what waits, and closes the storage. Waits for both.
   */
  @Override
  public void close() {
    CompletableFuture<Long> done = new CompletableFuture<>();
    synchronized (closing) {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(new Close(done));
    }
    await(done);
  }

  private static long await(CompletableFuture<Long> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private CompletableFuture<Long> enqueue(Work work) {
    synchronized (closing) {
      if (closed) {
        work.done().completeExceptionally(
            new StoreException(StoreException.Kind.CLOSED, "Cannot write to the journal: it was closed; open it again"));
      } else if (direct && pending == 0 && work instanceof Append append) {
        commit(new ArrayList<>(List.of(append)), List.of());
      } else {
        pending++;
        queue.add(work);
      }
    }
    return work.done();
  }

  private void write() {
    List<Append> batch = new ArrayList<>();
    List<Work> taken = new ArrayList<>();
    while (true) {
      taken.clear();
      try {
        taken.add(queue.take());
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; what was accepted must be written.
        continue;
      }
      queue.drainTo(taken);
      for (int i = 0; i < taken.size(); i++) {
        switch (taken.get(i)) {
          case Append append -> {
            batch.add(append);
            if (size(batch) >= LARGEST_WRITE) {
              commit(batch, taken.subList(i + 1, taken.size()));
            }
          }
          case Compact compact -> {
            commit(batch, taken.subList(i, taken.size()));
            startSnapshot(compact);
          }
          case Close close -> {
            commit(batch, List.of());
            finish(close.done());
            return;
          }
        }
      }
      commit(batch, List.of());
      synchronized (closing) {
        pending -= taken.size();
      }
    }
  }

  private static long size(List<Append> batch) {
    return batch.stream().mapToLong(Append::size).sum();
  }

  /** Makes a batch durable and answers it; if that fails, also refuses compactions whose state may contain it. */
  private void commit(List<Append> batch, List<? extends Work> behind) {
    if (batch.isEmpty()) {
      return;
    }
    int size = Math.toIntExact(size(batch));
    long start = System.nanoTime();
    long first;
    try {
      first = serial.appendGroups(batch.stream().map(Append::group).toList());
    } catch (StoreException failure) {
      counters.failed(records(batch));
      batch.forEach(a -> a.done().completeExceptionally(failure));
      List<Work> doubtful = new ArrayList<>(behind);
      doubtful.addAll(queue);
      doubtful.stream().filter(Compact.class::isInstance).forEach(c -> c.done().completeExceptionally(failure));
      batch.clear();
      return;
    }
    counters.wrote(records(batch), size, System.nanoTime() - start);
    long number = first;
    for (Append append : batch) {
      append.done().complete(number);
      number += append.group().size();
    }
    batch.clear();
  }

  private static int records(List<Append> batch) {
    return batch.stream().mapToInt(a -> a.group().size()).sum();
  }

  private void startSnapshot(Compact compact) {
    if (compact.done().isDone()) {
      return;
    }
    awaitSnapshot();
    long upTo = serial.endSegment();
    // A thread of its own: a snapshot is large, and appends must not wait for it.
    snapshotWriter = Thread.ofPlatform().daemon().name("journal-snapshot").start(() -> {
      try {
        serial.snapshot(upTo, compact.state());
      } catch (StoreException e) {
        compact.done().completeExceptionally(e);
        return;
      }
      compact.done().complete(upTo);
    });
  }

  private void awaitSnapshot() {
    Thread running = snapshotWriter;
    boolean interrupted = false;
    while (running != null) {
      try {
        running.join();
        running = null;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    snapshotWriter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish(CompletableFuture<Long> done) {
    awaitSnapshot();
    try {
      serial.close();
      done.complete(0L);
    } catch (StoreException e) {
      done.completeExceptionally(e);
    }
  }
}
