package dev.patchbay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a file: a header, then records, all numbers big-endian.
 *
 * <pre>
 * header   magic (8), format (2), oldest format that a reader must know (2), 0 (4), number (8), count (4), CRC-32C of these (4)
 * record   length (4), CRC-32C of number and bytes (4), number (8), bytes
 * </pre>
 *
 * <p>A segment's number is that of its first record, a snapshot's the number up to which it stands for the records; count is the
 * number of a snapshot's records, which are numbered from 1.
 */
final class Format {
  static final int HEADER = 32;
  static final int RECORD = 16;
  /** More than any record has; a length above it is an altered one. */
  static final int LARGEST = 64 * 1024 * 1024;

  private static final byte[] MAGIC = "PATCHBAY".getBytes(StandardCharsets.US_ASCII);
  private static final short FORMAT = 1;
  private static final short READABLE_SINCE = 1;

  private Format() {}

  record Header(long number, int count) {}

  /**
   * A file as read.
   *
   * @param header empty if it is unreadable
   * @param entries the good records
   * @param damages without file names
   * @param cut bytes of a torn record at the end
   */
  record Parsed(Optional<Header> header, List<Recovery.Entry> entries, List<Damage> damages, long cut) {
    long lastNumber() {
      return entries.isEmpty() ? 0 : entries.getLast().number();
    }

    boolean isWholeSnapshot() {
      return header.isPresent() && damages.isEmpty() && cut == 0 && entries.size() == header.get().count();
    }
  }

  static ByteBuffer header(long number, int count) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(MAGIC).putShort(FORMAT).putShort(READABLE_SINCE).putInt(0).putLong(number).putInt(count);
    header.putInt(checksum(header, 0, HEADER - 4));
    return header.flip();
  }

  static void putRecord(ByteBuffer into, long number, byte[] bytes) {
    int start = into.position();
    into.putInt(bytes.length).putInt(0).putLong(number).put(bytes);
    into.putInt(start + 4, checksum(into, start + 8, 8 + bytes.length));
  }

  static int size(byte[] bytes) {
    return RECORD + bytes.length;
  }

  private static int checksum(ByteBuffer buffer, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(buffer.slice(offset, length));
    return (int) checksum.getValue();
  }

  /** Reads a file; its records are copied out. */
  static Parsed parse(String name, ByteBuffer file) {
    int size = file.limit();
    if (size < HEADER || isZero(file, 0, size)) {
      // A file whose header never reached the disk held nothing that was promised.
      return new Parsed(Optional.empty(), List.of(), List.of(), size);
    }
    List<Damage> damages = new ArrayList<>();
    Optional<Header> header = header(name, file);
    if (header.isEmpty()) {
      damages.add(new Damage(name, 0, HEADER, Damage.Kind.HEADER, 0, false));
    }
    List<Recovery.Entry> entries = new ArrayList<>();
    long last = header.map(Header::number).orElse(1L) - 1;
    int at = HEADER;
    while (at < size) {
      int length = wholeRecord(file, at);
      if (length >= 0) {
        last = file.getLong(at + 8);
        byte[] bytes = new byte[length];
        file.get(at + RECORD, bytes);
        entries.add(new Recovery.Entry(last, bytes));
        at += RECORD + length;
        continue;
      }
      int next = nextRecord(file, at + 1, last);
      if (next < 0) {
        return end(name, file, header, entries, damages, at, last);
      }
      damages.add(new Damage(name, at, next - at, Damage.Kind.ALTERED, last, false));
      at = next;
    }
    return new Parsed(header, entries, damages, 0);
  }

  private static Parsed end(String name, ByteBuffer file, Optional<Header> header, List<Recovery.Entry> entries,
      List<Damage> damages, int at, long last) {
    int left = file.limit() - at;
    boolean whole = left >= RECORD && file.getInt(at) >= 0 && file.getInt(at) <= left - RECORD;
    // Blocks that never reached the disk read as zeros; a record whose end is there was once written whole.
    if (whole && !isZero(file, file.limit() - 1, 1)) {
      damages.add(new Damage(name, at, left, Damage.Kind.ALTERED_LAST, last, false));
      return new Parsed(header, entries, damages, 0);
    }
    return new Parsed(header, entries, damages, left);
  }

  private static Optional<Header> header(String name, ByteBuffer file) {
    boolean ours = file.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    if (!ours || checksum(file, 0, HEADER - 4) != file.getInt(HEADER - 4)) {
      return Optional.empty();
    }
    if (file.getShort(10) > FORMAT) {
      throw new StoreException(StoreException.Kind.VERSION, "Cannot read " + name + ": it was written in format "
          + file.getShort(8) + ", which needs a reader of format " + file.getShort(10) + ", and this one knows " + FORMAT
          + "; start the version that wrote it");
    }
    return Optional.of(new Header(file.getLong(16), file.getInt(24)));
  }

  /** Returns the length of the good record at an offset, or -1. */
  private static int wholeRecord(ByteBuffer file, int at) {
    if (file.limit() - at < RECORD) {
      return -1;
    }
    int length = file.getInt(at);
    if (length < 0 || length > LARGEST || length > file.limit() - at - RECORD) {
      return -1;
    }
    return checksum(file, at + 8, 8 + length) == file.getInt(at + 4) ? length : -1;
  }

  private static int nextRecord(ByteBuffer file, int from, long after) {
    for (int at = from; at <= file.limit() - RECORD; at++) {
      // The number is looked at first: it is wrong nearly everywhere, and the checksum is dear.
      if (file.getLong(at + 8) > after && file.getLong(at + 8) < after + (1L << 32) && wholeRecord(file, at) >= 0) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isZero(ByteBuffer file, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (file.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
