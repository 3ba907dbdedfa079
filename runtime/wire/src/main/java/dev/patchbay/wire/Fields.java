package dev.patchbay.wire;

import dev.patchbay.wire.MalformedFrameException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a body, by tag. Values stay where they are in the body until they are asked for. */
final class Fields {
  private static final int FIELD_HEADER = 6;

  /** The tags; their meaning does not depend on the type of the frame. */
  enum Tag {
    OLDEST(1),
    NEWEST(2),
    STARTED(3),
    LIMIT(4),
    NETNS(5),
    ENVIRONMENT(6),
    STDIN(7),
    STDOUT(8),
    STDERR(9),
    EXIT(10),
    CODE(11),
    MESSAGE(12),
    DETAILS(13),
    RUN_ID(14),
    PROGRAM(15),
    OUTPUT_LIMIT(16),
    OUTCOME(17),
    VALUE(18),
    UPTIME(19),
    BOOT(20);

    final int number;

    Tag(int number) {
      this.number = number;
    }
  }

  private final Map<Integer, List<ByteBuffer>> values;

  private Fields(Map<Integer, List<ByteBuffer>> values) {
    this.values = values;
  }

  static Fields read(ByteBuffer body) {
    Map<Integer, List<ByteBuffer>> values = new HashMap<>();
    while (body.hasRemaining()) {
      if (body.remaining() < FIELD_HEADER) {
        throw new MalformedFrameException(Reason.LENGTH, "the head of a field is cut off " + body.remaining()
            + " bytes before the frame's end");
      }
      int tag = Short.toUnsignedInt(body.getShort());
      long length = Integer.toUnsignedLong(body.getInt());
      if (length > body.remaining()) {
        throw new MalformedFrameException(Reason.LENGTH, "field " + tag + " announces " + length + " bytes, but only "
            + body.remaining() + " follow in the frame");
      }
      values.computeIfAbsent(tag, unused -> new ArrayList<>(1)).add(body.slice(body.position(), (int) length));
      body.position(body.position() + (int) length);
    }
    return new Fields(values);
  }

  List<ByteBuffer> all(Tag tag) {
    return values.getOrDefault(tag.number, List.of());
  }

  Optional<ByteBuffer> optional(Tag tag) {
    List<ByteBuffer> found = all(tag);
    if (found.size() > 1) {
      throw new MalformedFrameException(Reason.FIELD_COUNT, "field " + tag + " stands there " + found.size() + " times");
    }
    return found.stream().findFirst().map(ByteBuffer::duplicate);
  }

  private ByteBuffer required(Tag tag) {
    return optional(tag)
        .orElseThrow(() -> new MalformedFrameException(Reason.FIELD_COUNT, "field " + tag + " is missing"));
  }

  int u8(Tag tag) {
    return Byte.toUnsignedInt(sized(tag, required(tag), 1).get());
  }

  /** A number of 4 bytes that must not pass 2^31-1. */
  int u31(Tag tag) {
    return u31(tag, required(tag));
  }

  static int u31(Tag tag, ByteBuffer value) {
    int number = sized(tag, value, 4).getInt();
    if (number < 0) {
      throw outOfRange(tag, Integer.toUnsignedString(number));
    }
    return number;
  }

  long u32(Tag tag) {
    return Integer.toUnsignedLong(sized(tag, required(tag), 4).getInt());
  }

  long u63(Tag tag) {
    long number = sized(tag, required(tag), 8).getLong();
    if (number < 0) {
      throw outOfRange(tag, Long.toUnsignedString(number));
    }
    return number;
  }

  Payload payload(Tag tag) {
    ByteBuffer value = required(tag);
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return Payload.adopt(bytes);
  }

  String text(Tag tag) {
    return text(tag, required(tag));
  }

  static String text(Tag tag, ByteBuffer value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(value.duplicate()).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "field " + tag + " is no UTF-8 text");
    }
  }

  static MalformedFrameException outOfRange(Tag tag, String value) {
    return new MalformedFrameException(Reason.FIELD_VALUE, "field " + tag + " is out of range: " + value);
  }

  private static ByteBuffer sized(Tag tag, ByteBuffer value, int length) {
    if (value.remaining() != length) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "field " + tag + " must have " + length + " bytes, not "
          + value.remaining());
    }
    return value;
  }

  /** Collects the fields of a body to be sent. */
  static final class Writer {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Writer bytes(Tag tag, byte[] value) {
      ByteBuffer head = ByteBuffer.allocate(FIELD_HEADER).putShort((short) tag.number).putInt(value.length);
      body.writeBytes(head.array());
      body.writeBytes(value);
      return this;
    }

    Writer payload(Tag tag, Payload value) {
      return bytes(tag, value.toByteArray());
    }

    Writer text(Tag tag, String value) {
      return bytes(tag, value.getBytes(StandardCharsets.UTF_8));
    }

    Writer u8(Tag tag, int value) {
      return bytes(tag, new byte[] {(byte) value});
    }

    Writer u32(Tag tag, long value) {
      return bytes(tag, ByteBuffer.allocate(4).putInt((int) value).array());
    }

    Writer u64(Tag tag, long value) {
      return bytes(tag, ByteBuffer.allocate(8).putLong(value).array());
    }

    byte[] body() {
      return body.toByteArray();
    }
  }
}
