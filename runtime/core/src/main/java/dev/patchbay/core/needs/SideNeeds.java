package dev.patchbay.core.needs;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one side of Patchbay needs, the runtime and the modes chosen together; each need with the names of those who have it.
 * Immutable.
 *
 * @param side the side
 * @param actions EC2 actions, by name
 * @param grants verbs on objects of the API server
 * @param kernelFeatures features of the kernel, by name; of the node only
 * @param sysctls sysctls as {@code key=value}; of the node only
 */
public record SideNeeds(Side side, SortedMap<String, SortedSet<String>> actions, SortedMap<Grant, SortedSet<String>> grants,
    SortedMap<String, SortedSet<String>> kernelFeatures, SortedMap<String, SortedSet<String>> sysctls) {
  /**
   * Copies the maps.
   */
  public SideNeeds {
    actions = copy(actions);
    grants = copy(grants);
    kernelFeatures = copy(kernelFeatures);
    sysctls = copy(sysctls);
  }

  /**
   * One verb on objects of one kind.
   *
   * @param kind the kind
   * @param subresource the subresource, empty for the object itself
   * @param verb the verb
   */
  public record Grant(ObjectKind kind, String subresource, String verb) implements Comparable<Grant> {
    private static final Comparator<Grant> ORDER =
        Comparator.comparing((Grant g) -> g.kind().group()).thenComparing(Grant::resource).thenComparing(Grant::verb);

    /**
     * {@return the resource as RBAC names it: {@code nodes}, {@code nodes/status}}
     */
    public String resource() {
      return subresource.isEmpty() ? kind.plural() : kind.plural() + "/" + subresource;
    }

    /**
     * {@return the rule that grants it and nothing else}
     */
    public Needs.ObjectRule rule() {
      return new Needs.ObjectRule(kind, subresource, Set.of(verb));
    }

    @Override
    public int compareTo(Grant other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return verb + " " + resource() + (kind.group().isEmpty() ? "" : "." + kind.group());
    }
  }

  /**
   * Adds up what the runtime and modes need.
   *
   * @param side the side
   * @param modes what the modes say of themselves, by their names
   * @return the sum
   */
  public static SideNeeds of(Side side, Map<String, ModeDescriptor> modes) {
    Sum sum = new Sum(side);
    sum.add(RuntimeNeeds.NAME, RuntimeNeeds.of(side), List.of());
    modes.forEach((id, mode) -> sum.add(id, mode.needs(), side == Side.NODE ? NodeReads.of(mode) : mode.clusterReads()));
    if (side == Side.CLUSTER && modes.values().stream().anyMatch(ModeDescriptor::admits)) {
      sum.add(RuntimeNeeds.NAME, RuntimeNeeds.admission(), List.of());
    }
    return new SideNeeds(side, sum.actions, sum.grants, sum.kernelFeatures, sum.sysctls);
  }

  private static <K extends Comparable<K>> SortedMap<K, SortedSet<String>> copy(Map<K, SortedSet<String>> map) {
    SortedMap<K, SortedSet<String>> copy = new TreeMap<>();
    map.forEach((need, who) -> copy.put(need, Collections.unmodifiableSortedSet(new TreeSet<>(who))));
    return Collections.unmodifiableSortedMap(copy);
  }

  private static final class Sum {
    private final Side side;
    private final SortedMap<String, SortedSet<String>> actions = new TreeMap<>();
    private final SortedMap<Grant, SortedSet<String>> grants = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> kernelFeatures = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> sysctls = new TreeMap<>();

    private Sum(Side side) {
      this.side = side;
    }

    private void add(String who, Needs needs, Collection<ObjectKind> reads) {
      boolean node = side == Side.NODE;
      (node ? needs.nodeActions() : needs.clusterActions()).forEach(action -> note(actions, action, who));
      for (Needs.ObjectRule rule : node ? needs.nodeRules() : needs.clusterRules()) {
        rule.verbs().forEach(verb -> note(grants, new Grant(rule.kind(), rule.subresource(), verb), who));
      }
      for (ObjectKind kind : reads) {
        if (kind.equals(ObjectKind.NETWORK_FILE)) {
          // It lies on the node.
          continue;
        }
        List.of("get", "list", "watch").forEach(verb -> note(grants, new Grant(kind, "", verb), who));
      }
      if (node) {
        needs.kernelFeatures().forEach(feature -> note(kernelFeatures, feature, who));
        needs.sysctls().forEach(sysctl -> note(sysctls, sysctl, who));
      }
    }

    private static <K> void note(Map<K, SortedSet<String>> needs, K need, String who) {
      needs.computeIfAbsent(need, n -> new TreeSet<>()).add(who);
    }
  }
}
