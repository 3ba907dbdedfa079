package dev.patchbay.core.compose;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node may do in the Kubernetes API: what the runtime itself does there, and what the modes chosen declare. The one place that
 * roles, the check at start and the lab are made of: what is not here is granted nowhere.
 */
public final class NodeRules {
  /** Events. */
  private static final ObjectKind EVENT = new ObjectKind("", "v1", "Event", "events", true);

  private NodeRules() {}

  /**
   * {@return what the runtime does on a node, whatever the modes}
   */
  public static Needs runtime() {
    return Needs.none()
        // Its own object: the labels for overrides, and for whoever asks whether the API server is heard.
        .withNodeObjects(ObjectKind.NODE, "get", "list", "watch")
        // The condition that says whether pods can be served.
        .withNodeSubresource(ObjectKind.NODE, "status", "patch")
        // The uid of a pod that an Event is about.
        .withNodeObjects(ObjectKind.POD, "get")
        .withNodeObjects(EVENT, "create", "patch");
  }

  /**
   * All rules of a node.
   *
   * @param modes the modes chosen
   * @return the rules, one for each resource, in the order of their names
   */
  public static List<Needs.ObjectRule> of(Collection<ModeDescriptor> modes) {
    List<Needs.ObjectRule> all = new ArrayList<>(runtime().nodeRules());
    for (ModeDescriptor mode : modes) {
      all.addAll(mode.needs().nodeRules());
      mode.nodeReads().forEach(kind -> all.add(new Needs.ObjectRule(kind, "", Set.of("list", "watch"))));
    }
    record Resource(ObjectKind kind, String subresource) {}
    Map<Resource, Set<String>> verbs = new LinkedHashMap<>();
    all.forEach(rule -> verbs.computeIfAbsent(new Resource(rule.kind(), rule.subresource()), r -> new TreeSet<>()).addAll(rule.verbs()));
    return verbs.entrySet().stream().map(e -> new Needs.ObjectRule(e.getKey().kind(), e.getKey().subresource(), e.getValue()))
        .sorted(java.util.Comparator.comparing((Needs.ObjectRule r) -> r.kind().toString()).thenComparing(r -> r.subresource()))
        .toList();
  }
}
