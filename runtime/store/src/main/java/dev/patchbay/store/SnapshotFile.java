package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes a snapshot whole or not at all, and removes what it makes superfluous. */
final class SnapshotFile {
  private static final String TEMPORARY = "snapshot.new";

  private SnapshotFile() {}

  static void write(Storage storage, long upTo, List<byte[]> state) throws IOException {
    int size = Format.HEADER;
    for (byte[] bytes : state) {
      size = Math.addExact(size, Format.size(bytes));
    }
    ByteBuffer file = ByteBuffer.allocate(size);
    file.put(Format.header(upTo, state.size()));
    long number = 1;
    for (byte[] bytes : state) {
      Format.putRecord(file, number++, bytes, false);
    }
    storage.delete(TEMPORARY);
    try (Storage.Output output = storage.create(TEMPORARY)) {
      output.write(file.flip());
      output.force();
    }
    storage.rename(TEMPORARY, Recoverer.name(Recoverer.SNAPSHOT, upTo));
    storage.sync();
    removeSuperfluous(storage);
  }

  /** Keeps the newest two snapshots and the segments with records above the older of them. */
  private static void removeSuperfluous(Storage storage) throws IOException {
    List<String> names = storage.list();
    List<Recoverer.Named> snapshots = Recoverer.named(names, Recoverer.SNAPSHOT);
    if (snapshots.size() < 2) {
      return;
    }
    long kept = snapshots.get(snapshots.size() - 2).number();
    for (Recoverer.Named snapshot : snapshots) {
      if (snapshot.number() < kept) {
        storage.delete(snapshot.name());
      }
    }
    List<Recoverer.Named> segments = Recoverer.named(names, Recoverer.SEGMENT);
    for (int i = 0; i + 1 < segments.size(); i++) {
      if (segments.get(i + 1).number() <= kept + 1) {
        storage.delete(segments.get(i).name());
      }
    }
  }
}
