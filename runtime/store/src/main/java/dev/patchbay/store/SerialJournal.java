package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A journal for one thread at a time, without threads of its own: each call is over when it returns. {@link Journal} is this one behind
 * a queue and a thread; a simulation, which decides itself what happens when, uses it as it is.
 */
public final class SerialJournal implements AutoCloseable {
  private static final int SMALLEST_BUFFER = 64 * 1024;
  private static final int LARGEST_KEPT_BUFFER = 2 * 1024 * 1024;

  private final Storage storage;
  private final SegmentFiles files;
  private final IntFunction<ByteBuffer> buffers;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  /** Whether records were refused since the last segment ended. */
  private boolean refused;
  /** Whether records were refused since the last snapshot: the next one may have them all the same, and then it alone has. */
  private volatile boolean beyond;

  SerialJournal(Storage storage, Recoverer.Found found, IntFunction<ByteBuffer> buffers) {
    this.storage = storage;
    this.files = new SegmentFiles(storage, found);
    this.buffers = buffers;
  }

  /**
   * A journal that was opened.
   *
   * @param journal the journal; the caller closes it
   * @param recovery what it held
   */
  public record Opened(SerialJournal journal, Recovery recovery) {}

  /**
   * Opens a journal, or begins one.
   *
   * @param storage where it is; closed with the journal, and at once if this fails
   * @return the journal and what it held
   * @throws StoreException if its files can't be read, or were written by a version that this one can't read
   */
  public static Opened open(Storage storage) {
    return open(storage, ByteBuffer::allocate);
  }

  static Opened open(Storage storage, IntFunction<ByteBuffer> buffers) {
    try {
      Recoverer.Found found = Recoverer.recover(storage);
      return new Opened(new SerialJournal(storage, found, buffers), found.recovery());
    } catch (IOException e) {
      storage.close();
      throw new StoreException(storage.kindOf(e), "Cannot read the journal: " + FolderStorage.words(e), e);
    } catch (StoreException e) {
      storage.close();
      throw e;
    }
  }

  /**
   * Appends records that belong together, and makes them durable: a recovery finds all of them or none.
   *
   * @param records the records, each of at most 64 MiB
   * @return the number of the first
   * @throws StoreException if none of them is in the journal; later appends are tried all the same
   */
  public long append(List<byte[]> records) {
    return appendGroups(List.of(records));
  }

  /** Appends groups of records, each whole or not at all, and makes them durable together. */
  long appendGroups(List<List<byte[]>> groups) {
    long size = 0;
    int count = 0;
    for (List<byte[]> records : groups) {
      for (byte[] bytes : records) {
        size += Format.size(bytes);
        count++;
      }
    }
    if (buffer.capacity() < size) {
      buffer = buffers.apply(Math.max(SMALLEST_BUFFER, Math.toIntExact(size)));
    }
    buffer.clear();
    long first = files.next();
    long number = first;
    for (List<byte[]> records : groups) {
      for (int i = 0; i < records.size(); i++) {
        Format.putRecord(buffer, number++, records.get(i), i + 1 < records.size());
      }
    }
    try {
      files.write(buffer.flip(), count);
    } catch (IOException e) {
      refused = true;
      throw new StoreException(storage.kindOf(e), "Cannot write to the journal: " + FolderStorage.words(e)
          + "; make room or repair the file system, the journal goes on by itself then", e);
    }
    if (buffer.capacity() > LARGEST_KEPT_BUFFER) {
      buffer = buffers.apply(SMALLEST_BUFFER);
    }
    return first;
  }

  /**
   * Replaces all records so far by a state.
   *
   * @param state the records that say the same
   * @return the number up to which the state stands for the records
   * @throws StoreException if that can't be written; then the records are still there
   */
  public long compact(List<byte[]> state) {
    long upTo = endSegment();
    snapshot(upTo, state);
    return upTo;
  }

  /** Ends the segment, so that what follows begins a new one; returns the number of the last record. */
  long endSegment() {
    if (refused) {
      beyond = true;
      refused = false;
    }
    return files.closeSegment();
  }

  /** Writes a snapshot; records may be appended meanwhile, on another thread. */
  void snapshot(long upTo, List<byte[]> state) {
    try {
      SnapshotFile.write(storage, upTo, state, beyond);
      beyond = false;
    } catch (IOException e) {
      throw new StoreException(storage.kindOf(e), "Cannot write a snapshot of the journal: " + FolderStorage.words(e)
          + "; the records are still there, try again when the file system has room", e);
    }
  }

  /** Closes the journal and its storage. */
  @Override
  public void close() {
    files.close();
    storage.close();
  }
}
