package dev.patchbay.it.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands in the API server about a node and its pods, and what the node finds of the API server. */
final class Api {
  private Api() {}

  /** The condition of a node that says whether pods get their network. */
  static Optional<JsonNode> condition(Lab lab, LabNode node) {
    for (JsonNode condition : lab.kube().objects().get("nodes", "", node.name()).orElseThrow().path("status").path("conditions")) {
      if (condition.path("type").asText().equals("PatchbayReady")) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  /** Whether that condition is so. */
  static boolean says(Lab lab, LabNode node, String status, String reason) {
    return condition(lab, node).filter(c -> c.path("status").asText().equals(status) && c.path("reason").asText().equals(reason))
        .isPresent();
  }

  /** The Events about an object, as {@code REASON}. */
  static List<ObjectNode> events(Lab lab, String kind, String name) {
    return lab.kube().objects().list("events", "default", "").stream()
        .filter(e -> e.path("involvedObject").path("kind").asText().equals(kind))
        .filter(e -> e.path("involvedObject").path("name").asText().equals(name)).toList();
  }

  /** The names of what the operator should know of a node. */
  static List<String> findings(LabNode node) {
    List<String> names = new ArrayList<>();
    Reports.of(node).path("findings").forEach(f -> names.add(f.path("name").asText()));
    return names;
  }

  /** Gives a node a label, or takes it away. */
  static void label(Lab lab, LabNode node, String label, Optional<String> value) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode labels = patch.putObject("metadata").putObject("labels");
    value.ifPresentOrElse(v -> labels.put(label, v), () -> labels.putNull(label));
    lab.kube().objects().merge("nodes", "", node.name(), patch);
  }
}
