package dev.patchbay.store;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** How records lie in a file, by its format. */
enum Layout {
  /**
   * Format 1: length (4), CRC-32C of number and bytes (4), number (8), bytes. A longer length of the last record passes for one that was
   * being written, which is why there is another.
   */
  FIRST(16, 0) {
    @Override
    int length(ByteBuffer file, int at) {
      return file.getInt(at);
    }

    @Override
    boolean headIsGood(ByteBuffer file, int at) {
      return true;
    }

    @Override
    int sum(ByteBuffer file, int at) {
      return file.getInt(at + 4);
    }

    @Override
    boolean more(ByteBuffer file, int at) {
      return false;
    }
  },

  /**
   * Format 2: length (4), flags (4), number (8), CRC-32C of these (4), CRC-32C of number and bytes (4), bytes, a byte that is never 0. The
   * first flag says that the next record belongs together with this one: all of them, or none.
   */
  SECOND(24, 1) {
    @Override
    int length(ByteBuffer file, int at) {
      return file.getInt(at);
    }

    @Override
    boolean headIsGood(ByteBuffer file, int at) {
      return checksum(file, at, 16) == file.getInt(at + 16);
    }

    @Override
    int sum(ByteBuffer file, int at) {
      return file.getInt(at + 20);
    }

    @Override
    boolean more(ByteBuffer file, int at) {
      return (file.getInt(at + 4) & MORE) != 0;
    }
  };

  /** With so many bits that a few flipped ones make no 0 of it. */
  static final byte END = (byte) 0xa5;
  private static final int MORE = 1;
  /** More than any record has; a length above it is an altered one. */
  static final int LARGEST = 64 * 1024 * 1024;

  /** The bytes before a record's own. */
  final int head;
  /** The bytes behind them. */
  final int tail;

  Layout(int head, int tail) {
    this.head = head;
    this.tail = tail;
  }

  /** The layout of a format; that of a later one which this reader may read is the last. */
  static Layout of(int format) {
    return format <= 1 ? FIRST : SECOND;
  }

  abstract int length(ByteBuffer file, int at);

  /** Whether length, flags and number are what was written, as far as the layout can tell. */
  abstract boolean headIsGood(ByteBuffer file, int at);

  abstract int sum(ByteBuffer file, int at);

  abstract boolean more(ByteBuffer file, int at);

  long number(ByteBuffer file, int at) {
    return file.getLong(at + 8);
  }

  /** The length of the bytes of the good record at an offset; empty if there is none. */
  Optional<Integer> good(ByteBuffer file, int at) {
    if (file.limit() - at < head + tail || !headIsGood(file, at)) {
      return Optional.empty();
    }
    int length = length(file, at);
    if (length < 0 || length > LARGEST || length > file.limit() - at - head - tail) {
      return Optional.empty();
    }
    CRC32C sum = new CRC32C();
    sum.update(file.slice(at + 8, 8));
    sum.update(file.slice(at + head, length));
    boolean ended = tail == 0 || file.get(at + head + length) == END;
    return ended && (int) sum.getValue() == sum(file, at) ? Optional.of(length) : Optional.empty();
  }

  /** Whether what lies at the end of a file, and is no good record, was once written whole: then it was altered later. */
  boolean wasWhole(ByteBuffer file, int at) {
    int left = file.limit() - at;
    if (left < head + tail) {
      return false;
    }
    int length = length(file, at);
    boolean fits = length >= 0 && length <= left - head - tail;
    // Blocks that never reached the disk read as zeros.
    boolean endIsThere = file.get(file.limit() - 1) != 0;
    if (this == FIRST) {
      return fits && endIsThere;
    }
    // The next record may have been begun behind it, and been cut off anywhere: its own end is what counts.
    if (headIsGood(file, at)) {
      return fits && file.get(at + head + length) != 0;
    }
    return endIsThere || fits && file.get(at + head + length) == END || isWholeWithAnotherLength(file, at);
  }

  /** Whether a record ends where its head would be good if it said so: then it is the length that was altered. */
  private boolean isWholeWithAnotherLength(ByteBuffer file, int at) {
    ByteBuffer other = ByteBuffer.allocate(16).put(0, file, at, 16);
    for (int end = at + head; end < file.limit(); end++) {
      if (file.get(end) == END && checksum(other.putInt(0, end - at - head), 0, 16) == file.getInt(at + 16)) {
        return true;
      }
    }
    return false;
  }

  static void put(ByteBuffer into, long number, byte[] bytes, boolean more) {
    int start = into.position();
    into.putInt(bytes.length).putInt(more ? MORE : 0).putLong(number);
    into.putInt(checksum(into, start, 16));
    CRC32C sum = new CRC32C();
    sum.update(into.slice(start + 8, 8));
    sum.update(bytes);
    into.putInt((int) sum.getValue()).put(bytes).put(END);
  }

  static int checksum(ByteBuffer buffer, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(buffer.slice(offset, length));
    return (int) checksum.getValue();
  }
}
