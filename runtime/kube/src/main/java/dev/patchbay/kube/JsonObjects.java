package dev.patchbay.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads values from JSON as it comes. */
final class JsonObjects {
  static final JsonFactory FACTORY = JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
      // Names of labels and annotations come and go; the virtual machine's own table is no place for them.
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** The whole object once more, as text, which kubectl leaves in it. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private JsonObjects() {}

  /** Reads one object, or as much of it as is wanted. */
  static Fields read(InputStream source, Shape shape) throws IOException {
    try (JsonParser json = FACTORY.createParser(source)) {
      expect(json, json.nextToken(), JsonToken.START_OBJECT);
      return object(json, shape);
    }
  }

  /** The message of a Status; the text itself if it is none. */
  static String message(byte[] text) {
    try {
      Fields status = read(new ByteArrayInputStream(text), Shape.WHOLE);
      if (status.text("message").isPresent()) {
        return status.required("message");
      }
    } catch (IOException e) {
      // Whatever stands between here and the API server answers as it likes.
    }
    String plain = new String(text, StandardCharsets.UTF_8).strip();
    return plain.isEmpty() ? "without a word" : plain.length() > 200 ? plain.substring(0, 200) + "..." : plain;
  }

  static void expect(JsonParser json, @Nullable JsonToken got, JsonToken wanted) throws IOException {
    if (got != wanted) {
      throw new JsonParseException(json, "the API server sent " + (got == null ? "the end" : got) + " where " + wanted + " belongs");
    }
  }

  /** The object whose start was read last. */
  static Fields object(JsonParser json, Shape shape) throws IOException {
    Map<String, Object> fields = new TreeMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      Shape part = shape.part(name);
      if (part == null) {
        json.skipChildren();
      } else {
        Object value = value(json, token, part);
        if (value != null) {
          fields.put(name, value);
        }
      }
    }
    return Fields.of(fields);
  }

  private static @Nullable Object value(JsonParser json, JsonToken token, Shape shape) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(json, shape);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
          Object element = value(json, next, shape);
          if (element != null) {
            list.add(element);
          }
        }
        yield list;
      }
      case VALUE_STRING, VALUE_NUMBER_FLOAT -> json.getText();
      case VALUE_NUMBER_INT -> switch (json.getNumberType()) {
        case INT, LONG -> json.getLongValue();
        default -> json.getText();
      };
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonParseException(json, "the API server sent " + token + " where a value belongs");
    };
  }

  /** The object of the kind whose start was read last. */
  static ObjectRecord record(JsonParser json, ObjectKind kind) throws IOException {
    Shape shape = Shape.of(kind);
    Map<String, Object> content = new TreeMap<>();
    Fields metadata = Fields.empty();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      Shape part = shape.part(name);
      if (name.equals("metadata")) {
        metadata = token == JsonToken.START_OBJECT ? object(json, METADATA) : Fields.empty();
      } else if (part == null || name.equals("kind") || name.equals("apiVersion")) {
        json.skipChildren();
      } else {
        Object value = value(json, token, part);
        if (value != null) {
          content.put(name, value);
        }
      }
    }
    return new ObjectRecord(new ObjectRef(kind, metadata.text("namespace").orElse(""), metadata.text("name").orElse("")),
        metadata.text("uid").orElse(""), metadata.text("resourceVersion").orElse(""), texts(metadata.fields("labels")),
        texts(metadata.fields("annotations").without(LAST_APPLIED)), Fields.of(content));
  }

  private static final Shape METADATA = Shape.of("name", "namespace", "uid", "resourceVersion", "labels", "annotations");

  private static Map<String, String> texts(Fields fields) {
    Map<String, String> texts = new TreeMap<>();
    fields.values().forEach((name, value) -> {
      if (value instanceof String text) {
        texts.put(name, text);
      }
    });
    return texts;
  }
}
