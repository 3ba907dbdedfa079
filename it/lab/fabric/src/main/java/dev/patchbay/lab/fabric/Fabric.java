package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Value;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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

  /** Where instances find what {@link #publish} publishes. */
  public static final InetAddress LAB_HOST = Management.HOST;

  /** A host of the internet, in {@link #internet()}. */
  public static final InetAddress INTERNET_HOST = Edge.HOST_4;

  /** The same by IPv6. */
  public static final InetAddress INTERNET_HOST_6 = Edge.HOST_6;

  private final ReentrantLock lock = new ReentrantLock();
  private final String id;
  private final Router router;
  private final Edge edge;
  private final Management management;
  private final Subnets subnets;
  private final Groups groups = new Groups();
  private final MetadataHops metadata = new MetadataHops();
  private final Ports ports;

  private final Set<IpPrefix> blocks = new LinkedHashSet<>();
  private final Map<String, SecurityGroup> securityGroups = new HashMap<>();
  private final Map<String, InstanceSpec> instances = new LinkedHashMap<>();
  private final Map<InetAddress, InetAddress> publicAddresses = new HashMap<>();
  private final List<Relay> relays = new ArrayList<>();
  private @Nullable Boolean branches;

  private Fabric(String id) {
    this.id = Names.id(id);
    router = new Router(Names.of(id, "vpc"));
    edge = new Edge(router, Names.of(id, "internet"));
    management = new Management(Names.of(id, "lab"));
    subnets = new Subnets(router, edge, this::device);
    ports = new Ports(router, subnets, groups, metadata);
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
      fabric.management.create();
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

  /** Removes a NAT gateway, to which no route leads any more; nothing if there is none. */
  public void removeNatGateway(String gatewayId) {
    locked(() -> edge.removeNat(gatewayId));
  }

  /** Removes a route table that no subnet has any more; nothing if there is none. */
  public void removeRouteTable(String tableId) {
    locked(() -> subnets.removeTable(tableId));
  }

  /** Makes or changes a route table. */
  public void setRouteTable(RouteTable table) {
    locked(
        () -> {
          if (subnets.set(table)) {
            ports.refreshRouting(spec -> subnets.of(spec).routeTable().equals(table.id()));
          }
        });
  }

  /** Makes or changes a subnet, whose route table the fabric knows already. */
  public void setSubnet(SubnetSpec subnet) {
    locked(
        () -> {
          if (subnets.set(subnet)) {
            ports.refreshRouting(spec -> spec.subnetId().equals(subnet.id()));
          }
        });
  }

  /** Removes a subnet, which has no interfaces any more; nothing if there is none. */
  public void removeSubnet(String subnetId) {
    locked(() -> subnets.remove(subnetId));
  }

  /** Makes a security group, or gives one other rules. A group that was only named so far has no rules. */
  public void setGroup(SecurityGroup group) {
    locked(
        () -> {
          if (!group.equals(securityGroups.get(group.id()))) {
            RuleChange change = new RuleChange();
            groups.define(change, group);
            router.apply(change, "set security group " + group.id());
            securityGroups.put(group.id(), group);
          }
        });
  }

  /** Takes a security group's rules away; nothing if there is none. */
  public void removeGroup(String groupId) {
    locked(
        () -> {
          if (securityGroups.remove(groupId) != null) {
            RuleChange change = new RuleChange();
            groups.undefine(change, groupId);
            router.apply(change, "remove security group " + groupId);
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
          Value inside = Value.of(address);
          RuleChange change = new RuleChange();
          if (before != null) {
            change.remove(VpcSets.HAS_PUBLIC, Element.of(inside));
            change.remove(VpcSets.PUBLIC, Element.of(inside));
            change.remove(VpcSets.PRIVATE, Element.of(Value.of(before)));
          }
          publicAddress.ifPresent(
              outside -> {
                change.add(VpcSets.HAS_PUBLIC, Element.of(inside));
                change.add(VpcSets.PUBLIC, Element.of(inside).to(Value.of(outside)));
                change.add(VpcSets.PRIVATE, Element.of(Value.of(outside)).to(inside));
              });
          router.apply(change, "set the public address of " + address.getHostAddress());
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
            management.link(namespace);
          }
        });
    return namespace;
  }

  /** Ends an instance, with what runs in its namespace and its interfaces; nothing if there is none. */
  public void removeInstance(String instanceId) {
    locked(
        () -> {
          ports.all().stream()
              .filter(spec -> spec.instanceId().equals(instanceId))
              .forEach(spec -> ports.detach(spec.id()));
          metadata.forget(instanceId);
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
          if (!instances.containsKey(spec.instanceId())) {
            throw Subnets.unknown("interface " + spec.id(), "instance", spec.instanceId());
          }
          ports.attach(spec, instance(spec.instanceId()));
        });
  }

  /** Whether interfaces behind trunks can be attached: the kernel has VLAN devices (8021q). */
  public boolean carriesBranches() {
    return lockedGet(
        () -> {
          if (branches == null) {
            branches = router.tags();
          }
          return branches;
        });
  }

  /** Detaches an interface: its device vanishes from the instance. Nothing if it is not attached. */
  public void detach(String interfaceId) {
    locked(() -> ports.detach(interfaceId));
  }

  /**
   * Sets all that the VPC delivers to an attached interface. An address that another interface held moves at once.
   *
   * @param delivered single addresses as /32 or /128, and prefixes
   */
  public void setDelivered(String interfaceId, Collection<IpPrefix> delivered) {
    locked(() -> ports.deliver(interfaceId, delivered));
  }

  /** Sets the security groups of an attached interface. */
  public void setGroups(String interfaceId, Set<String> wanted) {
    locked(() -> ports.regroup(interfaceId, wanted));
  }

  /** Sets whether packets from addresses that are not an attached interface's own are dropped. */
  public void setSourceDestinationCheck(String interfaceId, boolean wanted) {
    locked(() -> ports.check(interfaceId, wanted));
  }

  /** The attached interface to which the VPC delivers an address. */
  public Optional<InterfaceSpec> holder(InetAddress address) {
    return lockedGet(() -> ports.holder(address));
  }

  /** The attached interfaces. */
  public List<InterfaceSpec> interfaces() {
    return lockedGet(ports::all);
  }

  /**
   * Sets with which hop limit (TTL) answers of the metadata service leave for an instance; 1 unless set. With 1 they reach
   * the instance itself and no pod behind it. On EC2 only answers to PUT are limited (HttpPutResponseHopLimit); here all
   * packets of the service are, so a pod that is too far away can't connect.
   *
   * @param hops 1 to 64
   */
  public void setMetadataHopLimit(String instanceId, int hops) {
    if (hops < 1 || hops > 64) {
      throw new IllegalArgumentException("a hop limit is 1 to 64, not " + hops);
    }
    locked(() -> ports.refreshMetadata(instanceId, () -> metadata.set(instanceId, hops)));
  }

  /**
   * Answers at {@link #METADATA} and {@link #METADATA_6}, port 80, in all instances, from servers that run in the process's
   * own namespace.
   *
   * @param server the server for an instance, asked at each connection; empty closes the connection
   * @return the relays, which end with the fabric
   */
  public List<Relay> serveMetadata(Function<String, Optional<InetSocketAddress>> server) {
    Function<InetSocketAddress, Optional<Relay.Dial>> choice =
        client -> holder(client.getAddress()).flatMap(spec -> server.apply(spec.instanceId())).map(Relay::to);
    List<Relay> started = new ArrayList<>();
    for (InetAddress address : List.of(METADATA, METADATA_6)) {
      started.add(owned(Relay.start(router().listen(new InetSocketAddress(address, 80)), choice)));
    }
    return started;
  }

  /**
   * Makes a server that runs in the process's own namespace reachable from all instances, and from no pod, at
   * {@link #LAB_HOST}.
   *
   * @param port the port there
   * @param server the server, for example on loopback
   * @return the relay, which ends with the fabric
   */
  public Relay publish(int port, InetSocketAddress server) {
    return owned(management.publish(port, server));
  }

  /**
   * Makes a server that listens on an instance's loopback reachable from the process's own.
   *
   * @param port the server's port
   * @return the relay, on a free port of 127.0.0.1; it ends with the fabric
   */
  public Relay expose(String instanceId, int port) {
    InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    NetworkNamespace instance = instance(instanceId);
    return owned(Relay.startLocal(client -> Optional.of(Relay.to(instance, target))));
  }

  /**
   * Lets a server that runs in the process's own namespace answer in an instance, for whoever reaches the instance.
   *
   * @param at the address and port there
   * @param server the server, for example on loopback
   * @return the relay, which ends with the fabric
   */
  public Relay serve(String instanceId, InetSocketAddress at, InetSocketAddress server) {
    return owned(Relay.start(instance(instanceId).listen(at), client -> Optional.of(Relay.to(server))));
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
          relays.forEach(Relay::close);
          management.close();
          edge.close();
          router.close();
          destroy(id);
        });
  }

  private Optional<Integer> device(String interfaceId) {
    return ports.device(interfaceId);
  }

  private Relay owned(Relay relay) {
    return lockedGet(
        () -> {
          relays.add(relay);
          return relay;
        });
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
