package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The strategy of each resource. Thread-safe. */
public final class Strategies {
  private static final Strategy PLAIN = new Strategy() {};
  private static final Strategy UPSERTED =
      new Strategy() {
        @Override
        public boolean createsOnUpdate() {
          return true;
        }
      };
  private static final Strategy GENERATIONS =
      new Strategy() {
        @Override
        public boolean tracksGeneration() {
          return true;
        }
      };
  private static final Strategy RETURNED =
      new Strategy() {
        @Override
        public boolean returnsDeleted() {
          return true;
        }
      };
  private static final Strategy RBAC =
      new Strategy() {
        @Override
        public Optional<String> invalidName(String name) {
          return Names.invalidPathSegment(name);
        }

        @Override
        public List<Cause> validateUpdate(ObjectNode object, ObjectNode before) {
          JsonNode role = object.path("roleRef");
          if (role.equals(before.path("roleRef"))) {
            return List.of();
          }
          ObjectNode told =
              Json.object()
                  .put("APIGroup", Json.text(role, "apiGroup"))
                  .put("Kind", Json.text(role, "kind"))
                  .put("Name", Json.text(role, "name"));
          return List.of(Cause.invalid("roleRef", told.toString(), "cannot change roleRef"));
        }

        @Override
        public boolean createsOnUpdate() {
          return true;
        }
      };

  // Kinds whose strategies allow creation by PUT (AllowCreateOnUpdate in k8s.io/kubernetes, pkg/registry).
  private static final Set<String> UPSERTED_RESOURCES = Set.of("events", "endpoints", "limitranges");
  // Kinds of which a deletion is answered with the object (ReturnDeletedObject, there too).
  private static final Set<String> RETURNED_RESOURCES =
      Set.of("serviceaccounts", "persistentvolumeclaims", "resourcequotas");
  private static final Set<String> GROUPS_WITH_GENERATIONS =
      Set.of(
          "apps", "batch", "policy", "networking.k8s.io", "admissionregistration.k8s.io", "discovery.k8s.io");

  private final Map<String, Strategy> particular =
      new ConcurrentHashMap<>(
          Map.of(
              "pods", new PodStrategy(),
              "nodes", new NodeStrategy(),
              "namespaces", new NamespaceStrategy(),
              "configmaps", new DataStrategy("ConfigMap"),
              "secrets", new DataStrategy("Secret"),
              "leases.coordination.k8s.io", new LeaseStrategy()));

  /** Names the strategy of a resource, for all its versions. */
  public void put(String storage, Strategy strategy) {
    particular.put(storage, strategy);
  }

  /** Takes the strategy of a resource away. */
  public void remove(String storage) {
    particular.remove(storage);
  }

  /** The strategy of a resource. */
  public Strategy of(ResourceType type) {
    String storage = ResourceRegistry.storage(type);
    Strategy found = particular.get(storage);
    if (found != null) {
      return found;
    }
    if (type.group().equals("rbac.authorization.k8s.io")) {
      return RBAC;
    }
    if (UPSERTED_RESOURCES.contains(storage)) {
      return UPSERTED;
    }
    if (RETURNED_RESOURCES.contains(storage)) {
      return RETURNED;
    }
    return GROUPS_WITH_GENERATIONS.contains(type.group()) ? GENERATIONS : PLAIN;
  }
}
