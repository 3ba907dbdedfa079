package dev.patchbay.core.ledger;

import dev.patchbay.spi.Fields;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of {@link Fields}: one byte for the type of a value, then the value. Lengths and counts are unsigned LEB128, numbers
 * zigzag LEB128, text UTF-8. Frames, checksums and versions are the journal's business.
 */
public final class FieldsCodec {
  private static final int TEXT = 1;
  private static final int NUMBER = 2;
  private static final int TRUE = 3;
  private static final int FALSE = 4;
  private static final int LIST = 5;
  private static final int FIELDS = 6;
  /** Nothing that we write comes near; what claims more is no ledger of ours. */
  private static final int DEEPEST = 64;

  private FieldsCodec() {}

  /**
   * {@return the bytes of a tree}
   * @param fields the tree
   */
  public static byte[] encode(Fields fields) {
    Output out = new Output();
    write(out, fields);
    return out.bytes();
  }

  private static void write(Output out, Object value) {
    switch (value) {
      case String text -> {
        out.write(TEXT);
        writeText(out, text);
      }
      case Long number -> {
        out.write(NUMBER);
        writeNumber(out, number << 1 ^ number >> 63);
      }
      case Boolean truth -> out.write(truth ? TRUE : FALSE);
      case List<?> list -> {
        out.write(LIST);
        writeNumber(out, list.size());
        for (Object element : list) {
          write(out, element);
        }
      }
      case Fields fields -> {
        out.write(FIELDS);
        writeNumber(out, fields.values().size());
        for (Map.Entry<String, Object> entry : fields.values().entrySet()) {
          writeText(out, entry.getKey());
          write(out, entry.getValue());
        }
      }
      default -> throw new IllegalStateException("fields hold a " + value.getClass());
    }
  }

  private static void writeText(Output out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeNumber(out, bytes.length);
    out.write(bytes);
  }

  private static void writeNumber(Output out, long number) {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Bytes as they come. The JDK's stream would lock for each of them. */
  private static final class Output {
    private byte[] bytes = new byte[256];
    private int length;

    private void write(int one) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      bytes[length++] = (byte) one;
    }

    private void write(byte[] more) {
      if (more.length > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more.length));
      }
      System.arraycopy(more, 0, bytes, length, more.length);
      length += more.length;
    }

    private byte[] bytes() {
      return Arrays.copyOf(bytes, length);
    }
  }

  /**
   * Reads a tree.
   *
   * @param bytes the bytes of one tree, whole
   * @return the tree
   * @throws LedgerFormatException if they are not
   */
  public static Fields decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      Object value = read(in, 0);
      if (in.hasRemaining() || !(value instanceof Fields fields)) {
        throw new LedgerFormatException("an entry does not end where it should");
      }
      return fields;
    } catch (BufferUnderflowException e) {
      throw new LedgerFormatException("an entry ends too early", e);
    }
  }

  private static Object read(ByteBuffer in, int depth) {
    if (depth > DEEPEST) {
      throw new LedgerFormatException("an entry is nested deeper than " + DEEPEST);
    }
    int type = in.get();
    return switch (type) {
      case TEXT -> readText(in);
      case NUMBER -> {
        long n = readNumber(in);
        yield n >>> 1 ^ -(n & 1);
      }
      case TRUE -> true;
      case FALSE -> false;
      case LIST -> {
        int count = count(in);
        List<Object> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          list.add(read(in, depth + 1));
        }
        yield list;
      }
      case FIELDS -> {
        int count = count(in);
        Map<String, Object> map = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
          map.put(readText(in), read(in, depth + 1));
        }
        yield Fields.of(map);
      }
      default -> throw new LedgerFormatException("an entry has a value of unknown type " + type);
    };
  }

  private static int count(ByteBuffer in) {
    long count = readNumber(in);
    // Each value takes a byte at least, so a greater count is a damaged one.
    if (count < 0 || count > in.remaining()) {
      throw new LedgerFormatException("an entry claims " + count + " values in " + in.remaining() + " bytes");
    }
    return (int) count;
  }

  private static String readText(ByteBuffer in) {
    byte[] bytes = new byte[count(in)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long readNumber(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      number |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return number;
      }
    }
    throw new LedgerFormatException("an entry has a number of more than 64 bits");
  }
}
