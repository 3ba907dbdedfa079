package dev.patchbay.lab.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code openAPIV3Schema} of one version of a custom resource: fills in defaults, drops what it does not know, and
 * says what is wrong (Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions"). Immutable.
 *
 * <p>Not modelled: validation rules in CEL, {@code x-kubernetes-embedded-resource}.
 */
public final class StructuralSchema {
  private static final Set<String> ALWAYS_KNOWN = Set.of("kind", "apiVersion", "metadata");

  private final JsonNode root;
  private final boolean preserveUnknown;

  /**
   * @param schema the schema; a missing node if the version has none
   * @param preserveUnknown whether the definition keeps unknown fields everywhere
   */
  public StructuralSchema(JsonNode schema, boolean preserveUnknown) {
    this.root = schema;
    this.preserveUnknown = preserveUnknown || schema.isMissingNode();
  }

  /** The schema itself. */
  public JsonNode root() {
    return root;
  }

  /** Sets defaults where fields are missing, or null without being nullable. */
  public void applyDefaults(ObjectNode object) {
    defaults(object, root);
  }

  private static void defaults(JsonNode node, JsonNode schema) {
    switch (node) {
      case ObjectNode object -> {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
          JsonNode value = object.path(property.getKey());
          JsonNode inner = property.getValue();
          boolean unset = value.isMissingNode() || (value.isNull() && !inner.path("nullable").asBoolean(false));
          if (unset && inner.has("default")) {
            object.set(property.getKey(), inner.get("default").deepCopy());
          } else if (unset && value.isNull()) {
            object.remove(property.getKey());
          }
        }
        object
            .properties()
            .forEach(field -> defaults(field.getValue(), propertySchema(schema, field.getKey())));
      }
      case ArrayNode array -> array.forEach(each -> defaults(each, schema.path("items")));
      default -> {
        // A scalar has nothing inside.
      }
    }
  }

  private static JsonNode propertySchema(JsonNode schema, String name) {
    JsonNode property = schema.path("properties").path(name);
    return property.isMissingNode() ? schema.path("additionalProperties") : property;
  }

  /**
   * Drops fields that the schema does not know.
   *
   * @return their paths
   */
  public List<String> prune(ObjectNode object) {
    List<String> dropped = new ArrayList<>();
    if (!preserveUnknown) {
      prune(object, root, "", dropped);
    }
    return List.copyOf(dropped);
  }

  private static void prune(JsonNode node, JsonNode schema, String path, List<String> dropped) {
    boolean keepsUnknown = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    switch (node) {
      case ObjectNode object -> {
        for (String name : names(object)) {
          if (path.isEmpty() && ALWAYS_KNOWN.contains(name)) {
            continue;
          }
          String inner = path.isEmpty() ? name : path + "." + name;
          JsonNode property = propertySchema(schema, name);
          boolean anything = property.isBoolean() && property.asBoolean();
          if (property.isObject()) {
            prune(object.get(name), property, inner, dropped);
          } else if (!keepsUnknown && !anything) {
            object.remove(name);
            dropped.add(inner);
          }
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          if (schema.has("items") || !keepsUnknown) {
            prune(array.get(i), schema.path("items"), path + "[" + i + "]", dropped);
          }
        }
      }
      default -> {
        // A scalar has nothing inside.
      }
    }
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** What is wrong with an object. */
  public List<Cause> validate(ObjectNode object) {
    List<Cause> causes = new ArrayList<>();
    ObjectNode content = Json.object();
    content.setAll(object);
    content.remove(ALWAYS_KNOWN);
    new SchemaValidation(causes).validate(content, root, "");
    return causes;
  }
}
