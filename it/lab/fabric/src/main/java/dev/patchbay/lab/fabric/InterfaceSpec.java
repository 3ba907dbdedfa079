package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * An interface (ENI) that is attached to an instance.
 *
 * @param id its name in the fabric, for example {@code eni-0…}
 * @param mac the address that the device has in the instance; frames from another are dropped
 * @param instanceId the instance, already added
 * @param device the device's name in the instance, 1 to 15 characters
 * @param subnetId its subnet, already known to the fabric
 * @param delivered all that the VPC delivers here: single addresses as /32 or /128, prefixes whole; the first IPv4 address
 *     is the primary one
 * @param groups the security groups; none means that nothing may pass
 * @param sourceDestinationCheck whether packets from addresses that are not its own are dropped
 * @param behind the trunk that carries it, for a branch, which has no device of its own in the instance; {@code device} then names
 *     nothing
 * @param configured whether the fabric sets the device up as the instance's operating system would at boot (up, first
 *     addresses, default routes); otherwise the device appears down and without addresses
 */
public record InterfaceSpec(
    String id,
    MacAddress mac,
    String instanceId,
    String device,
    String subnetId,
    SequencedSet<IpPrefix> delivered,
    Set<String> groups,
    boolean sourceDestinationCheck,
    Optional<Behind> behind,
    boolean configured) {

  /**
   * Where a branch is.
   *
   * @param trunkId the trunk, already attached
   * @param vlan the VLAN that tells its frames apart on the trunk, 1 to 4094
   */
  public record Behind(String trunkId, int vlan) {}

  /** Copies the sets and cuts prefixes to their length. */
  public InterfaceSpec {
    if (device.isEmpty() || device.length() > 15) {
      throw new IllegalArgumentException("a device name has 1 to 15 characters, '" + device + "' has " + device.length());
    }
    delivered = networks(delivered);
    groups = Set.copyOf(groups);
  }

  /**
   * The primary interface of an instance: {@code eth0}, configured, checked.
   *
   * @param delivered addresses and prefixes in text, the primary address first
   */
  public static InterfaceSpec primary(
      String id, String mac, String instanceId, String subnetId, List<String> delivered, Set<String> groups) {
    return new InterfaceSpec(
        id, MacAddress.of(mac), instanceId, "eth0", subnetId, parse(delivered), groups, true, Optional.empty(), true);
  }

  /**
   * A further interface: {@code eth} and its device index, as the kernel finds it, checked.
   *
   * @param index its device index on the instance, at least 1
   * @param delivered addresses and prefixes in text, the primary address first
   */
  public static InterfaceSpec further(
      String id, String mac, String instanceId, int index, String subnetId, List<String> delivered, Set<String> groups) {
    return new InterfaceSpec(
        id, MacAddress.of(mac), instanceId, "eth" + index, subnetId, parse(delivered), groups, true, Optional.empty(), false);
  }

  InterfaceSpec withDelivered(Collection<IpPrefix> changed) {
    return new InterfaceSpec(
        id, mac, instanceId, device, subnetId, networks(changed), groups, sourceDestinationCheck, behind, configured);
  }

  InterfaceSpec withGroups(Set<String> changed) {
    return new InterfaceSpec(
        id, mac, instanceId, device, subnetId, delivered, changed, sourceDestinationCheck, behind, configured);
  }

  InterfaceSpec withSourceDestinationCheck(boolean changed) {
    return new InterfaceSpec(id, mac, instanceId, device, subnetId, delivered, groups, changed, behind, configured);
  }

  /** The first single address of a family. */
  Optional<IpPrefix> firstAddress(Family family) {
    return delivered.stream()
        .filter(block -> block.family() == family && block.length() == family.addressBytes() * 8)
        .findFirst();
  }

  private static SequencedSet<IpPrefix> parse(List<String> texts) {
    SequencedSet<IpPrefix> all = new LinkedHashSet<>();
    texts.forEach(text -> all.add(IpPrefix.of(text)));
    return all;
  }

  private static SequencedSet<IpPrefix> networks(Collection<IpPrefix> blocks) {
    SequencedSet<IpPrefix> all = new LinkedHashSet<>();
    blocks.forEach(block -> all.add(block.network()));
    return Collections.unmodifiableSequencedSet(all);
  }
}
