package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Subnets and their route tables, and what follows from them for a port. Not for use by several threads. */
final class Subnets {
  private final Router router;
  private final Edge edge;
  private final Function<String, Optional<Integer>> devices;
  private final Map<String, RouteTable> tables = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, SubnetSpec> subnets = new HashMap<>();
  private final Map<Integer, Set<Family>> opened = new HashMap<>();

  /**
   * None yet.
   *
   * @param devices the router's device for an interface that is attached
   */
  Subnets(Router router, Edge edge, Function<String, Optional<Integer>> devices) {
    this.router = router;
    this.edge = edge;
    this.devices = devices;
  }

  /** Sets a route table, and returns whether that changed anything. */
  boolean set(RouteTable table) {
    if (table.equals(tables.get(table.id()))) {
      return false;
    }
    write(table);
    tables.put(table.id(), table);
    return true;
  }

  private void write(RouteTable table) {
    router.setRoutes(number(table.id()), table.routes(), edge, devices);
  }

  /** Writes the tables anew that lead to an interface, which has come or gone. */
  void follow(String interfaceId) {
    RouteTable.Target target = new RouteTable.Interface(interfaceId);
    tables.values().stream()
        .filter(table -> table.routes().stream().anyMatch(route -> route.target().equals(target)))
        .forEach(this::write);
  }

  /** Removes a route table that no subnet has any more; nothing if there is none. */
  void removeTable(String tableId) {
    if (subnets.values().stream().anyMatch(subnet -> subnet.routeTable().equals(tableId))) {
      throw new IllegalArgumentException("route table " + tableId + " is a subnet's; give that another one first");
    }
    if (tables.remove(tableId) != null) {
      write(RouteTable.local(tableId));
    }
  }

  /** Sets a subnet, and returns whether that changed anything. */
  boolean set(SubnetSpec subnet) {
    if (!tables.containsKey(subnet.routeTable())) {
      throw unknown("subnet " + subnet.id(), "route table", subnet.routeTable());
    }
    SubnetSpec before = subnets.put(subnet.id(), subnet);
    if (subnet.equals(before)) {
      return false;
    }
    if (before != null && !before.ipv4().equals(subnet.ipv4())) {
      router.removeGateway(before.gateway());
    }
    router.addGateway(subnet.gateway());
    return true;
  }

  void remove(String subnetId) {
    SubnetSpec gone = subnets.remove(subnetId);
    if (gone != null) {
      router.removeGateway(gone.gateway());
    }
  }

  SubnetSpec of(InterfaceSpec spec) {
    SubnetSpec subnet = subnets.get(spec.subnetId());
    if (subnet == null) {
      throw unknown("interface " + spec.id(), "subnet", spec.subnetId());
    }
    return subnet;
  }

  /** Enters a port by its subnet: which routes it has beside the VPC's, and whether the internet reaches it. */
  void enter(RuleChange change, Port port) {
    String id = of(port.spec()).routeTable();
    RouteTable table = tables.get(id);
    if (table == null) {
      throw unknown("subnet " + port.spec().subnetId(), "route table", id);
    }
    change.add(VpcSets.TABLES, Element.of(port.key()).to(Value.number(number(id))));
    for (RouteTable.Route route : table.routes()) {
      Family family = route.destination().family();
      if (route.target() instanceof RouteTable.InternetGateway
          && opened.computeIfAbsent(port.number(), key -> new HashSet<>()).add(family)) {
        change.add(VpcSets.open(family), Element.of(port.key()));
      }
    }
  }

  void leave(RuleChange change, Port port) {
    change.remove(VpcSets.TABLES, Element.of(port.key()));
    for (Family family : opened.getOrDefault(port.number(), Set.of())) {
      change.remove(VpcSets.open(family), Element.of(port.key()));
    }
    opened.remove(port.number());
  }

  private int number(String routeTable) {
    return numbers.computeIfAbsent(routeTable, key -> numbers.size() + 1);
  }

  static IllegalArgumentException unknown(String who, String kind, String name) {
    return new IllegalArgumentException(
        "%s names %s %s, which the fabric does not know; set it first".formatted(who, kind, name));
  }
}
