package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** JSON patch (RFC 6902). */
public final class JsonPatch {
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final String END = "-";

  private JsonPatch() {}

  /**
   * The target after all operations; it is changed.
   *
   * @throws StatusException 400 if the patch is none, 422 if it can't be applied to this target
   */
  public static ObjectNode apply(ObjectNode target, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw StatusException.badRequest("error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
    }
    JsonNode document = target;
    for (JsonNode operation : operations) {
      document = apply(document, operation, Json.text(operation, "op"));
    }
    if (document instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.unprocessable();
  }

  private static JsonNode apply(JsonNode document, JsonNode operation, String name) {
    List<String> path = pointer(operation, "path");
    return switch (name) {
      case "add" -> add(document, path, value(operation));
      case "remove" -> {
        remove(document, path);
        yield document;
      }
      case "replace" -> {
        if (path.isEmpty()) {
          yield value(operation);
        }
        requirePresent(document, path);
        replace(document, path, value(operation));
        yield document;
      }
      case "move" -> {
        List<String> from = pointer(operation, "from");
        JsonNode moved = requirePresent(document, from);
        remove(document, from);
        yield add(document, path, moved);
      }
      case "copy" -> add(document, path, requirePresent(document, pointer(operation, "from")).deepCopy());
      case "test" -> {
        if (!find(document, path).equals(value(operation))) {
          throw StatusException.unprocessable();
        }
        yield document;
      }
      default -> throw StatusException.badRequest("unexpected kind of JSON patch operation: \"" + name + "\"");
    };
  }

  private static List<String> pointer(JsonNode operation, String field) {
    JsonNode pointer = operation.path(field);
    if (!pointer.isTextual()) {
      throw StatusException.badRequest("a JSON patch operation lacks \"" + field + "\"");
    }
    String text = pointer.asText();
    if (text.isEmpty()) {
      return List.of();
    }
    if (!text.startsWith("/")) {
      throw StatusException.badRequest("\"" + text + "\" is no JSON pointer: it must begin with /");
    }
    return Arrays.stream(text.substring(1).split("/", -1))
        .map(part -> part.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static JsonNode value(JsonNode operation) {
    if (!operation.has("value")) {
      throw StatusException.badRequest("a JSON patch operation lacks \"value\"");
    }
    return operation.get("value").deepCopy();
  }

  private static JsonNode find(JsonNode document, List<String> path) {
    JsonNode node = document;
    for (String part : path) {
      boolean index = node.isArray() && INDEX.matcher(part).matches();
      node = index ? node.path(Integer.parseInt(part)) : node.path(part);
    }
    return node;
  }

  private static JsonNode requirePresent(JsonNode document, List<String> path) {
    JsonNode node = find(document, path);
    if (node.isMissingNode()) {
      throw StatusException.unprocessable();
    }
    return node;
  }

  private static JsonNode parent(JsonNode document, List<String> path) {
    return requirePresent(document, path.subList(0, path.size() - 1));
  }

  private static JsonNode add(JsonNode document, List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    switch (parent(document, path)) {
      case ObjectNode object -> object.set(path.getLast(), value);
      case ArrayNode array -> array.insert(index(path.getLast(), array.size(), true), value);
      default -> throw StatusException.unprocessable();
    }
    return document;
  }

  private static void remove(JsonNode document, List<String> path) {
    if (path.isEmpty()) {
      throw StatusException.unprocessable();
    }
    requirePresent(document, path);
    switch (parent(document, path)) {
      case ObjectNode object -> object.remove(path.getLast());
      case ArrayNode array -> array.remove(index(path.getLast(), array.size() - 1, false));
      default -> throw StatusException.unprocessable();
    }
  }

  private static void replace(JsonNode document, List<String> path, JsonNode value) {
    switch (parent(document, path)) {
      case ObjectNode object -> object.set(path.getLast(), value);
      case ArrayNode array -> array.set(index(path.getLast(), array.size() - 1, false), value);
      default -> throw StatusException.unprocessable();
    }
  }

  private static int index(String part, int largest, boolean endAllowed) {
    if (endAllowed && part.equals(END)) {
      return largest;
    }
    if (INDEX.matcher(part).matches() && Integer.parseInt(part) <= largest) {
      return Integer.parseInt(part);
    }
    throw StatusException.unprocessable();
  }
}
