package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.spi.cluster.ClusterView.ClusterEniView;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node's trunk and branches, and whose they are. Whose a branch is stands in two places that both outlive the controller: the pod's
 * annotation, which the pod may have been started by, and, before there is one, the branch's key. An annotation counts more.
 */
final class Inventory {
  private static final String BRANCH = "branch/";
  private static final int HIGHEST_VLAN = 4094;

  /** Why a pod has no branch, though its annotation names one. */
  enum Lost {
    /** EC2 has none of that id for this node. */
    GONE,
    /** It is another pod's. */
    OTHERS
  }

  private final String trunkKey;
  private final Optional<ClusterEniView> trunk;
  private final Map<String, ClusterEniView> branches = new TreeMap<>();
  private final Map<String, ClusterEniView> owned = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Lost> lost = new TreeMap<>();
  private final Map<String, Integer> vlans = new TreeMap<>();
  private final Set<Integer> used = new HashSet<>();

  /**
   * Takes stock.
   *
   * @param node the node's name
   * @param instance its instance; empty if that is not known. One of the same name may have been another, whose trunk is of no use to it
   */
  Inventory(ClusterView cluster, String node, Optional<String> instance, List<ObjectView> pods) {
    this.trunkKey = "trunk/" + instance.orElse(node);
    List<ClusterEniView> enis = cluster.enis(node).stream().filter(e -> e.key().isPresent())
        .sorted(Comparator.comparing(ClusterEniView::id)).toList();
    this.trunk = enis.stream().filter(e -> e.key().equals(Optional.of(trunkKey)) && e.instanceId().isPresent()).findFirst();
    enis.stream().filter(e -> e.key().orElseThrow().startsWith(BRANCH)).forEach(e -> branches.put(e.id(), e));
    own(pods);
    number();
  }

  String trunkKey() {
    return trunkKey;
  }

  static String key(ObjectView pod) {
    return BRANCH + pod.uid();
  }

  private void own(List<ObjectView> pods) {
    Map<String, String> named = new TreeMap<>();
    pods.forEach(pod -> Annotation.eni(pod).ifPresent(id -> named.put(key(pod), id)));
    for (ObjectView pod : pods) {
      String id = named.get(key(pod));
      ClusterEniView eni = id == null ? null : branches.get(id);
      if (id == null) {
        continue;
      }
      if (eni == null) {
        lost.put(pod.uid(), Lost.GONE);
      } else if (taken.contains(id) || (!eni.key().equals(Optional.of(key(pod))) && id.equals(named.get(eni.key().orElseThrow())))) {
        lost.put(pod.uid(), Lost.OTHERS);
      } else {
        own(pod, eni);
      }
    }
    for (ObjectView pod : pods) {
      if (!named.containsKey(key(pod))) {
        branches.values().stream().filter(e -> e.key().equals(Optional.of(key(pod))) && !taken.contains(e.id())).findFirst()
            .ifPresent(eni -> own(pod, eni));
      }
    }
  }

  private void own(ObjectView pod, ClusterEniView eni) {
    owned.put(pod.uid(), eni);
    taken.add(eni.id());
  }

  /** What hangs on the trunk has its VLAN id; of others, what they were made for, if nothing has it, and else another. */
  private void number() {
    List<ClusterEniView> loose = new ArrayList<>();
    for (ClusterEniView eni : branches.values()) {
      if (isElsewhere(eni)) {
        vlans.put(eni.id(), eni.vlanId().orElse(1));
      } else if (eni.trunk().isPresent() && eni.vlanId().isPresent()) {
        vlans.put(eni.id(), eni.vlanId().get());
        used.add(eni.vlanId().get());
      } else {
        loose.add(eni);
      }
    }
    List<ClusterEniView> without = new ArrayList<>();
    for (ClusterEniView eni : loose) {
      Optional<Integer> vlan = eni.vlanId().filter(v -> v > 0 && v <= HIGHEST_VLAN && !used.contains(v));
      if (vlan.isPresent()) {
        vlans.put(eni.id(), vlan.get());
        used.add(vlan.get());
      } else {
        without.add(eni);
      }
    }
    without.forEach(eni -> vlans.put(eni.id(), freeVlan()));
  }

  /** The lowest that nothing has, be it in use, cooling down or on its way out. */
  int freeVlan() {
    int vlan = 1;
    while (used.contains(vlan)) {
      vlan++;
    }
    used.add(vlan);
    return vlan;
  }

  Optional<ClusterEniView> trunk() {
    return trunk;
  }

  Optional<ClusterEniView> of(ObjectView pod) {
    return Optional.ofNullable(owned.get(pod.uid()));
  }

  Optional<Lost> lost(ObjectView pod) {
    return Optional.ofNullable(lost.get(pod.uid()));
  }

  int vlan(ClusterEniView branch) {
    return vlans.getOrDefault(branch.id(), 0);
  }

  /** How many there are that this trunk carries, or will. */
  int size() {
    return (int) branches.values().stream().filter(e -> !isElsewhere(e)).count();
  }

  private boolean isElsewhere(ClusterEniView branch) {
    return trunk.isPresent() && branch.trunk().isPresent() && !hangs(branch);
  }

  /** Those that no pod has, the one first that has been so for longest. */
  List<ClusterEniView> free() {
    return branches.values().stream().filter(e -> !taken.contains(e.id()))
        .sorted(Comparator.comparing((ClusterEniView e) -> e.unusedSince().orElse(Long.MAX_VALUE)).thenComparing(ClusterEniView::id)).toList();
  }

  boolean hangs(ClusterEniView branch) {
    return trunk.isPresent() && branch.trunk().equals(trunk.map(ClusterEniView::id));
  }
}
