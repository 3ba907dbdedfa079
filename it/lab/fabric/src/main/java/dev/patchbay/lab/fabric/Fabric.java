package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One VPC of real packets: instances are network namespaces, and a router between them delivers as a VPC does.
 *
 * <p>Everything is told by whole values, and telling the same again changes nothing: {@link #setDelivered} takes all that an
 * interface holds, and does what differs. A change has happened when the method returns. Order: route tables and security
 * groups first, then subnets, instances, interfaces.
 *
 * <p>Needs root on Linux, and {@code nft} and {@code nsenter}. Everything lives in namespaces {@code patchbay-ID-*}, nothing
 * in the caller's own; {@link #close} removes them with all that runs in them, and {@link #destroy} does so for a fabric
 * whose process is gone. Thread-safe; methods block while the kernel works.
 */
public final class Fabric implements AutoCloseable {
  /** The MTU of a VPC, in bytes (Amazon VPC User Guide: jumbo frames, 9001). */
  public static final int MTU = 9001;

  /** Where the instance metadata service answers. */
  public static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");

  /** The same by IPv6. */
  public static final InetAddress METADATA_6 = InetAddress.ofLiteral("fd00:ec2::254");

  /** A host of the internet, in {@link #internet()}. */
  public static final InetAddress INTERNET_HOST = Edge.HOST_4;

  /** The same by IPv6. */
  public static final InetAddress INTERNET_HOST_6 = Edge.HOST_6;

  private final ReentrantLock lock = new ReentrantLock();
  private final String id;
  private final Router router;
  private final Edge edge;
  private final Groups groups = new Groups();

  private final Set<IpPrefix> blocks = new LinkedHashSet<>();
  private final Map<String, RouteTable> routeTables = new HashMap<>();
  private final Map<String, Integer> routeTableNumbers = new HashMap<>();
  private final Map<String, SubnetSpec> subnets = new HashMap<>();
  private final Map<String, SecurityGroup> securityGroups = new HashMap<>();
  private final Map<String, InstanceSpec> instances = new LinkedHashMap<>();
  private final Map<String, Port> ports = new LinkedHashMap<>();
  private final Map<IpPrefix, String> holders = new HashMap<>();
  private final Map<InetAddress, InetAddress> publicAddresses = new HashMap<>();
  private final Map<Integer, Set<Family>> opened = new HashMap<>();
  private int lastPort;

  private Fabric(String id) {
    this.id = Names.id(id);
    router = new Router(Names.of(id, "vpc"));
    edge = new Edge(router, Names.of(id, "internet"));
  }

  /**
   * Makes a VPC without subnets and instances.
   *
   * @param id 1 to 20 of a-z and 0-9, by which {@link #destroy} finds all that belongs to it
   * @param blocks the VPC's address blocks of both families
   * @throws FabricException if there is such a fabric already, or the kernel refuses; nothing is left then
   */
  public static Fabric create(String id, Collection<IpPrefix> blocks) {
    if (!Names.existing(Names.id(id)).isEmpty()) {
      throw new FabricException("there is a fabric '%s' already; destroy it or choose another id".formatted(id));
    }
    Fabric fabric = new Fabric(id);
    try {
      fabric.router.create();
      fabric.edge.create();
      fabric.setBlocks(blocks);
      return fabric;
    } catch (RuntimeException failure) {
      fabric.close();
      throw failure;
    }
  }

  /**
   * Removes everything that a fabric left, whoever made it: processes in its namespaces, the namespaces, and with them all
   * links. Does nothing if there is nothing.
   */
  public static void destroy(String id) {
    Namespaces.remove(Names.existing(Names.id(id)));
  }

  /** The ids of all fabrics on this machine that have namespaces. */
  public static List<String> existing() {
    return Names.ids();
  }

  /** This fabric's id. */
  public String id() {
    return id;
  }

  /** The router's namespace. */
  public NetworkNamespace router() {
    return router.namespace();
  }

  /** The namespace that plays the internet, with {@link #INTERNET_HOST}. */
  public NetworkNamespace internet() {
    return edge.namespace();
  }

  /** The namespace of an instance of that id; a value, see {@link NetworkNamespace#exists}. */
  public NetworkNamespace instance(String instanceId) {
    return Names.of(id, instanceId);
  }

  /**
   * Makes a namespace that goes with the fabric but is not attached to it, for example for a pod.
   *
   * @param part the end of its name: letters, digits, dots, hyphens and underscores
   */
  public NetworkNamespace addNamespace(String part) {
    NetworkNamespace namespace = Names.of(id, part);
    Namespaces.create(namespace, Map.of());
    return namespace;
  }

  /** Removes such a namespace and ends what runs in it; nothing if there is none. */
  public void removeNamespace(String part) {
    Namespaces.remove(List.of(Names.of(id, part)));
  }

  /** Sets the VPC's address blocks, all of them. */
  public void setBlocks(Collection<IpPrefix> wanted) {
    locked(
        () -> {
          Set<IpPrefix> networks = new LinkedHashSet<>();
          wanted.forEach(block -> networks.add(block.network()));
          List<IpPrefix> gone = blocks.stream().filter(block -> !networks.contains(block)).toList();
          for (IpPrefix block : networks) {
            if (!blocks.contains(block)) {
              router.addBlock(block);
              blocks.add(block);
            }
          }
          for (IpPrefix block : gone) {
            router.removeBlock(block);
            blocks.remove(block);
          }
        });
  }

  /** Makes or changes a NAT gateway. */
  public void setNatGateway(String gatewayId, InetAddress publicAddress) {
    locked(() -> edge.setNat(gatewayId, publicAddress));
  }

  /** Makes or changes a route table. */
  public void setRouteTable(RouteTable table) {
    locked(
        () -> {
          if (table.equals(routeTables.get(table.id()))) {
            return;
          }
          router.setRoutes(number(table.id()), table.routes(), edge);
          routeTables.put(table.id(), table);
          refreshPorts(port -> routeTableOf(port).equals(table.id()));
        });
  }

  /** Makes or changes a subnet. */
  public void setSubnet(SubnetSpec subnet) {
    locked(
        () -> {
          if (!routeTables.containsKey(subnet.routeTable())) {
            throw unknown("subnet " + subnet.id(), "route table", subnet.routeTable());
          }
          SubnetSpec before = subnets.put(subnet.id(), subnet);
          if (before == null) {
            router.addGateway(subnet.gateway());
          } else if (!before.ipv4().equals(subnet.ipv4())) {
            router.removeGateway(before.gateway());
            router.addGateway(subnet.gateway());
          }
          refreshPorts(port -> port.spec().subnetId().equals(subnet.id()));
        });
  }

  /** Removes a subnet, which has no interfaces any more; nothing if there is none. */
  public void removeSubnet(String subnetId) {
    locked(
        () -> {
          SubnetSpec gone = subnets.remove(subnetId);
          if (gone != null) {
            router.removeGateway(gone.gateway());
          }
        });
  }

  /** Makes a security group, or gives one other rules. A group that was only named so far has no rules. */
  public void setGroup(SecurityGroup group) {
    locked(
        () -> {
          if (!group.equals(securityGroups.get(group.id()))) {
            NftScript script = new NftScript();
            groups.define(script, group);
            router.apply(script, "set security group " + group.id());
            securityGroups.put(group.id(), group);
          }
        });
  }

  /** Takes a security group's rules away; nothing if there is none. */
  public void removeGroup(String groupId) {
    locked(
        () -> {
          if (securityGroups.remove(groupId) != null) {
            NftScript script = new NftScript();
            groups.undefine(script, groupId);
            router.apply(script, "remove security group " + groupId);
          }
        });
  }

  /**
   * Gives an IPv4 address a public one at the internet gateway, another, or none.
   *
   * @param address an address in the VPC, assigned or not
   */
  public void setPublicAddress(InetAddress address, Optional<InetAddress> publicAddress) {
    locked(
        () -> {
          @Nullable InetAddress before = publicAddresses.get(address);
          if (Optional.ofNullable(before).equals(publicAddress)) {
            return;
          }
          String inside = address.getHostAddress();
          NftScript script = new NftScript();
          if (before != null) {
            script.line("delete element inet vpc has_public { %s }", inside);
            script.line("delete element inet vpc public { %s }", inside);
            script.line("delete element inet vpc private { %s }", before.getHostAddress());
          }
          publicAddress.ifPresent(
              outside -> {
                script.line("add element inet vpc has_public { %s }", inside);
                script.line("add element inet vpc public { %s : %s }", inside, outside.getHostAddress());
                script.line("add element inet vpc private { %s : %s }", outside.getHostAddress(), inside);
              });
          router.apply(script, "set the public address of " + inside);
          publicAddress.ifPresentOrElse(
              outside -> publicAddresses.put(address, outside), () -> publicAddresses.remove(address));
        });
  }

  /** Starts an instance: its namespace, without interfaces. Nothing if it is there already. */
  public NetworkNamespace addInstance(InstanceSpec instance) {
    NetworkNamespace namespace = instance(instance.id());
    locked(
        () -> {
          if (!instances.containsKey(instance.id())) {
            Namespaces.create(namespace, instance.sysctls());
            instances.put(instance.id(), instance);
          }
        });
    return namespace;
  }

  /** Ends an instance, with what runs in its namespace and its interfaces; nothing if there is none. */
  public void removeInstance(String instanceId) {
    locked(
        () -> {
          List<String> interfaces =
              ports.values().stream()
                  .map(Port::spec)
                  .filter(spec -> spec.instanceId().equals(instanceId))
                  .map(InterfaceSpec::id)
                  .toList();
          interfaces.forEach(this::remove);
          if (instances.remove(instanceId) != null) {
            Namespaces.remove(List.of(instance(instanceId)));
          }
        });
  }

  /**
   * Attaches an interface: its device appears in the instance. If it is attached already, sets all else to what is given.
   *
   * @throws IllegalArgumentException if the instance, the subnet or the route table is unknown, or the interface is attached
   *     to another instance or as another device
   */
  public void attach(InterfaceSpec spec) {
    locked(
        () -> {
          Port present = ports.get(spec.id());
          if (present == null) {
            plug(spec);
            return;
          }
          InterfaceSpec before = present.spec();
          if (!before.instanceId().equals(spec.instanceId())
              || !before.device().equals(spec.device())
              || !before.mac().equals(spec.mac())) {
            throw new IllegalArgumentException(
                "interface %s is attached to %s as %s; detach it first"
                    .formatted(spec.id(), before.instanceId(), before.device()));
          }
          deliver(present, spec);
          regroup(required(spec.id()), spec.groups());
          check(required(spec.id()), spec.sourceDestinationCheck());
        });
  }

  /** Detaches an interface: its device vanishes from the instance. Nothing if it is not attached. */
  public void detach(String interfaceId) {
    locked(() -> remove(interfaceId));
  }

  /**
   * Sets all that the VPC delivers to an interface. An address that another interface held moves at once.
   *
   * @param delivered single addresses as /32 or /128, and prefixes
   */
  public void setDelivered(String interfaceId, Collection<IpPrefix> delivered) {
    locked(
        () -> {
          Port port = required(interfaceId);
          deliver(port, port.spec().withDelivered(delivered));
        });
  }

  /** Sets the security groups of an interface. */
  public void setGroups(String interfaceId, Set<String> wanted) {
    locked(() -> regroup(required(interfaceId), wanted));
  }

  /** Sets whether packets from addresses that are not the interface's own are dropped. */
  public void setSourceDestinationCheck(String interfaceId, boolean wanted) {
    locked(() -> check(required(interfaceId), wanted));
  }

  /** The attached interface to which the VPC delivers an address. */
  public Optional<InterfaceSpec> holder(InetAddress address) {
    return lockedGet(
        () ->
            ports.values().stream()
                .map(Port::spec)
                .filter(spec -> spec.delivered().stream().anyMatch(block -> contains(block, address)))
                .findFirst());
  }

  /** The attached interfaces. */
  public List<InterfaceSpec> interfaces() {
    return lockedGet(() -> ports.values().stream().map(Port::spec).toList());
  }

  /** How many packets were dropped since the fabric was made, by reason; every reason is there. */
  public Map<DropReason, Long> drops() {
    return router.drops();
  }

  /** Removes everything, with what runs in the namespaces. */
  @Override
  public void close() {
    locked(
        () -> {
          router.close();
          edge.close();
          destroy(id);
        });
  }

  private void plug(InterfaceSpec spec) {
    if (!instances.containsKey(spec.instanceId())) {
      throw unknown("interface " + spec.id(), "instance", spec.instanceId());
    }
    SubnetSpec subnet = subnets.get(spec.subnetId());
    if (subnet == null) {
      throw unknown("interface " + spec.id(), "subnet", spec.subnetId());
    }
    Port port = new Port(++lastPort, spec.withDelivered(List.of()));
    router.link(port, instance(spec.instanceId()));
    ports.put(spec.id(), port);
    try {
      NftScript script = new NftScript();
      script.line("add element inet vpc macs { %s . %s }", port.device(), spec.mac());
      if (!spec.sourceDestinationCheck()) {
        script.line("add element inet vpc unchecked { %s }", port.device());
      }
      groups.join(script, port.device(), spec.groups());
      classify(script, port);
      router.apply(script, "attach " + spec.id());
      deliver(port, spec);
      if (spec.configured()) {
        Boot.configure(instance(spec.instanceId()), spec, subnet);
      }
    } catch (RuntimeException failure) {
      remove(spec.id());
      throw failure;
    }
  }

  private void remove(String interfaceId) {
    Port port = ports.remove(interfaceId);
    if (port == null) {
      return;
    }
    holders.values().removeIf(interfaceId::equals);
    NftScript script = new NftScript();
    script.line("delete element inet vpc macs { %s . %s }", port.device(), port.spec().mac());
    if (!port.spec().sourceDestinationCheck()) {
      script.line("delete element inet vpc unchecked { %s }", port.device());
    }
    groups.leave(script, port.device(), port.spec().groups());
    declassify(script, port);
    router.apply(script, "detach " + interfaceId);
    router.unlink(port);
  }

  private void deliver(Port port, InterfaceSpec wanted) {
    String interfaceId = wanted.id();
    List<IpPrefix> added = new ArrayList<>(wanted.delivered());
    added.removeAll(port.spec().delivered());
    List<IpPrefix> removed = new ArrayList<>(port.spec().delivered());
    removed.removeAll(wanted.delivered());
    // What has moved to another interface since is that one's now.
    removed.removeIf(block -> !interfaceId.equals(holders.get(block)));
    router.deliver(port, added, removed);
    removed.forEach(holders::remove);
    for (IpPrefix block : added) {
      @Nullable String before = holders.put(block, interfaceId);
      if (before != null && !before.equals(interfaceId)) {
        Port loser = required(before);
        Set<IpPrefix> rest = new LinkedHashSet<>(loser.spec().delivered());
        rest.remove(block);
        ports.put(before, loser.with(loser.spec().withDelivered(rest)));
      }
    }
    ports.put(interfaceId, port.with(port.spec().withDelivered(wanted.delivered())));
  }

  private void regroup(Port port, Set<String> wanted) {
    if (port.spec().groups().equals(wanted)) {
      return;
    }
    NftScript script = new NftScript();
    groups.leave(script, port.device(), port.spec().groups());
    groups.join(script, port.device(), wanted);
    router.apply(script, "set the groups of " + port.spec().id());
    ports.put(port.spec().id(), port.with(port.spec().withGroups(wanted)));
  }

  private void check(Port port, boolean wanted) {
    if (port.spec().sourceDestinationCheck() == wanted) {
      return;
    }
    NftScript script = new NftScript();
    script.line("%s element inet vpc unchecked { %s }", wanted ? "delete" : "add", port.device());
    router.apply(script, "set the source/destination check of " + port.spec().id());
    ports.put(port.spec().id(), port.with(port.spec().withSourceDestinationCheck(wanted)));
  }

  /** What follows for a port from its subnet's route table. */
  private void classify(NftScript script, Port port) {
    RouteTable table = routeTables.get(routeTableOf(port));
    if (table == null) {
      throw unknown("subnet " + port.spec().subnetId(), "route table", routeTableOf(port));
    }
    script.line("add element inet vpc tables { %s : %d }", port.device(), number(table.id()));
    for (Family family : Family.values()) {
      boolean open =
          table.routes().stream()
              .anyMatch(
                  route ->
                      route.target() instanceof RouteTable.InternetGateway && route.destination().family() == family);
      if (open) {
        script.line("add element inet vpc open%s { %s }", Router.digit(family), port.device());
        opened.computeIfAbsent(port.number(), key -> new HashSet<>()).add(family);
      }
    }
  }

  private void declassify(NftScript script, Port port) {
    script.line("delete element inet vpc tables { %s }", port.device());
    for (Family family : opened.getOrDefault(port.number(), Set.of())) {
      script.line("delete element inet vpc open%s { %s }", Router.digit(family), port.device());
    }
    opened.remove(port.number());
  }

  private void refreshPorts(Predicate<Port> affected) {
    NftScript script = new NftScript();
    for (Port port : ports.values()) {
      if (affected.test(port)) {
        declassify(script, port);
        classify(script, port);
      }
    }
    router.apply(script, "change the route table of ports");
  }

  private int number(String routeTable) {
    return routeTableNumbers.computeIfAbsent(routeTable, key -> routeTableNumbers.size() + 1);
  }

  private String routeTableOf(Port port) {
    SubnetSpec subnet = subnets.get(port.spec().subnetId());
    if (subnet == null) {
      throw unknown("interface " + port.spec().id(), "subnet", port.spec().subnetId());
    }
    return subnet.routeTable();
  }

  private Port required(String interfaceId) {
    Port port = ports.get(interfaceId);
    if (port == null) {
      throw new IllegalArgumentException("interface " + interfaceId + " is not attached; attach it first");
    }
    return port;
  }

  private static IllegalArgumentException unknown(String who, String kind, String name) {
    return new IllegalArgumentException(
        "%s names %s %s, which the fabric does not know; set it first".formatted(who, kind, name));
  }

  private static boolean contains(IpPrefix block, InetAddress address) {
    return Family.of(address) == block.family() && new IpPrefix(address, block.length()).network().equals(block);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T lockedGet(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }
}
