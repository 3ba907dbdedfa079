package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The segment that is being written. Used by the journal's writer alone. */
final class SegmentFiles {
  private final Storage storage;
  private Storage.@Nullable Output output;
  private String appendable;
  private long length;
  private long next;

  SegmentFiles(Storage storage, Recoverer.Found found) {
    this.storage = storage;
    this.next = found.next();
    this.appendable = found.appendable().map(Recoverer.Named::name).orElse("");
  }

  /** The number of the next record. */
  long next() {
    return next;
  }

  /** Writes records and makes them durable; if that fails, gives the segment up at its last durable record. */
  void write(ByteBuffer records, int count) throws IOException {
    int size = records.remaining();
    Storage.Output current = output != null ? output : open();
    try {
      current.write(records);
      current.force();
    } catch (IOException e) {
      giveUp(current, e);
      throw e;
    }
    length += size;
    next += count;
  }

  private Storage.Output open() throws IOException {
    if (!appendable.isEmpty()) {
      Storage.Output existing = storage.append(appendable);
      appendable = "";
      output = existing;
      length = existing.length();
      return existing;
    }
    String name = Recoverer.name(Recoverer.SEGMENT, next);
    // Left by an attempt that failed: none of its records was ever promised, or this number would be taken.
    storage.delete(name);
    Storage.Output made = storage.create(name);
    try {
      made.write(Format.header(next, 0));
      made.force();
      storage.sync();
    } catch (IOException e) {
      length = 0;
      giveUp(made, e);
      throw e;
    }
    length = Format.HEADER;
    output = made;
    return made;
  }

  /** What was refused must not be found again: cut if possible. If not, the next segment's first number says so. */
  private void giveUp(Storage.Output current, IOException reason) {
    output = null;
    try (current) {
      current.truncate(length);
      current.force();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Ends the segment, so that the next record begins a new one; returns the number of the last record. */
  long closeSegment() {
    close();
    appendable = "";
    return next - 1;
  }

  void close() {
    Storage.Output current = output;
    output = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        throw new StoreException(storage.kindOf(e), "Cannot close a segment of the journal: " + FolderStorage.words(e), e);
      }
    }
  }
}
