package dev.patchbay.lab.fabric.vpc;

import dev.patchbay.lab.fabric.InterfaceSpec;
import dev.patchbay.lab.fabric.SecurityGroup;
import dev.patchbay.lab.fabric.SubnetSpec;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** The model's values in the fabric's words. */
final class Translation {
  private Translation() {}

  static IpPrefix prefix(Cidr block) {
    return new IpPrefix(block.base().inet(), block.length());
  }

  static List<IpPrefix> blocks(Vpc vpc) {
    List<IpPrefix> all = new ArrayList<>();
    vpc.cidrs().forEach(block -> all.add(prefix(block)));
    vpc.ipv6().ifPresent(block -> all.add(prefix(block)));
    return all;
  }

  static SubnetSpec subnet(Subnet subnet, String routeTable) {
    return new SubnetSpec(subnet.id(), prefix(subnet.cidr()), subnet.ipv6().map(Translation::prefix), routeTable);
  }

  static SecurityGroup group(dev.patchbay.lab.vpc.SecurityGroup group) {
    return new SecurityGroup(
        group.id(),
        group.ingress().stream().map(Translation::rule).toList(),
        group.egress().stream().map(Translation::rule).toList());
  }

  static InterfaceSpec networkInterface(
      NetworkInterface eni, String instanceId, String device, Optional<InterfaceSpec.Behind> behind, boolean primary) {
    SequencedSet<IpPrefix> delivered = new LinkedHashSet<>();
    eni.delivered().forEach(block -> delivered.add(prefix(block)));
    return new InterfaceSpec(
        eni.id(),
        MacAddress.of(eni.mac()),
        instanceId,
        device,
        eni.subnetId(),
        delivered,
        Set.copyOf(eni.groups()),
        eni.sourceDestCheck(),
        behind,
        primary);
  }

  private static SecurityGroup.Rule rule(dev.patchbay.lab.vpc.SecurityGroup.Rule rule) {
    SecurityGroup.Peer peer =
        switch (rule.peer()) {
          case dev.patchbay.lab.vpc.SecurityGroup.Block(var block) -> new SecurityGroup.Block(prefix(block));
          case dev.patchbay.lab.vpc.SecurityGroup.Members(var id) -> new SecurityGroup.Members(id);
        };
    return new SecurityGroup.Rule(rule.protocol(), rule.fromPort(), rule.toPort(), peer);
  }
}
