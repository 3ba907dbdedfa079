package dev.patchbay.lab.fabric.vpc;

import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.RouteTable;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.Route;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.VpcState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The ways out of one VPC, in a fabric: NAT gateways and route tables. Used by one thread.
 *
 * <p>They follow from much: a route leads nowhere when its gateway is detached, its instance stops, or the subnet of its NAT
 * gateway has no way to the internet. So all of them are told at each change; the fabric does what differs.
 */
final class Ways {
  private final String vpcId;
  private final Fabric fabric;
  private final Set<String> tables = new HashSet<>();
  private final Set<String> nats = new HashSet<>();

  Ways(String vpcId, Fabric fabric) {
    this.vpcId = vpcId;
    this.fabric = fabric;
  }

  /** Brings gateways and tables to the state; what is no more stays until {@link #clear}. */
  void prepare(VpcState state) {
    available(state)
        .forEach(
            gateway -> {
              fabric.setNatGateway(gateway.id(), gateway.publicAddress().inet());
              nats.add(gateway.id());
            });
    Routing routing = Routing.of(state);
    routing
        .tables(vpcId)
        .forEach(
            table -> {
              fabric.setRouteTable(translated(state, routing, table));
              tables.add(table.id());
            });
  }

  /** Removes what is no more, to which nothing leads by now. */
  void clear(VpcState state) {
    Set<String> gone = new HashSet<>(tables);
    gone.removeAll(state.routeTables().keySet());
    gone.forEach(fabric::removeRouteTable);
    tables.removeAll(gone);
    Set<String> left = new HashSet<>(nats);
    available(state).map(NatGateway::id).forEach(left::remove);
    left.forEach(fabric::removeNatGateway);
    nats.removeAll(left);
  }

  private Stream<NatGateway> available(VpcState state) {
    return state.natGateways().filter(gateway -> gateway.vpcId().equals(vpcId) && gateway.available());
  }

  private static RouteTable translated(VpcState state, Routing routing, dev.patchbay.lab.vpc.RouteTable table) {
    List<RouteTable.Route> routes =
        table.routes().stream()
            .map(route -> new RouteTable.Route(Translation.prefix(route.destination()), target(state, routing, table, route)))
            .toList();
    return new RouteTable(table.id(), routes);
  }

  private static RouteTable.Target target(
      VpcState state, Routing routing, dev.patchbay.lab.vpc.RouteTable table, Route route) {
    Optional<RouteTable.Target> target =
        switch (route.target()) {
          case RouteTarget.Local() -> Optional.empty();
          case RouteTarget.Internet(String id) -> Optional.of(new RouteTable.InternetGateway());
          case RouteTarget.EgressOnly(String id) -> Optional.of(new RouteTable.EgressOnlyGateway());
          case RouteTarget.Nat(String id) ->
              state.gateways().get(id) instanceof NatGateway gateway && routing.leadsOut(gateway)
                  ? Optional.of(new RouteTable.NatGateway(id))
                  : Optional.empty();
          case RouteTarget.Interface(String id) -> Optional.of(new RouteTable.Interface(id));
        };
    return target.filter(each -> routing.active(table, route)).orElseGet(RouteTable.Blackhole::new);
  }
}
