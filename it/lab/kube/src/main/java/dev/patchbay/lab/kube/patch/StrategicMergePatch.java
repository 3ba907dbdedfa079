package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.patch.Shapes.Atomic;
import dev.patchbay.lab.kube.patch.Shapes.MapBy;
import dev.patchbay.lab.kube.patch.Shapes.SetOf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Strategic merge patch: a merge patch that knows lists with keys, and directives (Kubernetes API conventions,
 * "Strategic Merge Patch"; directives as in k8s.io/apimachinery, {@code util/strategicpatch}).
 */
public final class StrategicMergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private final Shapes shapes;

  /** Patches objects of a shape. */
  public StrategicMergePatch(Shapes shapes) {
    this.shapes = shapes;
  }

  /**
   * The target with the patch merged in; the target is changed, the patch is not.
   *
   * @throws StatusException 400 if a directive is unknown or an element lacks its key
   */
  public ObjectNode apply(ObjectNode target, ObjectNode patch) {
    return merge(target, patch, List.of());
  }

  private ObjectNode merge(ObjectNode target, ObjectNode patch, List<String> path) {
    switch (Json.text(patch, DIRECTIVE)) {
      case "", "merge" -> {
        // The ordinary way.
      }
      case "replace" -> {
        ObjectNode replacement = patch.deepCopy();
        replacement.remove(DIRECTIVE);
        return replacement;
      }
      case "delete" -> {
        return Json.object();
      }
      default -> throw StatusException.badRequest("unrecognized type for $patch: " + Json.text(patch, DIRECTIVE));
    }
    if (patch.has(RETAIN_KEYS)) {
      target.retain(Json.list(patch, RETAIN_KEYS));
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      mergeField(target, field.getKey(), field.getValue(), path);
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getKey().startsWith(ORDER)) {
        reorder(target, field.getKey().substring(ORDER.length()), field.getValue(), path);
      }
    }
    return target;
  }

  private void mergeField(ObjectNode target, String name, JsonNode value, List<String> path) {
    if (name.equals(DIRECTIVE) || name.equals(RETAIN_KEYS) || name.startsWith(ORDER)) {
      return;
    }
    if (name.startsWith(DELETE_FROM)) {
      String list = name.substring(DELETE_FROM.length());
      if (target.get(list) instanceof ArrayNode present) {
        ArrayNode kept = Json.array();
        present.forEach(each -> addUnless(kept, each, contains(value, each)));
        target.set(list, kept);
      }
      return;
    }
    List<String> inner = child(path, name);
    switch (value) {
      case ObjectNode change -> {
        ObjectNode present = target.get(name) instanceof ObjectNode object ? object : Json.object();
        target.set(name, merge(present, change, inner));
      }
      case ArrayNode change -> {
        ArrayNode present = target.get(name) instanceof ArrayNode array ? array : Json.array();
        target.set(name, mergeList(present, change, inner));
      }
      default -> {
        if (value.isNull()) {
          target.remove(name);
        } else {
          target.set(name, value.deepCopy());
        }
      }
    }
  }

  private ArrayNode mergeList(ArrayNode present, ArrayNode change, List<String> path) {
    return switch (shapes.list(path)) {
      case Atomic atomic -> change.deepCopy();
      case SetOf set -> {
        ArrayNode union = present.deepCopy();
        change.forEach(each -> addUnless(union, each, contains(union, each)));
        yield union;
      }
      case MapBy map -> mergeByKey(present, change, map.mergeKey(), path);
    };
  }

  private ArrayNode mergeByKey(ArrayNode present, ArrayNode change, String key, List<String> path) {
    for (JsonNode element : change) {
      if (Json.text(element, DIRECTIVE).equals("replace")) {
        ArrayNode replacement = Json.array();
        change.forEach(each -> addUnless(replacement, each, each.has(DIRECTIVE)));
        return replacement;
      }
    }
    List<JsonNode> merged = new ArrayList<>();
    present.forEach(merged::add);
    for (JsonNode element : change) {
      JsonNode id = element.path(key);
      if (!(element instanceof ObjectNode patch) || id.isMissingNode()) {
        String where = String.join(".", path);
        throw StatusException.badRequest(
            "map: " + element + " does not contain declared merge key: " + key + " (in " + where + ")");
      }
      if (Json.text(patch, DIRECTIVE).equals("delete")) {
        merged.removeIf(each -> each.path(key).equals(id));
        continue;
      }
      int at = indexOf(merged, key, id);
      if (at < 0) {
        merged.add(merge(Json.object(), patch, path));
      } else {
        ObjectNode before = merged.get(at) instanceof ObjectNode object ? object : Json.object();
        merged.set(at, merge(before, patch, path));
      }
    }
    return Json.array().addAll(merged);
  }

  private void reorder(ObjectNode target, String name, JsonNode order, List<String> path) {
    if (!(target.get(name) instanceof ArrayNode present)) {
      return;
    }
    List<JsonNode> wanted = new ArrayList<>();
    String key = shapes.list(child(path, name)) instanceof MapBy map ? map.mergeKey() : "";
    order.forEach(each -> wanted.add(key.isEmpty() ? each : each.path(key)));
    List<JsonNode> elements = new ArrayList<>();
    present.forEach(elements::add);
    // Stable: what the patch does not name keeps its place after what it names.
    elements.sort(
        Comparator.comparingInt(
            each -> {
              int at = wanted.indexOf(key.isEmpty() ? each : each.path(key));
              return at < 0 ? Integer.MAX_VALUE : at;
            }));
    target.set(name, Json.array().addAll(elements));
  }

  private static int indexOf(List<JsonNode> elements, String key, JsonNode id) {
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).path(key).equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean contains(JsonNode array, JsonNode value) {
    for (JsonNode each : array) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static void addUnless(ArrayNode array, JsonNode value, boolean unwanted) {
    if (!unwanted) {
      array.add(value.deepCopy());
    }
  }

  private static List<String> child(List<String> path, String name) {
    List<String> inner = new ArrayList<>(path);
    inner.add(name);
    return inner;
  }
}
