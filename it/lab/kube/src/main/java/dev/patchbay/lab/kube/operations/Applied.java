package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.patch.Shapes;
import dev.patchbay.lab.kube.patch.Shapes.MapBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an applied configuration must be: an object of the kind, by its name, of fields that there are, each element once. */
final class Applied {
  private final String what;
  private final Shapes shapes;

  private Applied(String what, Shapes shapes) {
    this.what = what;
    this.shapes = shapes;
  }

  /**
   * Refuses a configuration that is none.
   *
   * @throws StatusException 400 if it is of another kind or has no name, 500 if it can't be read by the kind's schema
   */
  static void requireWhole(Target target, ObjectNode configuration, Strategy strategy) {
    String apiVersion = Json.text(configuration, "apiVersion");
    String kind = Json.text(configuration, "kind");
    String version = apiVersion.contains("/") || apiVersion.isEmpty() ? apiVersion : "/" + apiVersion;
    String type = (version.isEmpty() ? "/" : version) + ", Kind=" + kind;
    if (!apiVersion.equals(target.type().apiVersion()) || !kind.equals(target.type().kind())) {
      throw StatusException.badRequest("invalid object type: " + type);
    }
    String name = Json.text(configuration, "metadata", "name");
    if (name.isEmpty()) {
      throw StatusException.badRequest(
          "the name of the object (" + target.name() + " based on URL) was undeterminable: name must be provided");
    }
    if (!name.equals(target.name())) {
      return;
    }
    String what = "(" + Json.text(configuration, "metadata", "namespace") + "/" + name + "; " + type + ")";
    Applied applied = new Applied(what, strategy.shapes(target.type()));
    strategy.prune(configuration.deepCopy()).stream()
        .sorted()
        .findFirst()
        .ifPresent(
            field -> {
              throw applied.wrong("." + field + ": field not declared in schema");
            });
    applied.requireDistinct(configuration, List.of(), "");
  }

  private void requireDistinct(JsonNode node, List<String> names, String path) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        List<String> inner = new ArrayList<>(names);
        inner.add(field.getKey());
        requireDistinct(field.getValue(), inner, path + "." + field.getKey());
      }
    } else if (node instanceof ArrayNode array && shapes.list(names) instanceof MapBy map) {
      Set<JsonNode> seen = new HashSet<>();
      for (JsonNode element : array) {
        ObjectNode key = Json.object();
        map.keys().stream().filter(element::has).forEach(each -> key.set(each, element.get(each)));
        if (!seen.add(key)) {
          List<String> texts = new ArrayList<>();
          key.properties().forEach(each -> texts.add(each.getKey() + "=" + each.getValue()));
          throw wrong(path + ": duplicate entries for key [" + String.join(",", texts) + "]");
        }
        requireDistinct(element, names, path);
      }
    }
  }

  private StatusException wrong(String why) {
    return StatusException.unforeseen("failed to create typed patch object " + what + ": " + why);
  }
}
