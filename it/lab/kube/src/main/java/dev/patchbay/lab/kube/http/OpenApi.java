package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * OpenAPI v3 as far as clients ask before they write (Kubernetes documentation, "The Kubernetes API", "OpenAPI V3"):
 * which operations there are and that fields are validated here. Custom resources have their schema; built-in kinds are
 * objects that are not described further.
 */
final class OpenApi {
  private static final String ROOT = "/openapi/v3";

  private final ResourceRegistry registry;
  private final ObjectStore store;

  OpenApi(ResourceRegistry registry, ObjectStore store) {
    this.registry = registry;
    this.store = store;
  }

  /** The document under a path; empty if there is none. */
  Optional<ObjectNode> document(String path) {
    if (path.equals(ROOT)) {
      return Optional.of(index());
    }
    if (!path.startsWith(ROOT + "/")) {
      return Optional.empty();
    }
    String prefix = path.substring(ROOT.length() + 1);
    List<ResourceType> types = byPrefix().getOrDefault(prefix, List.of());
    return types.isEmpty() ? Optional.empty() : Optional.of(describe(prefix, types));
  }

  private ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    byPrefix()
        .forEach(
            (prefix, types) -> {
              // The hash lets clients cache a document; it changes with what is served.
              String hash = Integer.toHexString(describe(prefix, types).hashCode());
              paths.putObject(prefix).put("serverRelativeURL", ROOT + "/" + prefix + "?hash=" + hash);
            });
    return index;
  }

  private Map<String, List<ResourceType>> byPrefix() {
    Map<String, List<ResourceType>> prefixes = new TreeMap<>();
    for (ResourceType type : registry.types()) {
      String prefix = type.group().isEmpty() ? "api/" + type.version() : "apis/" + type.apiVersion();
      prefixes.computeIfAbsent(prefix, any -> new ArrayList<>()).add(type);
    }
    return prefixes;
  }

  private ObjectNode describe(String prefix, List<ResourceType> types) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = Json.child(document, "components", "schemas");
    for (ResourceType type : types) {
      String collection = "/" + prefix + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
      ObjectNode onCollection = paths.putObject(collection);
      operation(onCollection, "get", "list", type);
      operation(onCollection, "post", "post", type);
      ObjectNode onObject = paths.putObject(collection + "/{name}");
      operation(onObject, "get", "get", type);
      operation(onObject, "put", "put", type);
      operation(onObject, "delete", "delete", type);
      ObjectNode content = Json.child(operation(onObject, "patch", "patch", type), "requestBody", "content");
      content.putObject("application/apply-patch+yaml");
      content.putObject("application/json-patch+json");
      content.putObject("application/merge-patch+json");
      // Not strategic merge patches, though they are taken: kubectl would work them out from these schemas, which say
      // too little, rather than from its own.
      schemas.set(schemaName(type), schema(type));
    }
    return document;
  }

  private static ObjectNode operation(ObjectNode path, String method, String action, ResourceType type) {
    ObjectNode operation = path.putObject(method).put("x-kubernetes-action", action);
    operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
    ArrayNode parameters = operation.putArray("parameters");
    for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation")) {
      parameters.addObject().put("name", parameter).put("in", "query").putObject("schema").put("type", "string");
    }
    ObjectNode content = Json.child(operation, "responses", "200", "content", "application/json", "schema");
    content.put("$ref", "#/components/schemas/" + schemaName(type));
    return operation;
  }

  private static ObjectNode groupVersionKind(ResourceType type) {
    return Json.object().put("group", type.group()).put("kind", type.kind()).put("version", type.version());
  }

  private static String schemaName(ResourceType type) {
    String group = type.group().isEmpty() ? "core" : type.group();
    return "io.k8s.api." + group + "." + type.version() + "." + type.kind();
  }

  private ObjectNode schema(ResourceType type) {
    ObjectNode schema = Json.object().put("type", "object");
    if (type.custom()) {
      definedSchema(type).ifPresent(schema::setAll);
    }
    ObjectNode properties = Json.child(schema, "properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("type", "object");
    schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
    return schema;
  }

  private Optional<ObjectNode> definedSchema(ResourceType type) {
    return store
        .get("customresourcedefinitions.apiextensions.k8s.io", new ObjectKey("", type.qualified()))
        .flatMap(
            definition -> {
              for (JsonNode version : Json.at(definition.content(), "spec", "versions")) {
                if (Json.text(version, "name").equals(type.version())
                    && Json.at(version, "schema", "openAPIV3Schema").deepCopy() instanceof ObjectNode schema) {
                  return Optional.of(schema);
                }
              }
              return Optional.empty();
            });
  }
}
