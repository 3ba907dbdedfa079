package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes route tables, and says whose they are. */
public final class RouteTableOperations {
  private final VpcModel model;

  RouteTableOperations(VpcModel model) {
    this.model = model;
  }

  /**
   * Makes a table with nothing but the VPC's own routes.
   *
   * @param clientToken makes the request idempotent; may be empty
   */
  public RouteTable create(String vpcId, Map<String, String> tags, String clientToken) {
    String id =
        model.once(
            "route-table",
            clientToken,
            vpcId + " " + tags,
            draft -> {
              draft.state().vpc(vpcId);
              Tags.check(tags);
              RouteTable made = new RouteTable(model.ids().next("rtb-"), vpcId, List.of(), List.of(), tags);
              draft.put(made);
              return made.id();
            });
    return model.state().routeTable(id);
  }

  /** Deletes a table that nobody has. */
  public void delete(String tableId) {
    model.change(
        draft -> {
          RouteTable table = draft.state().routeTable(tableId);
          if (!table.associations().isEmpty()) {
            throw new Ec2Error(
                "DependencyViolation", "The routeTable '" + tableId + "' has dependencies and cannot be deleted.");
          }
          draft.remove(table);
          return tableId;
        });
  }

  /** Gives a subnet that names no table this one. */
  public RouteTable.Association associate(String tableId, String subnetId) {
    return model.change(
        draft -> {
          VpcState state = draft.state();
          RouteTable table = state.routeTable(tableId);
          Subnet subnet = state.subnet(subnetId);
          if (!subnet.vpcId().equals(table.vpcId())) {
            throw new Ec2Error(
                "InvalidParameterValue",
                "Route table " + tableId + " and network " + subnetId + " belong to different networks");
          }
          Optional<RouteTable> before = Routing.of(state).explicit(subnetId);
          if (before.isPresent()) {
            if (before.get().id().equals(tableId)) {
              return of(table, subnetId);
            }
            throw new Ec2Error(
                "Resource.AlreadyAssociated",
                "the specified association for route table " + tableId + " conflicts with an existing association");
          }
          return put(draft, tableId, Optional.of(subnetId));
        });
  }

  /** Takes a subnet's table from it: the main one decides then. */
  public void disassociate(String associationId) {
    model.change(
        draft -> {
          RouteTable table = draft.state().associated(associationId);
          if (of(table, associationId, "disassociate the main route table association").main()) {
            throw new Ec2Error(
                "InvalidParameterValue", "cannot disassociate the main route table association " + associationId);
          }
          draft.put(table.without(associationId));
          return associationId;
        });
  }

  /** Gives the subnet of an association another table, or the VPC another main one. The association has a new id then. */
  public RouteTable.Association replace(String associationId, String tableId) {
    return model.change(
        draft -> {
          RouteTable before = draft.state().associated(associationId);
          RouteTable after = draft.state().routeTable(tableId);
          if (!before.vpcId().equals(after.vpcId())) {
            throw new Ec2Error(
                "InvalidParameterValue",
                "Route table " + tableId + " and network " + before.vpcId() + " belong to different networks");
          }
          RouteTable.Association association = of(before, associationId, "replace");
          if (before.id().equals(tableId)) {
            return association;
          }
          draft.put(before.without(associationId));
          return put(draft, tableId, association.subnetId());
        });
  }

  RouteTable createMain(Draft draft, String vpcId) {
    RouteTable main =
        new RouteTable(
            model.ids().next("rtb-"),
            vpcId,
            List.of(),
            List.of(new RouteTable.Association(model.ids().next("rtbassoc-"), Optional.empty())),
            Map.of());
    draft.put(main);
    return main;
  }

  /** A subnet that goes is in no association any more. */
  static void forget(Draft draft, String subnetId) {
    Routing.of(draft.state())
        .explicit(subnetId)
        .ifPresent(table -> draft.put(table.without(of(table, subnetId).id())));
  }

  private RouteTable.Association put(Draft draft, String tableId, Optional<String> subnetId) {
    RouteTable.Association made = new RouteTable.Association(model.ids().next("rtbassoc-"), subnetId);
    draft.put(draft.state().routeTable(tableId).with(made));
    return made;
  }

  private static RouteTable.Association of(RouteTable table, String subnetId) {
    Optional<String> wanted = Optional.of(subnetId);
    return table.associations().stream().filter(each -> each.subnetId().equals(wanted)).findFirst().orElseThrow();
  }

  private static RouteTable.Association of(RouteTable table, String associationId, String what) {
    return table.associations().stream()
        .filter(each -> each.id().equals(associationId))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(table.id() + " has no " + associationId + " to " + what));
  }
}
