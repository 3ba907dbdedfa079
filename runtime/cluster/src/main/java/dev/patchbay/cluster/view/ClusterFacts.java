package dev.patchbay.cluster.view;

import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What EC2 has said of the cluster: one look at everything, and what this replica has done since. Immutable.
 */
public final class ClusterFacts {
  /** Nothing has been looked at. */
  public static final ClusterFacts NONE = new ClusterFacts(Long.MIN_VALUE, Map.of(), Map.of(), Map.of(), Map.of());

  private final long lookedAt;
  private final Map<String, EniRecord> enis;
  private final Map<String, InstanceRecord> instances;
  private final Map<String, SubnetRecord> subnets;
  private final Map<String, AssociationRecord> associations;
  private final Map<List<String>, List<EniRecord>> byKey = new HashMap<>();
  private final Map<String, EniRecord> trunks = new HashMap<>();

  private ClusterFacts(long lookedAt, Map<String, EniRecord> enis, Map<String, InstanceRecord> instances,
      Map<String, SubnetRecord> subnets, Map<String, AssociationRecord> associations) {
    this.lookedAt = lookedAt;
    this.enis = java.util.Collections.unmodifiableMap(new TreeMap<>(enis));
    this.instances = java.util.Collections.unmodifiableMap(new TreeMap<>(instances));
    this.subnets = java.util.Collections.unmodifiableMap(new TreeMap<>(subnets));
    this.associations = java.util.Collections.unmodifiableMap(new TreeMap<>(associations));
    for (EniRecord eni : this.enis.values()) {
      String mode = eni.tags().getOrDefault(Marks.MODE, "");
      if (Marks.ours(eni) && !mode.isEmpty()) {
        byKey.computeIfAbsent(List.of(mode, eni.tags().getOrDefault(Marks.KEY, "")), k -> new ArrayList<>()).add(eni);
      }
      if (eni.type().equals("trunk")) {
        eni.attachment().ifPresent(a -> trunks.putIfAbsent(a.instanceId(), eni));
      }
    }
    byKey.values().forEach(made -> made.sort(Comparator.comparing((EniRecord e) -> !inUse(e)).thenComparing(EniRecord::id)));
  }

  /**
   * {@return when the look began, by the clock that never steps; what happened before that, it may show}
   */
  public long lookedAt() {
    return lookedAt;
  }

  /**
   * {@return the interfaces that carry the cluster's tag, by id}
   */
  public Map<String, EniRecord> enis() {
    return enis;
  }

  /**
   * {@return the instances of nodes and of interfaces, by id; one that is left out does not exist any more}
   */
  public Map<String, InstanceRecord> instances() {
    return instances;
  }

  /**
   * {@return the subnets of the cluster's zones, by id; none if no planner needs them}
   */
  public Map<String, SubnetRecord> subnets() {
    return subnets;
  }

  /**
   * {@return the branches that hang on trunks, by the branch}
   */
  public Map<String, AssociationRecord> associations() {
    return associations;
  }

  /**
   * Puts a look together.
   *
   * @param lookedAt when it began
   * @param enis what carries the cluster's tag
   * @param instances the instances
   * @param subnets the subnets
   * @param associations the associations
   * @return the facts
   */
  public static ClusterFacts of(long lookedAt, Collection<EniRecord> enis, Collection<InstanceRecord> instances,
      Collection<SubnetRecord> subnets, Collection<AssociationRecord> associations) {
    Map<String, EniRecord> e = new LinkedHashMap<>();
    enis.forEach(eni -> e.put(eni.id(), eni));
    Map<String, InstanceRecord> i = new LinkedHashMap<>();
    instances.forEach(instance -> i.put(instance.id(), instance));
    Map<String, SubnetRecord> s = new LinkedHashMap<>();
    subnets.forEach(subnet -> s.put(subnet.id(), subnet));
    Map<String, AssociationRecord> a = new LinkedHashMap<>();
    associations.forEach(association -> a.put(association.branchId(), association));
    return new ClusterFacts(lookedAt, e, i, s, a);
  }

  /**
   * {@return whether there was a look}
   */
  public boolean known() {
    return lookedAt != Long.MIN_VALUE;
  }

  /**
   * {@return these facts with an interface as it is now, or without it}
   * @param id the interface
   * @param eni what it is now; null if it is gone
   */
  public ClusterFacts with(String id, @Nullable EniRecord eni) {
    Map<String, EniRecord> next = new TreeMap<>(enis);
    if (eni == null) {
      next.remove(id);
    } else {
      next.put(id, eni);
    }
    return new ClusterFacts(lookedAt, next, instances, subnets, associations);
  }

  /**
   * {@return these facts with the association of a branch, or without it}
   * @param branch the branch
   * @param association its association; null if it has none
   */
  public ClusterFacts withAssociation(String branch, @Nullable AssociationRecord association) {
    Map<String, AssociationRecord> next = new TreeMap<>(associations);
    if (association == null) {
      next.remove(branch);
    } else {
      next.put(branch, association);
    }
    return new ClusterFacts(lookedAt, enis, instances, subnets, next);
  }

  /**
   * {@return an interface; empty if none of that id carries the cluster's tag}
   * @param id its id
   */
  public Optional<EniRecord> eni(String id) {
    return Optional.ofNullable(enis.get(id));
  }

  /**
   * {@return an instance}
   * @param id its id
   */
  public Optional<InstanceRecord> instance(String id) {
    return Optional.ofNullable(instances.get(id));
  }

  /**
   * {@return the association of a branch}
   * @param branch the branch
   */
  public Optional<AssociationRecord> association(String branch) {
    return Optional.ofNullable(associations.get(branch));
  }

  /**
   * {@return the interfaces that were made for a key of a mode, the one in use first}
   * @param mode the mode
   * @param key the key
   */
  public List<EniRecord> madeFor(String mode, String key) {
    return List.copyOf(byKey.getOrDefault(List.of(mode, key), List.of()));
  }

  /**
   * {@return whether an interface is attached to an instance or hangs on a trunk, as far as is known}
   * @param eni the interface
   */
  public boolean inUse(EniRecord eni) {
    return eni.attachment().isPresent() || associations.containsKey(eni.id()) || !eni.status().equals("available");
  }

  /**
   * {@return the trunk that is attached to an instance}
   * @param instance the instance
   */
  public Optional<EniRecord> trunk(String instance) {
    return Optional.ofNullable(trunks.get(instance));
  }
}
