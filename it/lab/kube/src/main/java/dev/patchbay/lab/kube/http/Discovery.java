package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is served, for clients that ask first (Kubernetes documentation, "API Overview", "Discovery API"). Aggregated
 * discovery is not offered; clients that ask for it take the plain lists.
 */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

  private final ResourceRegistry registry;

  Discovery(ResourceRegistry registry) {
    this.registry = registry;
  }

  /** The document under a path; empty if it is none of discovery's. */
  Optional<ObjectNode> document(String path, String serverAddress) {
    List<String> parts = new ArrayList<>(List.of(path.split("/")));
    parts.removeIf(String::isEmpty);
    boolean core = parts.size() > 0 && parts.getFirst().equals("api");
    boolean named = parts.size() > 0 && parts.getFirst().equals("apis");
    return switch (parts.size()) {
      case 1 -> core ? Optional.of(coreVersions(serverAddress)) : named ? Optional.of(groups()) : Optional.empty();
      case 2 -> core ? resources("", parts.get(1)) : named ? group(parts.get(1)) : Optional.empty();
      case 3 -> named ? resources(parts.get(1), parts.get(2)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether there are resources of a group in a version. */
  boolean serves(String group, String version) {
    return resources(group, version).isPresent();
  }

  /** All paths that discovery itself serves, for the root document. */
  List<String> paths() {
    Set<String> paths = new TreeSet<>(Set.of("/api", "/api/v1", "/apis"));
    for (String group : groupNames()) {
      paths.add("/apis/" + group);
      versions(group).forEach(version -> paths.add("/apis/" + group + "/" + version));
    }
    return List.copyOf(paths);
  }

  private static ObjectNode coreVersions(String serverAddress) {
    ObjectNode document = Json.object().put("kind", "APIVersions");
    document.putArray("versions").add("v1");
    document
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", serverAddress);
    return document;
  }

  private ObjectNode groups() {
    ObjectNode document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = document.putArray("groups");
    groupNames().forEach(name -> groups.add(describe(name)));
    return document;
  }

  private Optional<ObjectNode> group(String name) {
    if (!groupNames().contains(name)) {
      return Optional.empty();
    }
    ObjectNode group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    group.setAll(describe(name));
    return Optional.of(group);
  }

  private ObjectNode describe(String name) {
    ObjectNode group = Json.object().put("name", name);
    ArrayNode array = group.putArray("versions");
    List<String> versions = versions(name);
    versions.forEach(version -> array.add(groupVersion(name, version)));
    group.set("preferredVersion", groupVersion(name, versions.getFirst()));
    return group;
  }

  private static ObjectNode groupVersion(String group, String version) {
    return Json.object().put("groupVersion", group + "/" + version).put("version", version);
  }

  private Set<String> groupNames() {
    Set<String> names = new LinkedHashSet<>(registry.groups());
    VirtualResources.ALL.forEach(type -> names.add(type.group()));
    return names;
  }

  private List<String> versions(String group) {
    List<String> served = registry.versions(group);
    return served.isEmpty() ? List.of("v1") : served;
  }

  private Optional<ObjectNode> resources(String group, String version) {
    List<ResourceType> types =
        registry.types().stream().filter(type -> type.group().equals(group) && type.version().equals(version)).toList();
    List<ResourceType> virtual =
        VirtualResources.ALL.stream()
            .filter(type -> type.group().equals(group) && type.version().equals(version))
            .toList();
    if (types.isEmpty() && virtual.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode document = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    document.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = document.putArray("resources");
    for (ResourceType type : types) {
      resources.add(resource(type, VERBS));
      for (String subresource : new TreeSet<>(type.subresources())) {
        add(resources, type, subresource, type.kind(), "", "", SUBRESOURCE_VERBS);
      }
      addActions(resources, type);
    }
    virtual.forEach(type -> resources.add(resource(type, List.of("create"))));
    return Optional.of(document);
  }

  private static void addActions(ArrayNode resources, ResourceType type) {
    List<String> create = List.of("create");
    if (type.group().isEmpty() && type.plural().equals("pods")) {
      add(resources, type, "binding", "Binding", "", "", create);
      add(resources, type, "eviction", "Eviction", "policy", "v1", create);
    }
    if (type.group().isEmpty() && type.plural().equals("serviceaccounts")) {
      add(resources, type, "token", "TokenRequest", "authentication.k8s.io", "v1", create);
    }
  }

  private static ObjectNode resource(ResourceType type, List<String> verbs) {
    ObjectNode resource =
        Json.object()
            .put("name", type.plural())
            .put("singularName", type.singular())
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    resource.set("verbs", Json.strings(verbs));
    if (!type.shortNames().isEmpty()) {
      resource.set("shortNames", Json.strings(type.shortNames()));
    }
    if (!type.categories().isEmpty()) {
      resource.set("categories", Json.strings(type.categories()));
    }
    return resource;
  }

  private static void add(
      ArrayNode resources,
      ResourceType type,
      String subresource,
      String kind,
      String group,
      String version,
      List<String> verbs) {
    ObjectNode resource =
        resources
            .addObject()
            .put("name", type.plural() + "/" + subresource)
            .put("singularName", "")
            .put("namespaced", type.namespaced())
            .put("kind", kind);
    if (!version.isEmpty()) {
      resource.put("group", group).put("version", version);
    }
    resource.set("verbs", Json.strings(verbs));
  }
}
