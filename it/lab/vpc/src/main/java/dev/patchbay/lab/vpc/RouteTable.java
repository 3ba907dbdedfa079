package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route table. Its {@code local} routes are not kept here: they follow from the VPC's blocks, see {@link Routing#routes}.
 *
 * @param id such as {@code rtb-0…}
 * @param vpcId its VPC
 * @param routes the routes that somebody has made, one for each destination
 * @param associations whose table it is
 * @param tags its tags
 */
public record RouteTable(
    String id, String vpcId, List<Route> routes, List<Association> associations, Map<String, String> tags) {
  /**
   * Whose table it is.
   *
   * @param id such as {@code rtbassoc-0…}
   * @param subnetId the subnet; empty for all that name no table of their own, whose main table it is
   */
  public record Association(String id, Optional<String> subnetId) {
    /** Whether it makes its table the VPC's main one. */
    public boolean main() {
      return subnetId.isEmpty();
    }
  }

  /** Copies the collections. */
  public RouteTable {
    routes = List.copyOf(routes);
    associations = List.copyOf(associations);
    tags = Tags.copy(tags);
  }

  /** Whether subnets that name no table have this one. */
  public boolean main() {
    return associations.stream().anyMatch(Association::main);
  }

  RouteTable withRoutes(List<Route> changed) {
    return new RouteTable(id, vpcId, changed, associations, tags);
  }

  RouteTable with(Association added) {
    List<Association> all = new ArrayList<>(associations);
    all.add(added);
    return new RouteTable(id, vpcId, routes, all, tags);
  }

  RouteTable without(String associationId) {
    return new RouteTable(
        id, vpcId, routes, associations.stream().filter(each -> !each.id().equals(associationId)).toList(), tags);
  }

  RouteTable withTags(Map<String, String> changed) {
    return new RouteTable(id, vpcId, routes, associations, changed);
  }
}
