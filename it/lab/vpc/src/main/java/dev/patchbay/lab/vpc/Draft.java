package dev.patchbay.lab.vpc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The next state in the making: only what changes is copied, and an operation that throws leaves nothing behind. */
final class Draft {
  private final VpcState before;
  private final Instant now;
  private Map<String, Vpc> vpcs;
  private Map<String, Subnet> subnets;
  private Map<String, SecurityGroup> groups;
  private Map<String, Instance> instances;
  private Map<String, NetworkInterface> interfaces;
  private Map<String, TrunkAssociation> associations;
  private Map<String, CidrReservation> reservations;
  private Map<String, RouteTable> routeTables;
  private Map<String, Gateway> gateways;
  private Map<String, ElasticAddress> elasticAddresses;

  Draft(VpcState before, Instant now) {
    this.before = before;
    this.now = now;
    vpcs = before.vpcs();
    subnets = before.subnets();
    groups = before.groups();
    instances = before.instances();
    interfaces = before.interfaces();
    associations = before.associations();
    reservations = before.reservations();
    routeTables = before.routeTables();
    gateways = before.gateways();
    elasticAddresses = before.elasticAddresses();
  }

  Instant now() {
    return now;
  }

  /** The state as drafted so far. */
  VpcState state() {
    return new VpcState(
        before.revision() + 1,
        now,
        vpcs,
        subnets,
        groups,
        instances,
        interfaces,
        associations,
        reservations,
        routeTables,
        gateways,
        elasticAddresses);
  }

  void put(Vpc vpc) {
    vpcs = with(vpcs, vpc.id(), vpc);
  }

  void put(Subnet subnet) {
    subnets = with(subnets, subnet.id(), subnet);
  }

  void put(SecurityGroup group) {
    groups = with(groups, group.id(), group);
  }

  void put(Instance instance) {
    instances = with(instances, instance.id(), instance);
  }

  void put(NetworkInterface changed) {
    interfaces = with(interfaces, changed.id(), changed);
  }

  void put(TrunkAssociation association) {
    associations = with(associations, association.id(), association);
  }

  void put(CidrReservation reservation) {
    reservations = with(reservations, reservation.id(), reservation);
  }

  void put(RouteTable table) {
    routeTables = with(routeTables, table.id(), table);
  }

  void put(Gateway gateway) {
    gateways = with(gateways, gateway.id(), gateway);
  }

  void put(ElasticAddress address) {
    elasticAddresses = with(elasticAddresses, address.allocationId(), address);
  }

  void remove(RouteTable table) {
    routeTables = without(routeTables, table.id());
  }

  void remove(Gateway gateway) {
    gateways = without(gateways, gateway.id());
  }

  void remove(ElasticAddress address) {
    elasticAddresses = without(elasticAddresses, address.allocationId());
  }

  void remove(Subnet subnet) {
    subnets = without(subnets, subnet.id());
  }

  void remove(CidrReservation reservation) {
    reservations = without(reservations, reservation.id());
  }

  void remove(SecurityGroup group) {
    groups = without(groups, group.id());
  }

  void remove(NetworkInterface gone) {
    interfaces = without(interfaces, gone.id());
  }

  void remove(TrunkAssociation association) {
    associations = without(associations, association.id());
  }

  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    compare(before.vpcs(), vpcs, Change.OfVpc::new, changes);
    compare(before.subnets(), subnets, Change.OfSubnet::new, changes);
    compare(before.groups(), groups, Change.OfGroup::new, changes);
    compare(before.instances(), instances, Change.OfInstance::new, changes);
    compare(before.interfaces(), interfaces, Change.OfInterface::new, changes);
    compare(before.associations(), associations, Change.OfAssociation::new, changes);
    compare(before.reservations(), reservations, Change.OfReservation::new, changes);
    compare(before.routeTables(), routeTables, Change.OfRouteTable::new, changes);
    compare(before.gateways(), gateways, Change.OfGateway::new, changes);
    compare(before.elasticAddresses(), elasticAddresses, Change.OfElasticAddress::new, changes);
    return changes;
  }

  private static <T> void compare(
      Map<String, T> before, Map<String, T> after, BiFunction<Optional<T>, Optional<T>, Change> change, List<Change> into) {
    if (before == after) {
      return;
    }
    Set<String> ids = new LinkedHashSet<>(before.keySet());
    ids.addAll(after.keySet());
    for (String id : ids) {
      Optional<T> was = Optional.ofNullable(before.get(id));
      Optional<T> is = Optional.ofNullable(after.get(id));
      if (!was.equals(is)) {
        into.add(change.apply(was, is));
      }
    }
  }

  private static <T> Map<String, T> with(Map<String, T> map, String id, T value) {
    Map<String, T> copy = new LinkedHashMap<>(map);
    copy.put(id, value);
    return Collections.unmodifiableMap(copy);
  }

  private static <T> Map<String, T> without(Map<String, T> map, String id) {
    Map<String, T> copy = new LinkedHashMap<>(map);
    copy.remove(id);
    return Collections.unmodifiableMap(copy);
  }
}
