package dev.patchbay.lab.kube.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.protobuf.Messages.Field;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads objects in the content type {@code application/vnd.kubernetes.protobuf}, in which typed Go clients (kubectl's
 * {@code create} and {@code auth} among them) send some of theirs. The kinds read are those of {@link Messages}; no
 * answer is ever given in this form, as every client takes JSON.
 */
public final class ProtobufObjects {
  /** The content type. */
  public static final String CONTENT_TYPE = "application/vnd.kubernetes.protobuf";

  // Before the message Unknown (k8s.io/apimachinery, runtime/serializer/protobuf).
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private ProtobufObjects() {}

  /**
   * The object as a tree.
   *
   * @throws StatusException 415 if its kind is not among those that can be read, 400 if it is malformed
   */
  public static ObjectNode parse(byte[] body) {
    if (!Arrays.equals(body, 0, Math.min(body.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
      throw StatusException.badRequest("the object provided is unrecognized: it does not begin as protobuf does");
    }
    try {
      ObjectNode unknown =
          message(ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length), fields("Unknown"));
      if (!unknown.has("raw")) {
        throw StatusException.badRequest("the object provided is unrecognized: its protobuf holds no object");
      }
      String kind = Json.text(unknown, "typeMeta", "kind");
      ObjectNode object = message(ByteBuffer.wrap(Base64.getDecoder().decode(Json.text(unknown, "raw"))), fields(kind));
      return object.put("kind", kind).put("apiVersion", Json.text(unknown, "typeMeta", "apiVersion"));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw StatusException.badRequest("the object provided is unrecognized: its protobuf ends too early");
    }
  }

  private static Map<Integer, Field> fields(String message) {
    Optional<Map<Integer, Field>> fields = Messages.of(message);
    if (fields.isEmpty()) {
      // What the lab can't read in this form it refuses as an unknown form, not as a wrong object.
      throw StatusException.unsupportedMediaType("application/json");
    }
    return fields.get();
  }

  private static ObjectNode message(ByteBuffer input, Map<Integer, Field> fields) {
    ObjectNode message = Json.object();
    while (input.hasRemaining()) {
      long tag = varint(input);
      Field field = fields.get((int) (tag >>> 3));
      int wire = (int) (tag & 7);
      if (field == null) {
        skip(input, wire);
      } else if (wire == VARINT) {
        long value = varint(input);
        if (field.type().equals("bool")) {
          message.put(field.name(), value != 0);
        } else {
          Json.put(message, field.name(), value);
        }
      } else if (wire == LENGTH) {
        put(message, field, slice(input));
      } else {
        throw new IllegalArgumentException("wire type " + wire);
      }
    }
    return message;
  }

  private static void put(ObjectNode message, Field field, ByteBuffer value) {
    switch (field.type()) {
      case "string" -> {
        // Go writes empty strings, too, where JSON leaves them out.
        if (field.repeated()) {
          message.withArrayProperty(field.name()).add(text(value));
        } else if (value.hasRemaining()) {
          message.put(field.name(), text(value));
        }
      }
      case "bytes" -> message.put(field.name(), base64(value));
      case "strings" -> entry(message.withObjectProperty(field.name()), value, false);
      case "bytesmap" -> entry(message.withObjectProperty(field.name()), value, true);
      case "time", "microtime" -> instant(value).ifPresent(time -> message.put(field.name(), time(time, field)));
      default -> {
        ObjectNode inner = message(value, fields(field.type()));
        if (field.repeated()) {
          ArrayNode list = message.withArrayProperty(field.name());
          list.add(inner);
        } else {
          message.set(field.name(), inner);
        }
      }
    }
  }

  private static void entry(ObjectNode map, ByteBuffer input, boolean bytes) {
    String key = "";
    JsonNode value = Json.object().textNode("");
    while (input.hasRemaining()) {
      long tag = varint(input);
      ByteBuffer content = slice(input);
      if (tag >>> 3 == 1) {
        key = text(content);
      } else {
        value = Json.object().textNode(bytes ? base64(content) : text(content));
      }
    }
    map.set(key, value);
  }

  /** A time without seconds is none: Go writes an empty message for it. */
  private static Optional<Instant> instant(ByteBuffer input) {
    long seconds = 0;
    OptionalInt nanos = OptionalInt.empty();
    boolean present = input.hasRemaining();
    while (input.hasRemaining()) {
      long tag = varint(input);
      long value = varint(input);
      if (tag >>> 3 == 1) {
        seconds = value;
      } else {
        nanos = OptionalInt.of((int) value);
      }
    }
    return present ? Optional.of(Instant.ofEpochSecond(seconds, nanos.orElse(0))) : Optional.empty();
  }

  private static String time(Instant time, Field field) {
    return field.type().equals("microtime")
        ? MICROSECONDS.format(time)
        : Instant.ofEpochSecond(time.getEpochSecond()).toString();
  }

  private static void skip(ByteBuffer input, int wire) {
    switch (wire) {
      case VARINT -> varint(input);
      case FIXED64 -> input.getLong();
      case LENGTH -> slice(input);
      case FIXED32 -> input.getInt();
      default -> throw new IllegalArgumentException("wire type " + wire);
    }
  }

  private static long varint(ByteBuffer input) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = input.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  private static ByteBuffer slice(ByteBuffer input) {
    long length = varint(input);
    if (length < 0 || length > input.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = input.slice(input.position(), (int) length);
    input.position(input.position() + (int) length);
    return slice;
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value).toString();
  }

  private static String base64(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
