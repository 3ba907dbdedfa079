package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network interface (ENI).
 *
 * @param id such as {@code eni-0…}
 * @param kind what it is for
 * @param vpcId its VPC
 * @param subnetId its subnet
 * @param zone its availability zone's name
 * @param description free text; may be empty
 * @param requesterManaged whether a service of AWS made it for itself; its owner can't change it
 * @param mac its MAC address, {@code 02:…}, lower case
 * @param primary its primary IPv4 address; empty only for {@link Kind#EFA_ONLY}
 * @param secondaries its other IPv4 addresses, in the order they came
 * @param ipv4Prefixes its /28 prefixes
 * @param ipv6Addresses its IPv6 addresses
 * @param ipv6Prefixes its /80 prefixes
 * @param publicAddress the public address that the internet gateway puts in place of the primary one
 * @param groups ids of its security groups
 * @param sourceDestCheck whether the VPC drops what is not from or to its own addresses
 * @param connectionTracking how long idle connections are remembered
 * @param attachment its place in an instance
 * @param tags its tags
 */
public record NetworkInterface(
    String id,
    Kind kind,
    String vpcId,
    String subnetId,
    String zone,
    String description,
    boolean requesterManaged,
    String mac,
    Optional<Ip> primary,
    Set<Ip> secondaries,
    Set<Cidr> ipv4Prefixes,
    Set<Ip> ipv6Addresses,
    Set<Cidr> ipv6Prefixes,
    Optional<Ip> publicAddress,
    List<String> groups,
    boolean sourceDestCheck,
    ConnectionTracking connectionTracking,
    Optional<Attachment> attachment,
    Map<String, String> tags) {
  /** What an interface is for, by EC2's names. */
  public enum Kind {
    /** The ordinary kind. */
    INTERFACE("interface"),
    /** Carries branches, told apart by VLAN. */
    TRUNK("trunk"),
    /** Reached through a trunk. */
    BRANCH("branch"),
    /** Elastic Fabric Adapter with an ordinary interface. */
    EFA("efa"),
    /** Elastic Fabric Adapter alone, without addresses. */
    EFA_ONLY("efa-only"),
    /** A NAT gateway's; a service of AWS makes it. */
    NAT_GATEWAY("nat_gateway");

    private final String wire;

    Kind(String wire) {
      this.wire = wire;
    }

    /** EC2's name of this kind. */
    public String wire() {
      return wire;
    }
  }

  /** Copies the collections; sets keep their order. */
  public NetworkInterface {
    secondaries = ordered(secondaries);
    ipv4Prefixes = ordered(ipv4Prefixes);
    ipv6Addresses = ordered(ipv6Addresses);
    ipv6Prefixes = ordered(ipv6Prefixes);
    groups = List.copyOf(groups);
    tags = Tags.copy(tags);
  }

  /** All IPv4 addresses that stand alone, the primary one first. */
  public List<Ip> ipv4Addresses() {
    List<Ip> all = new ArrayList<>(secondaries.size() + 1);
    primary.ifPresent(all::add);
    all.addAll(secondaries);
    return all;
  }

  /** Everything that the VPC delivers to this interface: addresses as /32 and /128, and prefixes. */
  public List<Cidr> delivered() {
    List<Cidr> all = new ArrayList<>();
    ipv4Addresses().forEach(address -> all.add(Cidr.of(address)));
    all.addAll(ipv4Prefixes);
    ipv6Addresses.forEach(address -> all.add(Cidr.of(address)));
    all.addAll(ipv6Prefixes);
    return all;
  }

  /** Whether the VPC delivers that address here. */
  public boolean holds(Ip address) {
    return delivered().stream().anyMatch(block -> block.contains(address));
  }

  /** The instance that has the device now: attached, neither coming nor going. */
  public Optional<String> deviceOf() {
    return attachment.filter(a -> a.status() == Attachment.Status.ATTACHED).map(Attachment::instanceId);
  }

  /** How much of the IPv4 limit of its instance's type is in use: addresses and prefixes alike. */
  int ipv4Slots() {
    return ipv4Addresses().size() + ipv4Prefixes.size();
  }

  int ipv6Slots() {
    return ipv6Addresses.size() + ipv6Prefixes.size();
  }

  /** A changed copy in the making. */
  Edit edit() {
    return new Edit(this);
  }

  private static <T> Set<T> ordered(Set<T> set) {
    return set.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(set));
  }

  /** The parts of an interface that change. */
  static final class Edit {
    private final NetworkInterface old;
    Kind kind;
    String description;
    final Set<Ip> secondaries;
    final Set<Cidr> ipv4Prefixes;
    final Set<Ip> ipv6Addresses;
    final Set<Cidr> ipv6Prefixes;
    Optional<Ip> publicAddress;
    List<String> groups;
    boolean sourceDestCheck;
    ConnectionTracking connectionTracking;
    Optional<Attachment> attachment;
    Map<String, String> tags;

    private Edit(NetworkInterface old) {
      this.old = old;
      kind = old.kind;
      description = old.description;
      secondaries = new LinkedHashSet<>(old.secondaries);
      ipv4Prefixes = new LinkedHashSet<>(old.ipv4Prefixes);
      ipv6Addresses = new LinkedHashSet<>(old.ipv6Addresses);
      ipv6Prefixes = new LinkedHashSet<>(old.ipv6Prefixes);
      publicAddress = old.publicAddress;
      groups = old.groups;
      sourceDestCheck = old.sourceDestCheck;
      connectionTracking = old.connectionTracking;
      attachment = old.attachment;
      tags = old.tags;
    }

    NetworkInterface done() {
      return new NetworkInterface(
          old.id,
          kind,
          old.vpcId,
          old.subnetId,
          old.zone,
          description,
          old.requesterManaged,
          old.mac,
          old.primary,
          secondaries,
          ipv4Prefixes,
          ipv6Addresses,
          ipv6Prefixes,
          publicAddress,
          groups,
          sourceDestCheck,
          connectionTracking,
          attachment,
          tags);
    }
  }
}
