package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.Map;

/**
 * Objects in the version that a caller speaks. Versions of a custom resource differ in {@code apiVersion} alone
 * (conversion strategy {@code None}); events are stored as those of core, and told in either way (k8s.io/kubernetes,
 * {@code pkg/apis/events/v1}, conversion).
 */
public final class Representation {
  private static final String EVENTS_GROUP = "events.k8s.io";
  private static final Map<String, String> EVENT_FIELDS =
      Map.of(
          "note", "message",
          "regarding", "involvedObject",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private Representation() {}

  /** The object for a caller, not to be changed. */
  public static ObjectNode of(StoredObject object, ResourceType type) {
    return isAlready(object, type) ? object.content() : fromStorage(object.copy(), type);
  }

  /** The object for a caller, in JSON. */
  public static byte[] bytes(StoredObject object, ResourceType type) {
    return isAlready(object, type) ? object.bytes() : Json.bytes(of(object, type));
  }

  /** The object as an item of a list: those of built-in kinds don't tell their kind there. */
  public static byte[] listBytes(StoredObject object, ResourceType type) {
    if (type.custom()) {
      return bytes(object, type);
    }
    return isAlready(object, type)
        ? object.itemBytes()
        : Json.bytes(of(object, type).without(StoredObject.TYPE_FIELDS));
  }

  /** A copy for a caller that may be changed. */
  public static ObjectNode copy(StoredObject object, ResourceType type) {
    ObjectNode copy = object.copy();
    return isAlready(object, type) ? copy : fromStorage(copy, type);
  }

  /** Turns a tree as a caller wrote it into the stored form, in place. */
  public static ObjectNode toStorage(ObjectNode object, ResourceType type) {
    if (isNewEvent(type)) {
      EVENT_FIELDS.forEach((external, stored) -> rename(object, external, stored));
      object.put("apiVersion", "v1");
    }
    return object;
  }

  private static ObjectNode fromStorage(ObjectNode object, ResourceType type) {
    if (isNewEvent(type)) {
      EVENT_FIELDS.forEach((external, stored) -> rename(object, stored, external));
    }
    return object.put("apiVersion", type.apiVersion());
  }

  private static boolean isAlready(StoredObject object, ResourceType type) {
    return Json.text(object.content(), "apiVersion").equals(type.apiVersion());
  }

  private static boolean isNewEvent(ResourceType type) {
    return type.group().equals(EVENTS_GROUP);
  }

  private static void rename(ObjectNode object, String from, String to) {
    JsonNode value = object.path(from);
    if (!value.isMissingNode()) {
      object.remove(from);
      object.set(to, value);
    }
  }
}
