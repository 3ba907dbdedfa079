package dev.patchbay.lab.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.patch.BuiltInShapes;
import dev.patchbay.lab.kube.patch.Shapes;
import java.util.List;

/** The shapes of a custom resource, from {@code x-kubernetes-list-type} and its siblings in the schema. */
public final class SchemaShapes implements Shapes {
  private final JsonNode root;
  private final Shapes metadata;

  /** From a schema. */
  public SchemaShapes(StructuralSchema schema) {
    this.root = schema.root();
    this.metadata = new BuiltInShapes("");
  }

  @Override
  public ListShape list(List<String> path) {
    if (path.getFirst().equals("metadata")) {
      return metadata.list(path);
    }
    JsonNode schema = at(path);
    return switch (Json.text(schema, "x-kubernetes-list-type")) {
      case "set" -> new SetOf();
      case "map" -> {
        List<String> keys = Json.list(schema, "x-kubernetes-list-map-keys");
        yield keys.isEmpty() ? new Atomic() : new MapBy(keys.getFirst(), keys);
      }
      default -> new Atomic();
    };
  }

  @Override
  public boolean isAtomicObject(List<String> path) {
    if (path.getFirst().equals("metadata")) {
      return metadata.isAtomicObject(path);
    }
    return Json.text(at(path), "x-kubernetes-map-type").equals("atomic");
  }

  private JsonNode at(List<String> path) {
    JsonNode schema = root;
    for (String name : path) {
      // The names within an element of a list follow the list's own.
      JsonNode object = schema.has("items") ? schema.path("items") : schema;
      JsonNode property = object.path("properties").path(name);
      schema = property.isMissingNode() ? object.path("additionalProperties") : property;
    }
    return schema;
  }
}
