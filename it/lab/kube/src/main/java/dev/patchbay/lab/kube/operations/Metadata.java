package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@code metadata}: what the server sets, keeps and refuses (Kubernetes API conventions, "Metadata"). */
final class Metadata {
  /** Set by the server alone; what a writer says of them is replaced by what was. */
  private static final List<String> KEPT =
      List.of("namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

  private static final Set<String> OUTSIDE_GENERATION = Set.of("metadata", "status");

  private static final Set<String> OMITTED_IF_EMPTY =
      Set.of("labels", "annotations", "finalizers", "ownerReferences", "managedFields");
  private static final Set<String> OMITTED_DATA = Set.of("data", "binaryData", "stringData");

  private Metadata() {}

  /** Now, as timestamps are written: UTC, to the second. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Checks and sets {@code kind} and {@code apiVersion}. */
  static void requireType(ResourceType type, ObjectNode object) {
    String kind = Json.text(object, "kind");
    String apiVersion = Json.text(object, "apiVersion");
    boolean right =
        (kind.isEmpty() || kind.equals(type.kind())) && (apiVersion.isEmpty() || apiVersion.equals(type.apiVersion()));
    if (!right && type.custom() && apiVersion.equals(type.apiVersion())) {
      throw StatusException.invalid(
          type.group(),
          kind,
          Json.text(object, "metadata", "name"),
          List.of(Cause.invalid("kind", '"' + kind + '"', "must be " + type.kind())));
    }
    if (!right && !type.custom() && !kind.isEmpty() && !apiVersion.contains("/")) {
      String group = type.group().isEmpty() ? "core" : type.group().split("\\.")[0];
      throw StatusException.badRequest(
          kind + " in version \"" + apiVersion + "\" cannot be handled as a " + type.kind() + ": converting (" + apiVersion
              + "." + kind + ") to (" + group + "." + type.kind() + "): unknown conversion");
    }
    if (!right) {
      throw StatusException.badRequest(
          "the object provided is unrecognized: "
              + (apiVersion + ", Kind=" + kind)
              + " does not match the expected type ("
              + type.apiVersion()
              + ", Kind="
              + type.kind()
              + ")");
    }
    object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    // Null is the same as not set wherever a type says so: in all of built-in kinds, in metadata of all others.
    if (!type.custom()) {
      Json.dropNulls(object);
      dropEmpty(object);
    } else if (object.has("metadata")) {
      Json.dropNulls(object.get("metadata"));
    }
    if (object.has("metadata") && !object.get("metadata").isObject() && !object.get("metadata").isNull()) {
      throw StatusException.badRequest(type.kind() + " in version \"" + type.version()
          + "\" cannot be handled as a " + type.kind() + ": metadata must be an object");
    }
  }

  /** What is empty is not told at all of built-in kinds ({@code omitempty} in k8s.io/api). */
  static void dropEmpty(ObjectNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.properties().removeIf(field -> OMITTED_IF_EMPTY.contains(field.getKey()) && field.getValue().isEmpty());
    }
    object.properties().removeIf(field -> OMITTED_DATA.contains(field.getKey()) && field.getValue().isEmpty());
  }

  /** Prepares a new object's metadata. */
  static void create(Target target, ObjectNode object, Strategy strategy) {
    ObjectNode metadata = Json.child(object, "metadata");
    requireNamespace(target, metadata);
    String prefix = Json.text(metadata, "generateName");
    if (Json.text(metadata, "name").isEmpty() && !prefix.isEmpty()) {
      metadata.put("name", Names.generate(prefix));
    }
    if (target.namespace().isEmpty()) {
      metadata.remove("namespace");
    } else {
      metadata.put("namespace", target.namespace());
    }
    metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink"));
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", now());
    if (strategy.tracksGeneration()) {
      Json.put(metadata, "generation", 1);
    } else {
      metadata.remove("generation");
    }
  }

  /** Refuses a new object whose name is missing or malformed. */
  static void requireName(Target target, ObjectNode object, Strategy strategy) {
    String name = Json.text(object, "metadata", "name");
    if (name.isEmpty()) {
      throw StatusException.invalid(
          target.type(), "", List.of(Cause.required("metadata.name", "name or generateName is required")));
    }
    Optional<String> wrong = strategy.invalidName(name);
    if (wrong.isPresent()) {
      throw StatusException.invalid(
          target.type(), name, List.of(Cause.invalid("metadata.name", '"' + name + '"', wrong.get())));
    }
  }

  /** Refuses an object whose namespace is another than the path's. */
  static void requireNamespace(Target target, ObjectNode metadata) {
    String namespace = Json.text(metadata, "namespace");
    if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
      throw StatusException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  /** Refuses an object whose name is another than the path's. */
  static void requireSameName(Target target, ObjectNode object) {
    ObjectNode metadata = Json.child(object, "metadata");
    requireNamespace(target, metadata);
    String name = Json.text(metadata, "name");
    if (name.isEmpty()) {
      metadata.put("name", target.name());
    } else if (!name.equals(target.name())) {
      throw StatusException.badRequest(
          "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
    }
  }

  /** Carries over what only the server sets. */
  static void keep(ObjectNode object, ObjectNode before) {
    ObjectNode metadata = Json.child(object, "metadata");
    JsonNode earlier = before.path("metadata");
    for (String field : KEPT) {
      JsonNode value = earlier.path(field);
      if (value.isMissingNode()) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
    metadata.remove("selfLink");
  }

  /** Counts a change of anything but metadata and status. */
  static void countGeneration(ObjectNode object, ObjectNode before) {
    if (!withoutBookkeeping(object).equals(withoutBookkeeping(before))) {
      long generation = Json.at(before, "metadata", "generation").asLong(0);
      Json.put(Json.child(object, "metadata"), "generation", generation + 1);
    }
  }

  private static ObjectNode withoutBookkeeping(ObjectNode object) {
    ObjectNode shallow = Json.object();
    shallow.setAll(object);
    return shallow.without(OUTSIDE_GENERATION);
  }

  /** What an update may not do to metadata. */
  static List<Cause> validateUpdate(ObjectNode object, ObjectNode before) {
    if (isBeingDeleted(before)) {
      List<String> present = Json.list(before, "metadata", "finalizers");
      List<String> added =
          Json.list(object, "metadata", "finalizers").stream().filter(each -> !present.contains(each)).toList();
      if (!added.isEmpty()) {
        return List.of(
            Cause.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                    + added.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "))
                    + "}"));
      }
    }
    return List.of();
  }

  static boolean isBeingDeleted(ObjectNode object) {
    return !Json.text(object, "metadata", "deletionTimestamp").isEmpty();
  }

  static boolean hasFinalizers(ObjectNode object) {
    return !Json.at(object, "metadata", "finalizers").isEmpty();
  }

  /** Whether nothing keeps an object that is being deleted. */
  static boolean mayGo(ObjectNode object) {
    return isBeingDeleted(object)
        && !hasFinalizers(object)
        && Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong(0) == 0
        && (!Json.text(object, "kind").equals("Namespace") || Json.list(object, "spec", "finalizers").isEmpty());
  }
}
