package dev.patchbay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a file: a header, then records, all numbers big-endian.
 *
 * <pre>
 * header   magic (8), format (2), oldest format that a reader must know (2), 0 (4), number (8), count (4), CRC-32C of these (4)
 * records  as {@link Layout} says
 * </pre>
 *
 * <p>A segment's number is that of its first record, a snapshot's the number up to which it stands for the records; count is the
 * number of a snapshot's records, which are numbered from 1.
 *
 * <p>A version writes one format, and reads that and the one before. A later version that adds to a format what this one may pass over
 * says so in the header: the oldest format that a reader must know stays what it was.
 */
final class Format {
  static final int HEADER = 32;
  /** More than any record has. */
  static final int LARGEST = Layout.LARGEST;
  /** What is written. */
  static final short FORMAT = 2;

  private static final byte[] MAGIC = "PATCHBAY".getBytes(StandardCharsets.US_ASCII);
  private static final short READABLE_SINCE = 2;
  private static final Layout WRITTEN = Layout.of(FORMAT);

  private Format() {}

  record Header(int format, long number, int count) {}

  /**
   * A file as read.
   *
   * @param header empty if it is unreadable
   * @param entries the good records
   * @param damages without file names
   * @param cut bytes of torn records at the end
   */
  record Parsed(Optional<Header> header, List<Recovery.Entry> entries, List<Damage> damages, long cut) {
    boolean isWholeSnapshot() {
      return header.isPresent() && damages.isEmpty() && cut == 0 && entries.size() == header.get().count();
    }
  }

  static ByteBuffer header(long number, int count) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(MAGIC).putShort(FORMAT).putShort(READABLE_SINCE).putInt(0).putLong(number).putInt(count);
    header.putInt(Layout.checksum(header, 0, HEADER - 4));
    return header.flip();
  }

  /** Puts one record of a group; the last of it has no more behind it. */
  static void putRecord(ByteBuffer into, long number, byte[] bytes, boolean more) {
    Layout.put(into, number, bytes, more);
  }

  static int size(byte[] bytes) {
    return WRITTEN.head + bytes.length + WRITTEN.tail;
  }

  /** Reads a file; its records are copied out. */
  static Parsed parse(String name, ByteBuffer file) {
    int size = file.limit();
    if (size < HEADER || isZero(file, size)) {
      // A file whose header never reached the disk held nothing that was promised.
      return new Parsed(Optional.empty(), List.of(), List.of(), size);
    }
    Optional<Header> header = header(name, file);
    if (header.isPresent()) {
      return records(name, file, header, Layout.of(header.get().format()));
    }
    // The format is not known, but only records of the right one have right checksums.
    Parsed second = records(name, file, header, Layout.SECOND);
    Parsed first = records(name, file, header, Layout.FIRST);
    return first.entries().size() > second.entries().size() ? first : second;
  }

  private static Parsed records(String name, ByteBuffer file, Optional<Header> header, Layout layout) {
    int size = file.limit();
    List<Damage> damages = new ArrayList<>();
    if (header.isEmpty()) {
      damages.add(new Damage(name, 0, HEADER, Damage.Kind.HEADER, 0, false));
    }
    List<Recovery.Entry> entries = new ArrayList<>();
    long last = header.map(Header::number).orElse(1L) - 1;
    // Where the group began that is not whole yet, and how many records there were before it.
    int group = -1;
    int before = 0;
    int at = HEADER;
    while (at < size) {
      Optional<Integer> length = layout.good(file, at);
      if (length.isPresent()) {
        if (group < 0) {
          group = at;
          before = entries.size();
        }
        last = layout.number(file, at);
        byte[] bytes = new byte[length.get()];
        file.get(at + layout.head, bytes);
        entries.add(new Recovery.Entry(last, bytes));
        if (!layout.more(file, at)) {
          group = -1;
        }
        at += layout.head + length.get() + layout.tail;
        continue;
      }
      int next = nextRecord(file, layout, at + 1, last);
      if (next < 0 && !layout.wasWhole(file, at)) {
        break;
      }
      boolean altered = next >= 0;
      damages.add(new Damage(name, at, (altered ? next : size) - at, altered ? Damage.Kind.ALTERED : Damage.Kind.ALTERED_LAST, last, false));
      // What is left of a group that was promised is kept; the damage says that something may be lost.
      group = -1;
      at = altered ? next : size;
    }
    if (group < 0) {
      return new Parsed(header, entries, damages, size - at);
    }
    // The group was being written: nobody was promised any of it.
    return new Parsed(header, List.copyOf(entries.subList(0, before)), damages, size - group);
  }

  private static Optional<Header> header(String name, ByteBuffer file) {
    boolean ours = file.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    if (!ours || Layout.checksum(file, 0, HEADER - 4) != file.getInt(HEADER - 4)) {
      return Optional.empty();
    }
    if (file.getShort(10) > FORMAT) {
      throw new StoreException(StoreException.Kind.VERSION, "Cannot read " + name + ": it was written in format "
          + file.getShort(8) + ", which needs a reader of format " + file.getShort(10) + ", and this one knows " + FORMAT
          + "; start the version that wrote it");
    }
    return Optional.of(new Header(file.getShort(8), file.getLong(16), file.getInt(24)));
  }

  private static int nextRecord(ByteBuffer file, Layout layout, int from, long after) {
    for (int at = from; at <= file.limit() - layout.head - layout.tail; at++) {
      // The number is looked at first: it is wrong nearly everywhere, and the checksum is dear.
      long number = layout.number(file, at);
      if (number > after && number < after + (1L << 32) && layout.good(file, at).isPresent()) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isZero(ByteBuffer file, int length) {
    for (int i = 0; i < length; i++) {
      if (file.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
