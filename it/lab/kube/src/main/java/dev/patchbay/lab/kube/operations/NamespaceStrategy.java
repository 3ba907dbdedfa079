package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import java.util.Optional;

/** Namespaces: the finalizer in their spec keeps them until they are empty (Kubernetes documentation, "Namespaces"). */
final class NamespaceStrategy implements Strategy {
  static final String FINALIZER = "kubernetes";

  @Override
  public void prepareCreate(ResourceType type, ObjectNode namespace) {
    namespace.set("status", Json.object().put("phase", "Active"));
    ObjectNode spec = Json.child(namespace, "spec");
    spec.set("finalizers", Json.array().add(FINALIZER));
  }

  @Override
  public void applyDefaults(ObjectNode namespace) {
    String name = Json.text(namespace, "metadata", "name");
    if (!name.isEmpty()) {
      Json.child(namespace, "metadata", "labels").put("kubernetes.io/metadata.name", name);
    }
  }

  @Override
  public void prepareUpdate(ObjectNode namespace, ObjectNode before) {
    // Only the finalize subresource changes these.
    Subresources.replaceField(namespace, before, "spec");
  }

  @Override
  public Optional<String> invalidName(String name) {
    return Names.invalidLabel(name);
  }
}
