package dev.patchbay.lab.kube.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.Strategies;
import dev.patchbay.lab.kube.operations.Strategy;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * CustomResourceDefinitions: their resource is served as soon as they are written, and no longer when they are gone
 * (Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions"). Conversion is {@code None}.
 */
public final class DefinitionStrategy implements Strategy {
  /** Keeps a definition until its objects are gone. */
  public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final ResourceRegistry registry;
  private final Strategies strategies;

  /** Serves what is defined through a registry. */
  public DefinitionStrategy(ResourceRegistry registry, Strategies strategies) {
    this.registry = registry;
    this.strategies = strategies;
  }

  @Override
  public void applyDefaults(ObjectNode definition) {
    ObjectNode names = Json.child(definition, "spec", "names");
    String kind = Json.text(names, "kind");
    if (Json.text(names, "singular").isEmpty()) {
      names.put("singular", kind.toLowerCase(Locale.ROOT));
    }
    if (Json.text(names, "listKind").isEmpty()) {
      names.put("listKind", kind + "List");
    }
    ObjectNode conversion = Json.child(definition, "spec", "conversion");
    if (Json.text(conversion, "strategy").isEmpty()) {
      conversion.put("strategy", "None");
    }
  }

  @Override
  public void prepareCreate(ResourceType type, ObjectNode definition) {
    ArrayNode finalizers = Json.child(definition, "metadata").withArrayProperty("finalizers");
    if (!Json.list(definition, "metadata", "finalizers").contains(CLEANUP)) {
      finalizers.add(CLEANUP);
    }
    // A controller sets this a moment later in a real cluster; here the resource is served when create returns.
    ObjectNode status = definition.putObject("status");
    ArrayNode conditions = status.putArray("conditions");
    addCondition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
    addCondition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    status.set("acceptedNames", Json.at(definition, "spec", "names").deepCopy());
    ArrayNode stored = status.putArray("storedVersions");
    for (JsonNode version : Json.at(definition, "spec", "versions")) {
      if (version.path("storage").asBoolean(false)) {
        stored.add(Json.text(version, "name"));
      }
    }
  }

  private static void addCondition(ArrayNode conditions, String type, String reason, String message) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("lastTransitionTime", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("reason", reason)
        .put("message", message);
  }

  @Override
  public List<Cause> validate(ObjectNode definition) {
    List<Cause> causes = new ArrayList<>();
    JsonNode spec = definition.path("spec");
    String name = Json.text(definition, "metadata", "name");
    String expected = Json.text(spec, "names", "plural") + "." + Json.text(spec, "group");
    if (!name.equals(expected)) {
      causes.add(
          Cause.invalid("metadata.name", '"' + name + '"', "must be spec.names.plural+\".\"+spec.group"));
    }
    require(causes, spec, "spec", "group");
    require(causes, spec.path("names"), "spec.names", "plural");
    require(causes, spec.path("names"), "spec.names", "kind");
    String scope = Json.text(spec, "scope");
    if (!Set.of("Namespaced", "Cluster").contains(scope)) {
      causes.add(Cause.notSupported("spec.scope", '"' + scope + '"', List.of("Cluster", "Namespaced")));
    }
    if (!Json.text(spec, "conversion", "strategy").equals("None")) {
      causes.add(
          Cause.notSupported(
              "spec.conversion.strategy", '"' + Json.text(spec, "conversion", "strategy") + '"', List.of("None")));
    }
    validateVersions(causes, spec.path("versions"));
    return causes;
  }

  private static void validateVersions(List<Cause> causes, JsonNode versions) {
    int stored = 0;
    for (int i = 0; i < versions.size(); i++) {
      JsonNode version = versions.get(i);
      String path = "spec.versions[" + i + "]";
      require(causes, version, path, "name");
      if (version.path("storage").asBoolean(false)) {
        stored++;
      }
      JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
      if (!schema.isObject()) {
        causes.add(Cause.required(path + ".schema.openAPIV3Schema", ""));
      } else if (!Json.text(schema, "type").equals("object")) {
        causes.add(Cause.required(path + ".schema.openAPIV3Schema.type", "must be object at the root"));
      }
    }
    if (stored != 1) {
      causes.add(
          Cause.invalid(
              "spec.versions", versions.toString(), "must have exactly one version marked as storage version"));
    }
  }

  private static void require(List<Cause> causes, JsonNode node, String path, String field) {
    if (Json.text(node, field).isEmpty()) {
      causes.add(Cause.required(path + "." + field, ""));
    }
  }

  @Override
  public List<Cause> validateUpdate(ObjectNode definition, ObjectNode before) {
    List<Cause> causes = new ArrayList<>();
    for (String field : List.of("group", "scope")) {
      String now = Json.text(definition, "spec", field);
      if (!now.equals(Json.text(before, "spec", field))) {
        causes.add(Cause.invalid("spec." + field, '"' + now + '"', "field is immutable"));
      }
    }
    return causes;
  }

  @Override
  public boolean tracksGeneration() {
    return true;
  }

  @Override
  public void written(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    String group = Json.text(spec, "group");
    String plural = Json.text(names, "plural");
    List<ResourceType> types = new ArrayList<>();
    Set<String> selectable = new TreeSet<>();
    for (JsonNode version : spec.path("versions")) {
      version
          .path("selectableFields")
          .forEach(field -> selectable.add(Json.text(field, "jsonPath").replaceFirst("^\\.", "")));
      if (version.path("served").asBoolean(false)) {
        Set<String> subresources = new TreeSet<>();
        if (version.path("subresources").has("status")) {
          subresources.add("status");
        }
        types.add(
            new ResourceType(
                group,
                Json.text(version, "name"),
                Json.text(names, "kind"),
                plural,
                Json.text(names, "singular"),
                Json.text(spec, "scope").equals("Namespaced"),
                Json.list(names, "shortNames"),
                Json.list(names, "categories"),
                subresources,
                true));
      }
    }
    strategies.put(plural + "." + group, new CustomStrategy(definition));
    registry.setCustom(group, plural, types, selectable);
  }

  @Override
  public void removed(ObjectNode definition) {
    String group = Json.text(definition, "spec", "group");
    String plural = Json.text(definition, "spec", "names", "plural");
    registry.setCustom(group, plural, List.of(), Set.of());
    strategies.remove(plural + "." + group);
  }
}
