package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.patch.Shapes.Atomic;
import dev.patchbay.lab.kube.patch.Shapes.MapBy;
import dev.patchbay.lab.kube.patch.Shapes.SetOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of an object that can be owned, and sets of fields in the form {@code FieldsV1}. */
final class FieldSet {
  private static final String ITSELF = ".";

  /** Nobody owns these (k8s.io/apimachinery, {@code util/managedfields}, stripMeta). */
  private static final Set<String> UNOWNED_METADATA =
      Set.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "generation",
          "managedFields",
          "resourceVersion",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  private FieldSet() {}

  /** All fields of an object that can be owned, with their values; an element of a list with keys has none itself. */
  static Map<FieldPath, JsonNode> of(ObjectNode object, Shapes shapes) {
    Map<FieldPath, JsonNode> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      switch (name) {
        case "kind", "apiVersion" -> {
          // They say what the object is, not what somebody wants of it.
        }
        case "metadata" -> {
          for (Map.Entry<String, JsonNode> each : field.getValue().properties()) {
            if (!UNOWNED_METADATA.contains(each.getKey())) {
              FieldPath path = FieldPath.ROOT.field("metadata").field(each.getKey());
              collect(each.getValue(), path, List.of("metadata", each.getKey()), shapes, fields);
            }
          }
        }
        default -> {
          // Of a whole spec or status without anything in it nobody is the owner.
          if (!field.getValue().isObject() || !field.getValue().isEmpty()) {
            collect(field.getValue(), FieldPath.ROOT.field(name), List.of(name), shapes, fields);
          }
        }
      }
    }
    return fields;
  }

  private static void collect(
      JsonNode node, FieldPath path, List<String> names, Shapes shapes, Map<FieldPath, JsonNode> fields) {
    if (node.isObject() && !node.isEmpty() && !shapes.isAtomicObject(names)) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        List<String> inner = new ArrayList<>(names);
        inner.add(field.getKey());
        collect(field.getValue(), path.field(field.getKey()), inner, shapes, fields);
      }
    } else if (node.isArray() && !node.isEmpty()) {
      switch (shapes.list(names)) {
        case Atomic atomic -> fields.put(path, node);
        case SetOf set -> node.forEach(each -> fields.put(path.value(each), each));
        case MapBy map -> {
          for (JsonNode each : node) {
            FieldPath element = path.element(each, map.keys());
            if (shapes.isAtomicObject(names)) {
              fields.put(element, each);
            } else {
              fields.put(element, Json.object());
              collect(each, element, names, shapes, fields);
            }
          }
        }
      }
    } else {
      fields.put(path, node);
    }
  }

  /** A set of fields as {@code FieldsV1}. */
  static ObjectNode toJson(Set<FieldPath> paths) {
    ObjectNode root = Json.object();
    Set<FieldPath> inner = new LinkedHashSet<>();
    for (FieldPath path : paths) {
      ObjectNode node = root;
      FieldPath walked = FieldPath.ROOT;
      for (String element : path.elements()) {
        node = node.get(element) instanceof ObjectNode present ? present : node.putObject(element);
        walked = walked.child(element);
        if (walked.elements().size() < path.elements().size()) {
          inner.add(walked);
        }
      }
    }
    for (FieldPath path : paths) {
      if (inner.contains(path)) {
        Json.child(root, path.elements().toArray(String[]::new)).putObject(ITSELF);
      }
    }
    return root;
  }

  /** A set of fields from {@code FieldsV1}. */
  static Set<FieldPath> fromJson(JsonNode fields) {
    Set<FieldPath> paths = new LinkedHashSet<>();
    read(fields, FieldPath.ROOT, paths);
    return paths;
  }

  private static void read(JsonNode node, FieldPath path, Set<FieldPath> paths) {
    if (node.isEmpty() && !path.elements().isEmpty()) {
      paths.add(path);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getKey().equals(ITSELF)) {
        paths.add(path);
      } else {
        read(field.getValue(), path.child(field.getKey()), paths);
      }
    }
  }
}
