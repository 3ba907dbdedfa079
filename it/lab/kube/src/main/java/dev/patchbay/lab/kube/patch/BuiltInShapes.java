package dev.patchbay.lab.kube.patch;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shapes of built-in kinds, from the markers {@code patchMergeKey}, {@code listType} and {@code mapType} in
 * k8s.io/api. Lists that are not named here are replaced as a whole: {@code spec.taints} of a node and
 * {@code spec.tolerations} of a pod are such.
 */
public final class BuiltInShapes implements Shapes {
  private static final ListShape ATOMIC = new Atomic();
  private static final ListShape SET = new SetOf();
  private static final ListShape BY_NAME = by("name");
  private static final Set<String> CONTAINERS = Set.of("containers", "initContainers", "ephemeralContainers");

  private static final Map<String, ListShape> BY_FIELD =
      Map.ofEntries(
          Map.entry("containers", BY_NAME),
          Map.entry("initContainers", BY_NAME),
          Map.entry("ephemeralContainers", BY_NAME),
          Map.entry("env", BY_NAME),
          Map.entry("volumes", BY_NAME),
          Map.entry("imagePullSecrets", BY_NAME),
          Map.entry("webhooks", BY_NAME),
          Map.entry("resourceClaims", BY_NAME),
          Map.entry("volumeMounts", by("mountPath")),
          Map.entry("volumeDevices", by("devicePath")),
          Map.entry("hostAliases", by("ip")),
          Map.entry("podIPs", by("ip")),
          Map.entry("conditions", by("type")),
          Map.entry("ownerReferences", by("uid")),
          Map.entry("topologySpreadConstraints", new MapBy("topologyKey", List.of("topologyKey", "whenUnsatisfiable"))),
          Map.entry("finalizers", SET),
          Map.entry("podCIDRs", SET));

  private static final Set<String> ATOMIC_OBJECTS = Set.of("selector", "roleRef", "involvedObject", "claimRef", "ownerReferences");

  private final String kind;

  /**
   * @param kind the kind of the objects
   */
  public BuiltInShapes(String kind) {
    this.kind = kind;
  }

  private static ListShape by(String key) {
    return new MapBy(key, List.of(key));
  }

  @Override
  public ListShape list(List<String> path) {
    String field = path.getLast();
    String parent = path.size() > 1 ? path.get(path.size() - 2) : "";
    return switch (field) {
      case "ports" -> ports(path, parent);
      case "addresses" -> kind.equals("Node") && parent.equals("status") ? by("type") : ATOMIC;
      case "secrets" -> kind.equals("ServiceAccount") ? BY_NAME : ATOMIC;
      case "conditions" -> kind.equals("EndpointSlice") ? ATOMIC : by("type");
      default -> BY_FIELD.getOrDefault(field, ATOMIC);
    };
  }

  private ListShape ports(List<String> path, String parent) {
    if (CONTAINERS.contains(parent)) {
      return new MapBy("containerPort", List.of("containerPort", "protocol"));
    }
    return kind.equals("Service") && path.equals(List.of("spec", "ports"))
        ? new MapBy("port", List.of("port", "protocol"))
        : ATOMIC;
  }

  @Override
  public boolean isAtomicObject(List<String> path) {
    return ATOMIC_OBJECTS.contains(path.getLast()) && path.size() <= 2;
  }
}
