package dev.patchbay.spi.eni;

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
     * Those first that are not known to lack a free block of the size of a prefix, and of these the one with the most free addresses.
     * EC2 tells nobody how many blocks there are; that there is none is known for a while once it has refused one.
     */
    PREFIX_FRIENDLY
  }

  private final List<String> ids;
  private final Map<String, String> tags;
  private final Order order;

  private SubnetChoice(List<String> ids, Map<String, String> tags, Order order) {
    this.ids = List.copyOf(ids);
    this.tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
    this.order = order;
  }

  /**
   * {@return the subnet of the node's primary interface}
   */
  public static SubnetChoice ofNode() {
    return new SubnetChoice(List.of(), Map.of(), Order.AS_WRITTEN);
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
    return new SubnetChoice(ids, Map.of(), order);
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
    return new SubnetChoice(List.of(), tags, order);
  }

  /**
   * {@return whether this is the subnet of the node's primary interface}
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SubnetChoice c && c.ids.equals(ids) && c.tags.equals(tags) && c.order == order;
  }

  @Override
  public int hashCode() {
    return ids.hashCode() * 31 + tags.hashCode();
  }

  @Override
  public String toString() {
    return isOfNode() ? "the node's subnet" : ids.isEmpty() ? "subnets tagged " + tags : String.join(", ", ids);
  }
}
