package dev.patchbay.lab.kube.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON trees: the one form in which objects travel inside this server. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /**
   * Parses one JSON document.
   *
   * @throws StatusException 400 if it is none
   */
  public static JsonNode parse(byte[] text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw StatusException.badRequest("the request body is empty, a JSON document was expected");
      }
      return node;
    } catch (IOException e) {
      String reason = e instanceof JsonProcessingException syntax ? syntax.getOriginalMessage() : e.getMessage();
      throw StatusException.badRequest("the object provided is unrecognized: it is no JSON: " + reason);
    }
  }

  /**
   * Parses one JSON object.
   *
   * @throws StatusException 400 if it is none
   */
  public static ObjectNode parseObject(byte[] text) {
    if (parse(text) instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.badRequest("the object provided is unrecognized: a JSON object was expected");
  }

  /** Parses a JSON object written in the program's own source or by its caller. */
  public static ObjectNode parseObject(String text) {
    return parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An empty array. */
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** An array of strings. */
  public static ArrayNode strings(Iterable<String> values) {
    ArrayNode array = array();
    values.forEach(array::add);
    return array;
  }

  /** The document in UTF-8, on one line. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written: " + e.getOriginalMessage(), e);
    }
  }

  /** The node at a path of field names, a missing node if there is none. */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode current = node;
    for (String field : path) {
      current = current.path(field);
    }
    return current;
  }

  /** The text at a path of field names, empty if there is none. */
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /** The non-empty text at a path of field names. */
  public static Optional<String> optional(JsonNode node, String... path) {
    String text = text(node, path);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The strings of the array at a path; empty if there is none. */
  public static List<String> list(JsonNode node, String... path) {
    List<String> values = new ArrayList<>();
    at(node, path).forEach(element -> values.add(element.asText()));
    return values;
  }

  /** The object at a path of field names, made where it is missing. Whatever else stands there is replaced. */
  public static ObjectNode child(ObjectNode node, String... path) {
    ObjectNode current = node;
    for (String field : path) {
      current = current.get(field) instanceof ObjectNode present ? present : current.putObject(field);
    }
    return current;
  }

  /** Sets a whole number in the form that parsing gives it, so that equal documents are equal trees. */
  public static void put(ObjectNode node, String field, long value) {
    if (value == (int) value) {
      node.put(field, (int) value);
    } else {
      node.put(field, value);
    }
  }

  /** A tree built by a program in the form that parsing gives it. */
  public static ObjectNode normalized(ObjectNode node) {
    return parseObject(bytes(node));
  }

  /**
   * Takes fields away that are null, at any depth, but for {@code creationTimestamp}, which Go's types write as null
   * where it is not set, and kubectl's apply expects to find again in templates.
   */
  public static void dropNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(field -> field.getValue().isNull() && !field.getKey().equals("creationTimestamp"));
    }
    node.forEach(Json::dropNulls);
  }
}
