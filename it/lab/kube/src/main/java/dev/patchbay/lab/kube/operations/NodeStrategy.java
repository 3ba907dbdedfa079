package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.List;

/** Nodes: a kubelet registers with its status in the object, which is kept. */
final class NodeStrategy implements Strategy {
  @Override
  public void prepareCreate(ResourceType type, ObjectNode node) {
    // Unlike other kinds, the status given at creation counts (pkg/registry/core/node, PrepareForCreate).
  }

  @Override
  public void applyDefaults(ObjectNode node) {
    Json.child(node, "spec");
    ObjectNode status = Json.child(node, "status");
    // Capacity that nothing is taken from is allocatable as a whole (pkg/apis/core/v1, SetDefaults_NodeStatus).
    if (!status.has("allocatable") && status.get("capacity") instanceof ObjectNode capacity) {
      status.set("allocatable", capacity.deepCopy());
    }
  }

  @Override
  public List<Cause> validateUpdate(ObjectNode node, ObjectNode before) {
    JsonNode earlier = Json.at(before, "spec", "providerID");
    JsonNode later = Json.at(node, "spec", "providerID");
    if (!earlier.asText("").isEmpty() && !earlier.equals(later)) {
      return List.of(
          Cause.forbidden(
              "spec.providerID", "node updates may not change providerID except from \"\" to valid"));
    }
    return List.of();
  }
}
