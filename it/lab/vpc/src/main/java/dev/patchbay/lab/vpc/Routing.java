package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What follows from route tables and gateways at one moment. */
public final class Routing {
  private static final Ip ANYWHERE = Ip.parse("203.0.113.10");

  private final VpcState state;

  private Routing(VpcState state) {
    this.state = state;
  }

  /** Of that moment. */
  public static Routing of(VpcState state) {
    return new Routing(state);
  }

  /** The route tables of a VPC. */
  public Stream<RouteTable> tables(String vpcId) {
    return state.routeTables().values().stream().filter(table -> table.vpcId().equals(vpcId));
  }

  /** The table that decides for a subnet: its own, or else the VPC's main one. */
  public RouteTable tableOf(Subnet subnet) {
    return explicit(subnet.id()).orElseGet(() -> main(subnet.vpcId()));
  }

  /** The table that a subnet names. */
  public Optional<RouteTable> explicit(String subnetId) {
    Optional<String> wanted = Optional.of(subnetId);
    return state.routeTables().values().stream()
        .filter(table -> table.associations().stream().anyMatch(each -> each.subnetId().equals(wanted)))
        .findFirst();
  }

  /** The table of a VPC's subnets that name none. */
  public RouteTable main(String vpcId) {
    return tables(vpcId)
        .filter(RouteTable::main)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(vpcId + " has no main route table"));
  }

  /** All routes of a table, those of the VPC's own blocks first. */
  public List<Route> routes(RouteTable table) {
    Vpc vpc = state.vpc(table.vpcId());
    List<Route> all = new ArrayList<>();
    vpc.cidrs().forEach(block -> all.add(new Route(block, new RouteTarget.Local())));
    vpc.ipv6().ifPresent(block -> all.add(new Route(block, new RouteTarget.Local())));
    all.addAll(table.routes());
    return all;
  }

  /** Whether the target of a route is there and ready; what goes by one that is not is dropped. */
  public boolean active(RouteTable table, Route route) {
    return switch (route.target()) {
      case RouteTarget.Local() -> true;
      case RouteTarget.Internet(String id) ->
          state.gateways().get(id) instanceof InternetGateway gateway
              && gateway.vpcId().equals(Optional.of(table.vpcId()));
      case RouteTarget.Nat(String id) -> state.gateways().get(id) instanceof NatGateway gateway && gateway.available();
      case RouteTarget.EgressOnly(String id) -> state.gateways().get(id) instanceof EgressOnlyGateway;
      case RouteTarget.Interface(String id) ->
          Optional.ofNullable(state.interfaces().get(id))
              .flatMap(NetworkInterface::deviceOf)
              .map(instanceId -> state.instance(instanceId).state() == Instance.State.RUNNING)
              .orElse(false);
    };
  }

  /** The route of a table that decides for an address. */
  public Optional<Route> decides(RouteTable table, Ip address) {
    return routes(table).stream()
        .filter(route -> route.destination().contains(address))
        .reduce((one, other) -> other.destination().length() > one.destination().length() ? other : one);
  }

  /** Whether a NAT gateway has itself a way to the internet: an internet gateway in the route table of its subnet. */
  public boolean leadsOut(NatGateway gateway) {
    if (!gateway.available()) {
      return false;
    }
    RouteTable table = tableOf(state.subnet(gateway.subnetId()));
    return decides(table, ANYWHERE)
        .filter(route -> route.target() instanceof RouteTarget.Internet && active(table, route))
        .isPresent();
  }
}
