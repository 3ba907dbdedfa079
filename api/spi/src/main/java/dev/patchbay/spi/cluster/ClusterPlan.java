package dev.patchbay.spi.cluster;

import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What should be in the cluster for one key: interfaces, their associations, patches. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClusterPlan {
  private static final ClusterPlan EMPTY = new ClusterPlan(List.of(), List.of(), ObjectPlan.empty(), null);

  private final List<DesiredEni> enis;
  private final List<Removal> removals;
  private final ObjectPlan objects;
  private final @Nullable Long again;

  private ClusterPlan(List<DesiredEni> enis, List<Removal> removals, ObjectPlan objects, @Nullable Long again) {
    this.enis = List.copyOf(enis);
    this.removals = List.copyOf(removals);
    this.objects = objects;
    this.again = again;
  }

  /**
   * {@return a plan that wants nothing}
   */
  public static ClusterPlan empty() {
    return EMPTY;
  }

  /**
   * {@return this plan and an interface that should exist}
   * @param eni the interface
   */
  public ClusterPlan withEni(DesiredEni eni) {
    List<DesiredEni> all = new ArrayList<>(enis);
    all.add(eni);
    return new ClusterPlan(all, removals, objects, again);
  }

  /**
   * {@return this plan and an interface that should go}
   * @param id its id
   * @param evidence what shows that nothing uses it, as a sentence
   */
  public ClusterPlan withRemoval(String id, String evidence) {
    List<Removal> all = new ArrayList<>(removals);
    all.add(new Removal(id, evidence));
    return new ClusterPlan(enis, all, objects, again);
  }

  /**
   * {@return this plan with what objects should hold}
   * @param objects what they should hold
   */
  public ClusterPlan withObjects(ObjectPlan objects) {
    return new ClusterPlan(enis, removals, objects, again);
  }

  /**
   * {@return this plan, to be made again at a time even if nothing changes}
   * @param time the time in milliseconds since 1970
   */
  public ClusterPlan again(long time) {
    return new ClusterPlan(enis, removals, objects, time);
  }

  /**
   * {@return the interfaces that should exist}
   */
  public List<DesiredEni> enis() {
    return enis;
  }

  /**
   * {@return the interfaces that should go}
   */
  public List<Removal> removals() {
    return removals;
  }

  /**
   * {@return what objects should hold}
   */
  public ObjectPlan objects() {
    return objects;
  }

  /**
   * {@return when to plan again even if nothing changes, in milliseconds since 1970}
   */
  public Optional<Long> again() {
    return Optional.ofNullable(again);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClusterPlan p && p.enis.equals(enis) && p.removals.equals(removals) && p.objects.equals(objects)
        && p.again().equals(again());
  }

  @Override
  public int hashCode() {
    return enis.hashCode() * 31 + removals.hashCode();
  }

  @Override
  public String toString() {
    return "enis " + enis + ", removals " + removals + ", objects " + objects;
  }

  /**
   * An interface that should exist. The runtime makes it once, whatever answers are lost, by its key.
   *
   * @param key a name for it that stays the same from plan to plan, unique in the cluster
   * @param type EC2's interface type: {@code interface}, {@code trunk}, {@code branch}
   * @param node the node that it is for
   * @param subnets where it lies
   * @param groups its security groups
   * @param vlanId the VLAN id of its association with the node's trunk, for a branch; empty for none
   * @param tags further tags
   * @param from the id of an interface that takes this key over instead of a new one being made, if it is there and no plan wants it
   *     under its own key; empty to have one made. What differs in groups and VLAN id is changed
   * @param ipv6 whether one that is made has an IPv6 address, too
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record DesiredEni(String key, String type, String node, SubnetChoice subnets, GroupChoice groups,
      Optional<Integer> vlanId, Map<String, String> tags, Optional<String> from, boolean ipv6) {
    /**
     * Copies the tags.
     */
    public DesiredEni {
      tags = Map.copyOf(tags);
    }

    /**
     * One that is made, with an IPv4 address alone.
     *
     * @param key a name for it that stays the same from plan to plan, unique in the cluster
     * @param type EC2's interface type: {@code interface}, {@code trunk}, {@code branch}
     * @param node the node that it is for
     * @param subnets where it lies
     * @param groups its security groups
     * @param vlanId the VLAN id of its association with the node's trunk, for a branch; empty for none
     * @param tags further tags
     */
    public DesiredEni(String key, String type, String node, SubnetChoice subnets, GroupChoice groups, Optional<Integer> vlanId,
        Map<String, String> tags) {
      this(key, type, node, subnets, groups, vlanId, tags, Optional.empty(), false);
    }

    /**
     * {@return the same, taken over from an interface that is there}
     * @param id the interface's id
     */
    public DesiredEni takenFrom(String id) {
      return new DesiredEni(key, type, node, subnets, groups, vlanId, tags, Optional.of(id), ipv6);
    }

    /**
     * {@return the same, with an IPv6 address, too, when it is made}
     */
    public DesiredEni withIpv6() {
      return new DesiredEni(key, type, node, subnets, groups, vlanId, tags, from, true);
    }
  }

  /**
   * An interface that should go.
   *
   * @param id its id
   * @param evidence what shows that nothing uses it
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Removal(String id, String evidence) {}
}
