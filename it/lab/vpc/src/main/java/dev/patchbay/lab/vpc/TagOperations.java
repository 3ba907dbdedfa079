package dev.patchbay.lab.vpc;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Sets and removes the tags of anything that has an id. */
public final class TagOperations {
  private final VpcModel model;

  TagOperations(VpcModel model) {
    this.model = model;
  }

  /** Sets tags of all these resources, or of none. */
  public void create(Collection<String> ids, Map<String, String> tags) {
    Tags.check(tags);
    change(ids, old -> Tags.merge(old, tags));
  }

  /**
   * Removes tags of all these resources.
   *
   * @param tags keys, with the value that a tag must have to be removed; no keys at all: every tag
   */
  public void delete(Collection<String> ids, Map<String, Optional<String>> tags) {
    change(
        ids,
        old -> {
          Map<String, String> left = new TreeMap<>(old);
          if (tags.isEmpty()) {
            left.keySet().removeIf(key -> !key.startsWith("aws:"));
          }
          tags.forEach(
              (key, value) -> {
                if (value.isEmpty() || value.equals(Optional.ofNullable(left.get(key)))) {
                  left.remove(key);
                }
              });
          return left;
        });
  }

  private void change(Collection<String> ids, UnaryOperator<Map<String, String>> change) {
    model.change(
        draft -> {
          ids.forEach(id -> change(draft, id, change));
          return ids;
        });
  }

  private static void change(Draft draft, String id, UnaryOperator<Map<String, String>> change) {
    VpcState state = draft.state();
    String prefix = id.contains("-") ? id.substring(0, id.lastIndexOf('-') + 1) : id;
    switch (prefix) {
      case "vpc-" -> draft.put(state.vpc(id).withTags(change.apply(state.vpc(id).tags())));
      case "subnet-" -> draft.put(state.subnet(id).withTags(change.apply(state.subnet(id).tags())));
      case "sg-" -> draft.put(state.group(id).withTags(change.apply(state.group(id).tags())));
      case "i-" -> draft.put(state.instance(id).withTags(change.apply(state.instance(id).tags())));
      case "trunk-assoc-" -> draft.put(state.association(id).withTags(change.apply(state.association(id).tags())));
      case "scr-" -> draft.put(state.reservation(id).withTags(change.apply(state.reservation(id).tags())));
      case "rtb-" -> draft.put(state.routeTable(id).withTags(change.apply(state.routeTable(id).tags())));
      case "igw-" -> draft.put(state.internetGateway(id).withTags(change.apply(state.internetGateway(id).tags())));
      case "eigw-" -> draft.put(state.egressOnlyGateway(id).withTags(change.apply(state.egressOnlyGateway(id).tags())));
      case "nat-" -> draft.put(state.natGateway(id).withTags(change.apply(state.natGateway(id).tags())));
      case "eipalloc-" -> draft.put(state.elasticAddress(id).withTags(change.apply(state.elasticAddress(id).tags())));
      case "eni-" -> {
        NetworkInterface.Edit edit = state.networkInterface(id).edit();
        edit.tags = change.apply(edit.tags);
        draft.put(edit.done());
      }
      default -> throw new Ec2Error("InvalidID", "The ID '" + id + "' is not valid");
    }
  }
}
