package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes, replaces and deletes the routes of tables. */
public final class RouteOperations {
  private final VpcModel model;

  RouteOperations(VpcModel model) {
    this.model = model;
  }

  /** Makes a route to where the table has none yet. */
  public void create(String tableId, Cidr destination, RouteTarget target) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          RouteTable table = state.routeTable(tableId);
          if (find(Routing.of(state).routes(table), destination).isPresent()) {
            throw new Ec2Error("RouteAlreadyExists", "The route identified by " + destination + " already exists.");
          }
          checkDestination(state.vpc(table.vpcId()), destination);
          check(state, table, destination, target);
          List<Route> routes = new ArrayList<>(table.routes());
          routes.add(new Route(destination, target));
          draft.put(table.withRoutes(routes));
          return tableId;
        });
  }

  /** Gives a route another target. */
  public void replace(String tableId, Cidr destination, RouteTarget target) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          RouteTable table = state.routeTable(tableId);
          if (find(Routing.of(state).routes(table), destination).isEmpty()) {
            throw new Ec2Error(
                "InvalidParameterValue",
                "There is no route defined for '" + destination + "' in the route table. Use CreateRoute instead.");
          }
          Route before =
              find(table.routes(), destination)
                  .orElseThrow(
                      () ->
                          new Ec2Error(
                              "UnsupportedOperation",
                              "The lab does not model another target than local for the VPC's own block " + destination + "."));
          check(state, table, destination, target);
          Route after = new Route(destination, target);
          draft.put(table.withRoutes(table.routes().stream().map(each -> each.equals(before) ? after : each).toList()));
          return tableId;
        });
  }

  /** Deletes a route. */
  public void delete(String tableId, Cidr destination) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          RouteTable table = state.routeTable(tableId);
          Route gone =
              find(table.routes(), destination)
                  .orElseThrow(
                      () ->
                          find(Routing.of(state).routes(table), destination).isPresent()
                              ? new Ec2Error(
                                  "InvalidParameterValue",
                                  "cannot remove local route " + destination + " in route table " + tableId)
                              : new Ec2Error(
                                  "InvalidRoute.NotFound",
                                  "no route with destination-cidr-block " + destination + " in route table " + tableId));
          draft.put(table.withRoutes(table.routes().stream().filter(each -> !each.equals(gone)).toList()));
          return tableId;
        });
  }

  private static Optional<Route> find(List<Route> routes, Cidr destination) {
    return routes.stream().filter(each -> each.destination().equals(destination)).findFirst();
  }

  private static void checkDestination(Vpc vpc, Cidr destination) {
    boolean inside =
        vpc.cidrs().stream().anyMatch(block -> block.contains(destination))
            || vpc.ipv6().filter(block -> block.contains(destination)).isPresent();
    if (inside) {
      throw new Ec2Error(
          "UnsupportedOperation",
          "The lab does not model routes inside of the VPC's own blocks, such as to " + destination + ".");
    }
  }

  private static void check(VpcState state, RouteTable table, Cidr destination, RouteTarget target) {
    switch (target) {
      case RouteTarget.Local() ->
          throw new Ec2Error("InvalidParameterValue", "The target local is for the VPC's own blocks alone.");
      case RouteTarget.Internet(String id) ->
          together(table, "network gateway", id, state.internetGateway(id).vpcId());
      case RouteTarget.Nat(String id) -> {
        NatGateway gateway = state.natGateway(id);
        if (destination.six()) {
          // EC2 has NAT64 for 64:ff9b::/96 alone, which needs DNS64.
          throw new Ec2Error("UnsupportedOperation", "The lab does not model IPv6 routes to NAT gateways.");
        }
        together(table, "NAT gateway", id, Optional.of(gateway.vpcId()));
        if (!gateway.available()) {
          throw new Ec2Error("InvalidNatGatewayID.NotFound", "The natGateway ID '" + id + "' does not exist");
        }
      }
      case RouteTarget.EgressOnly(String id) -> {
        EgressOnlyGateway gateway = state.egressOnlyGateway(id);
        if (!destination.six()) {
          throw new Ec2Error(
              "InvalidParameterCombination", "An egress-only internet gateway is for IPv6 alone, not for " + destination + ".");
        }
        together(table, "egress-only internet gateway", id, Optional.of(gateway.vpcId()));
      }
      case RouteTarget.Interface(String id) ->
          together(table, "interface", id, Optional.of(state.networkInterface(id).vpcId()));
    }
  }

  private static void together(RouteTable table, String kind, String id, Optional<String> vpcId) {
    if (!vpcId.equals(Optional.of(table.vpcId()))) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "route table " + table.id() + " and " + kind + " " + id + " belong to different networks");
    }
  }
}
