package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Value;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The attached interfaces, and who of them holds which address. Not for use by several threads. */
final class Ports {
  private final Router router;
  private final Subnets subnets;
  private final Groups groups;
  private final MetadataHops metadata;
  private final Map<String, Port> ports = new LinkedHashMap<>();
  private final Map<IpPrefix, String> holders = new HashMap<>();
  private int last;

  Ports(Router router, Subnets subnets, Groups groups, MetadataHops metadata) {
    this.router = router;
    this.subnets = subnets;
    this.groups = groups;
    this.metadata = metadata;
  }

  /** Attaches an interface, or sets all that can change of one that is attached. */
  void attach(InterfaceSpec spec, NetworkNamespace instance) {
    Port present = ports.get(spec.id());
    if (present == null) {
      plug(spec, instance);
      return;
    }
    InterfaceSpec before = present.spec();
    if (!before.instanceId().equals(spec.instanceId())
        || !before.device().equals(spec.device())
        || !before.behind().equals(spec.behind())
        || !before.mac().equals(spec.mac())) {
      throw new IllegalArgumentException(
          "interface %s is attached to %s as %s; detach it first".formatted(spec.id(), before.instanceId(), before.device()));
    }
    deliver(spec.id(), spec.delivered());
    regroup(spec.id(), spec.groups());
    check(spec.id(), spec.sourceDestinationCheck());
  }

  private void plug(InterfaceSpec spec, NetworkNamespace instance) {
    SubnetSpec subnet = subnets.of(spec);
    Port port = new Port(++last, spec.withDelivered(List.of()));
    spec.behind().ifPresentOrElse(
        behind -> router.link(port, required(behind.trunkId()), behind.vlan()), () -> router.link(port, instance));
    try {
      RuleChange change = new RuleChange();
      change.add(VpcSets.MACS, mac(port));
      if (!spec.sourceDestinationCheck()) {
        change.add(VpcSets.UNCHECKED, Element.of(port.key()));
      }
      groups.join(change, port, spec.groups());
      subnets.enter(change, port);
      metadata.enter(change, port);
      router.apply(change, "attach " + spec.id());
    } catch (RuntimeException failure) {
      router.unlink(port);
      throw failure;
    }
    ports.put(spec.id(), port);
    try {
      deliver(spec.id(), spec.delivered());
      subnets.follow(spec.id());
      if (spec.configured()) {
        Boot.configure(instance, spec, subnet);
        Namespaces.awaitCarrier(router.socket(), port.index());
      }
    } catch (RuntimeException failure) {
      detach(spec.id());
      throw failure;
    }
  }

  void detach(String interfaceId) {
    // A trunk takes its branches with it.
    ports.values().stream()
        .map(Port::spec)
        .filter(spec -> spec.behind().filter(behind -> behind.trunkId().equals(interfaceId)).isPresent())
        .map(InterfaceSpec::id)
        .toList()
        .forEach(this::detach);
    Port port = ports.remove(interfaceId);
    if (port == null) {
      return;
    }
    holders.values().removeIf(interfaceId::equals);
    RuleChange change = new RuleChange();
    change.remove(VpcSets.MACS, mac(port));
    if (!port.spec().sourceDestinationCheck()) {
      change.remove(VpcSets.UNCHECKED, Element.of(port.key()));
    }
    groups.leave(change, port, port.spec().groups());
    subnets.leave(change, port);
    metadata.leave(change, port);
    router.apply(change, "detach " + interfaceId);
    router.unlink(port);
    subnets.follow(interfaceId);
  }

  /** The router's device for an interface that is attached. */
  Optional<Integer> device(String interfaceId) {
    return Optional.ofNullable(ports.get(interfaceId)).map(Port::index);
  }

  /** Sets all that an interface holds. What another one held moves here. */
  void deliver(String interfaceId, Collection<IpPrefix> wanted) {
    Port port = required(interfaceId);
    InterfaceSpec spec = port.spec().withDelivered(wanted);
    List<IpPrefix> added = new ArrayList<>(spec.delivered());
    added.removeAll(port.spec().delivered());
    List<IpPrefix> removed = new ArrayList<>(port.spec().delivered());
    removed.removeAll(spec.delivered());
    router.deliver(port, added, removed);
    removed.forEach(holders::remove);
    for (IpPrefix block : added) {
      @Nullable String before = holders.put(block, interfaceId);
      if (before != null) {
        Port loser = required(before);
        Set<IpPrefix> rest = new LinkedHashSet<>(loser.spec().delivered());
        rest.remove(block);
        ports.put(before, loser.with(loser.spec().withDelivered(rest)));
      }
    }
    ports.put(interfaceId, port.with(spec));
  }

  void regroup(String interfaceId, Set<String> wanted) {
    Port port = required(interfaceId);
    if (port.spec().groups().equals(wanted)) {
      return;
    }
    RuleChange change = new RuleChange();
    groups.leave(change, port, port.spec().groups());
    groups.join(change, port, wanted);
    router.apply(change, "set the groups of " + interfaceId);
    ports.put(interfaceId, port.with(port.spec().withGroups(wanted)));
  }

  void check(String interfaceId, boolean wanted) {
    Port port = required(interfaceId);
    if (port.spec().sourceDestinationCheck() == wanted) {
      return;
    }
    RuleChange change = new RuleChange();
    if (wanted) {
      change.remove(VpcSets.UNCHECKED, Element.of(port.key()));
    } else {
      change.add(VpcSets.UNCHECKED, Element.of(port.key()));
    }
    router.apply(change, "set the source/destination check of " + interfaceId);
    ports.put(interfaceId, port.with(port.spec().withSourceDestinationCheck(wanted)));
  }

  /** Enters ports anew after their subnet or its route table has changed. */
  void refreshRouting(Predicate<InterfaceSpec> affected) {
    RuleChange change = new RuleChange();
    for (Port port : ports.values()) {
      if (affected.test(port.spec())) {
        subnets.leave(change, port);
        subnets.enter(change, port);
      }
    }
    router.apply(change, "change the route table of ports");
  }

  /** Enters ports of an instance anew after its hop limit has changed. */
  void refreshMetadata(String instanceId, Runnable setting) {
    RuleChange change = new RuleChange();
    List<Port> affected = ports.values().stream().filter(port -> port.spec().instanceId().equals(instanceId)).toList();
    affected.forEach(port -> metadata.leave(change, port));
    setting.run();
    affected.forEach(port -> metadata.enter(change, port));
    router.apply(change, "set the metadata hop limit of " + instanceId);
  }

  Optional<InterfaceSpec> holder(InetAddress address) {
    return ports.values().stream()
        .map(Port::spec)
        .filter(spec -> spec.delivered().stream().anyMatch(block -> contains(block, address)))
        .findFirst();
  }

  List<InterfaceSpec> all() {
    return ports.values().stream().map(Port::spec).toList();
  }

  private static Element mac(Port port) {
    return Element.of(Value.concatenation(port.key(), Value.of(port.spec().mac())));
  }

  private Port required(String interfaceId) {
    Port port = ports.get(interfaceId);
    if (port == null) {
      throw new IllegalArgumentException("interface " + interfaceId + " is not attached; attach it first");
    }
    return port;
  }

  private static boolean contains(IpPrefix block, InetAddress address) {
    return Family.of(address) == block.family() && new IpPrefix(address, block.length()).network().equals(block);
  }
}
