package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes a snapshot whole or not at all, and removes what it makes superfluous. */
final class SnapshotFile {
  private static final String TEMPORARY = "snapshot.new";
  /** Stands beside a snapshot that says more than the records before it: an older one and they do not replace it. */
  private static final String BEYOND = ".beyond";

  private SnapshotFile() {}

  /** The name of what stands beside a snapshot that says more than the records before it. */
  static String beyond(String snapshot) {
    return snapshot + BEYOND;
  }

  static void write(Storage storage, long upTo, List<byte[]> state, boolean beyond) throws IOException {
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
    String name = Recoverer.name(Recoverer.SNAPSHOT, upTo);
    if (beyond) {
      storage.delete(beyond(name));
      storage.create(beyond(name)).close();
    }
    storage.rename(TEMPORARY, name);
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
    String oldest = beyond(Recoverer.name(Recoverer.SNAPSHOT, kept));
    for (String name : names) {
      if (name.startsWith(Recoverer.SNAPSHOT) && name.endsWith(BEYOND) && name.compareTo(oldest) < 0) {
        storage.delete(name);
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
