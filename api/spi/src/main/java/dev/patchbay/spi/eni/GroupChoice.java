package dev.patchbay.spi.eni;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The security groups of a lane's interfaces. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GroupChoice {
  private final List<String> ids;
  private final Map<String, String> tags;

  private GroupChoice(List<String> ids, Map<String, String> tags) {
    this.ids = List.copyOf(ids);
    this.tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /**
   * {@return the groups of the node's primary interface; interfaces of the lane follow when those change}
   */
  public static GroupChoice ofPrimary() {
    return new GroupChoice(List.of(), Map.of());
  }

  /**
   * {@return groups by id}
   * @param ids their ids, at least one
   */
  public static GroupChoice ids(List<String> ids) {
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("no security group given");
    }
    return new GroupChoice(ids, Map.of());
  }

  /**
   * {@return groups by their tags}
   * @param tags keys and values that a group must have, at least one
   */
  public static GroupChoice tagged(Map<String, String> tags) {
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tag given");
    }
    return new GroupChoice(List.of(), tags);
  }

  /**
   * {@return whether these are the groups of the node's primary interface}
   */
  public boolean isOfPrimary() {
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupChoice c && c.ids.equals(ids) && c.tags.equals(tags);
  }

  @Override
  public int hashCode() {
    return ids.hashCode() * 31 + tags.hashCode();
  }

  @Override
  public String toString() {
    return isOfPrimary() ? "the primary interface's groups" : ids.isEmpty() ? "groups tagged " + tags : String.join(", ", ids);
  }
}
