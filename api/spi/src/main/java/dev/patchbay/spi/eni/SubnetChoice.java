package dev.patchbay.spi.eni;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The subnets that new interfaces of a lane may lie in. They must be in the node's availability zone; the runtime leaves
 * out those that are not. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SubnetChoice {
  /** In which order several subnets are tried. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Order {
    /** As written. */
    AS_WRITTEN,
    /** The one with the most free addresses first. */
    MOST_FREE,
    /**
     * Where a prefix is likeliest to be had. EC2 tells nobody how many blocks of the size of a prefix a subnet has free; what it does
     * tell decides, in this order: a subnet that had no block when it was asked last comes after all others, for as long as that is
     * remembered, and so does one with fewer free addresses than a block has; one with a range that is reserved for prefixes comes
     * before one without, since single addresses of EC2's choice never break that range up; then the one with the most free
     * addresses.
     */
    PREFIX_FRIENDLY
  }

  private final List<String> ids;
  private final Map<String, String> tags;
  private final Order order;
  private final Map<String, String> without;
  private final String sharedBy;
  private final boolean nodesToo;

  private SubnetChoice(List<String> ids, Map<String, String> tags, Order order, Map<String, String> without, String sharedBy,
      boolean nodesToo) {
    this.ids = List.copyOf(ids);
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    this.order = order;
    this.without = Collections.unmodifiableMap(new TreeMap<>(without));
    this.sharedBy = sharedBy;
    this.nodesToo = nodesToo;
  }

  private static SubnetChoice plain(List<String> ids, Map<String, String> tags, Order order) {
    return new SubnetChoice(ids, tags, order, Map.of(), "", false);
  }

  /**
   * {@return the subnet of the node's primary interface}
   */
  public static SubnetChoice ofNode() {
    return plain(List.of(), Map.of(), Order.AS_WRITTEN);
  }

  /**
   * {@return subnets by id}
   * @param ids their ids, at least one
   * @param order in which order they are tried
   */
  public static SubnetChoice ids(List<String> ids, Order order) {
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("no subnet given");
    }
    return plain(ids, Map.of(), order);
  }

  /**
   * {@return subnets by their tags}
   * @param tags keys and values that a subnet must have, at least one; an empty value stands for any
   * @param order in which order they are tried
   */
  public static SubnetChoice tagged(Map<String, String> tags, Order order) {
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tag given");
    }
    return plain(List.of(), tags, order);
  }

  /**
   * {@return these subnets, but those left out that have one of some tags}
   * @param tags keys and values; an empty value stands for any
   */
  public SubnetChoice without(Map<String, String> tags) {
    return new SubnetChoice(ids, this.tags, order, tags, sharedBy, nodesToo);
  }

  /**
   * {@return these subnets, but those left out that are for other clusters: a subnet with tags whose keys begin so is for the clusters
   * whose names follow, one without is for all}
   * @param prefix how the keys begin
   */
  public SubnetChoice sharedBy(String prefix) {
    return new SubnetChoice(ids, tags, order, without, prefix, nodesToo);
  }

  /**
   * {@return these subnets and that of the node's primary interface, which needs no tag, and is left out like the others}
   */
  public SubnetChoice withNodes() {
    return new SubnetChoice(ids, tags, order, without, sharedBy, true);
  }

  /**
   * {@return whether a subnet is one of these}
   * @param id its id
   * @param tagged its tags
   * @param ofNode whether the node's primary interface lies in it
   * @param cluster the cluster's name; if it is empty, no subnet is left out for other clusters
   */
  public boolean admits(String id, Map<String, String> tagged, boolean ofNode, String cluster) {
    if (isOfNode()) {
      return ofNode;
    }
    boolean named = ids.isEmpty() ? tags.entrySet().stream().allMatch(t -> has(tagged, t)) : ids.contains(id);
    return (named || (ofNode && nodesToo)) && without.entrySet().stream().noneMatch(t -> has(tagged, t))
        && !isForOthers(tagged, cluster);
  }

  private static boolean has(Map<String, String> tagged, Map.Entry<String, String> tag) {
    return tagged.containsKey(tag.getKey()) && (tag.getValue().isEmpty() || tag.getValue().equals(tagged.get(tag.getKey())));
  }

  private boolean isForOthers(Map<String, String> tagged, String cluster) {
    return !sharedBy.isEmpty() && !cluster.isEmpty() && !tagged.containsKey(sharedBy + cluster)
        && tagged.keySet().stream().anyMatch(key -> key.startsWith(sharedBy));
  }

  /**
   * {@return whether this is the subnet of the node's primary interface, and no other}
   */
  public boolean isOfNode() {
    return ids.isEmpty() && tags.isEmpty();
  }

  /**
   * {@return the ids; empty if chosen otherwise}
   */
  public List<String> ids() {
    return ids;
  }

  /**
   * {@return the tags; empty if chosen otherwise}
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * {@return in which order they are tried}
   */
  public Order order() {
    return order;
  }

  /**
   * {@return the tags of subnets that are left out}
   */
  public Map<String, String> without() {
    return without;
  }

  /**
   * {@return how the keys of tags begin that say which clusters a subnet is for; empty if it does not matter}
   */
  public String sharedBy() {
    return sharedBy;
  }

  /**
   * {@return whether the subnet of the node's primary interface is one of them without being named}
   */
  public boolean nodesToo() {
    return nodesToo;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SubnetChoice c && c.ids.equals(ids) && c.tags.equals(tags) && c.order == order
        && c.without.equals(without) && c.sharedBy.equals(sharedBy) && c.nodesToo == nodesToo;
  }

  @Override
  public int hashCode() {
    return ids.hashCode() * 31 + tags.hashCode();
  }

  @Override
  public String toString() {
    String these = isOfNode() ? "the node's subnet" : ids.isEmpty() ? "subnets tagged " + tags : String.join(", ", ids);
    return these + (nodesToo ? ", the node's own" : "") + (without.isEmpty() ? "" : ", but none tagged " + without);
  }
}
