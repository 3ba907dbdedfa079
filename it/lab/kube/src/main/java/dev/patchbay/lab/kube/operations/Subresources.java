package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import java.util.List;

/** What a write to a subresource changes of the object (Kubernetes API conventions, "Spec and Status"). */
final class Subresources {
  private static final List<String> STATUS_METADATA = List.of("labels", "annotations", "finalizers", "managedFields");

  private Subresources() {}

  /** The object as it was, with what the subresource may change taken from the caller's. */
  static ObjectNode merge(Target target, ObjectNode after, ObjectNode before) {
    if (target.subresource().equals("binding")) {
      // Made by this server: it sets what a binding sets and nothing else.
      return after;
    }
    ObjectNode object = before.deepCopy();
    switch (target.subresource()) {
      case "status" -> {
        replaceField(object, after, "status");
        // Status updates of built-in kinds carry labels and annotations too; custom resources keep their metadata.
        List<String> fields = target.type().custom() ? List.of("managedFields") : STATUS_METADATA;
        ObjectNode metadata = Json.child(object, "metadata");
        fields.forEach(field -> replaceField(metadata, after.path("metadata"), field));
      }
      case "finalize" -> Json.child(object, "spec").set("finalizers", finalizers(after));
      default -> throw StatusException.methodNotAllowed();
    }
    return object;
  }

  private static JsonNode finalizers(ObjectNode namespace) {
    JsonNode finalizers = Json.at(namespace, "spec", "finalizers");
    return finalizers.isArray() ? finalizers : Json.array();
  }

  /** Makes a field the same as in another object, gone if it is missing there. */
  static void replaceField(ObjectNode object, JsonNode from, String field) {
    JsonNode value = from.path(field);
    if (value.isMissingNode()) {
      object.remove(field);
    } else {
      object.set(field, value.deepCopy());
    }
  }
}
