package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.patch.Shapes.Atomic;
import dev.patchbay.lab.kube.patch.Shapes.MapBy;
import dev.patchbay.lab.kube.patch.Shapes.SetOf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges configurations into objects, and takes fields out of them again, for server-side apply. */
final class Merger {
  private final Shapes shapes;

  Merger(Shapes shapes) {
    this.shapes = shapes;
  }

  ObjectNode merge(ObjectNode target, ObjectNode configuration) {
    return merge(target, configuration, List.of());
  }

  private ObjectNode merge(ObjectNode target, ObjectNode configuration, List<String> names) {
    for (Map.Entry<String, JsonNode> field : configuration.properties()) {
      List<String> inner = new ArrayList<>(names);
      inner.add(field.getKey());
      JsonNode present = target.path(field.getKey());
      JsonNode value = field.getValue();
      if (value instanceof ObjectNode change && present instanceof ObjectNode object && !shapes.isAtomicObject(inner)) {
        merge(object, change, inner);
      } else if (value instanceof ArrayNode change && present instanceof ArrayNode array) {
        target.set(field.getKey(), mergeList(array, change, inner));
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
    return target;
  }

  private ArrayNode mergeList(ArrayNode present, ArrayNode change, List<String> names) {
    return switch (shapes.list(names)) {
      case Atomic atomic -> change.deepCopy();
      case SetOf set -> {
        List<JsonNode> union = elements(present);
        change.forEach(
            each -> {
              if (!union.contains(each)) {
                union.add(each.deepCopy());
              }
            });
        yield Json.array().addAll(union);
      }
      case MapBy map -> {
        List<JsonNode> merged = elements(present);
        for (JsonNode each : change) {
          FieldPath id = FieldPath.ROOT.element(each, map.keys());
          int at = 0;
          while (at < merged.size() && !FieldPath.ROOT.element(merged.get(at), map.keys()).equals(id)) {
            at++;
          }
          if (at == merged.size()) {
            merged.add(each.deepCopy());
          } else if (merged.get(at) instanceof ObjectNode object && each instanceof ObjectNode fields) {
            merge(object, fields, names);
          }
        }
        yield Json.array().addAll(merged);
      }
    };
  }

  /**
   * Takes fields out of an object; objects that become empty go, too. Whole elements of lists go before the fields in
   * them, which tell the elements apart.
   */
  void remove(ObjectNode object, Set<FieldPath> paths) {
    paths.stream()
        .sorted(Comparator.comparingInt((FieldPath path) -> path.elements().size()))
        .forEach(path -> remove(object, path.elements(), List.of()));
  }

  private void remove(JsonNode node, List<String> elements, List<String> names) {
    String element = elements.getFirst();
    List<String> rest = elements.subList(1, elements.size());
    if (element.startsWith("f:") && node instanceof ObjectNode object) {
      String name = element.substring(2);
      List<String> inner = new ArrayList<>(names);
      inner.add(name);
      if (rest.isEmpty()) {
        object.remove(name);
      } else if (object.has(name)) {
        remove(object.get(name), rest, inner);
        if (object.get(name).isContainerNode() && object.get(name).isEmpty()) {
          object.remove(name);
        }
      }
    } else if (node instanceof ArrayNode array) {
      List<String> keys = shapes.list(names) instanceof MapBy map ? map.keys() : List.of();
      for (Iterator<JsonNode> each = array.iterator(); each.hasNext(); ) {
        JsonNode candidate = each.next();
        FieldPath id =
            element.startsWith("k:")
                ? FieldPath.ROOT.element(candidate, keys)
                : FieldPath.ROOT.value(candidate);
        if (!id.elements().getFirst().equals(element)) {
          continue;
        }
        if (rest.isEmpty()) {
          each.remove();
        } else {
          remove(candidate, rest, names);
        }
      }
    }
  }

  private static List<JsonNode> elements(ArrayNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements;
  }
}
