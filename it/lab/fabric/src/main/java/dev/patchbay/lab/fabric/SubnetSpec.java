package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A subnet.
 *
 * @param id its name in the fabric
 * @param ipv4 its IPv4 block; its second address is the VPC router's
 * @param ipv6 its /64, if it has one; the router there is {@code fe80:ec2::1} (EC2 User Guide for Linux)
 * @param routeTable the route table, already known to the fabric
 */
public record SubnetSpec(String id, IpPrefix ipv4, Optional<IpPrefix> ipv6, String routeTable) {
  /** Cuts the blocks to their length. */
  public SubnetSpec {
    ipv4 = ipv4.network();
    ipv6 = ipv6.map(IpPrefix::network);
  }

  /** The VPC's router in this subnet: its second address. */
  public InetAddress gateway() {
    byte[] bytes = ipv4.address().getAddress();
    bytes[3]++;
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an IPv4 address has 4 bytes", impossible);
    }
  }

  /** An IPv4 subnet. */
  public static SubnetSpec of(String id, String ipv4, String routeTable) {
    return new SubnetSpec(id, IpPrefix.of(ipv4), Optional.empty(), routeTable);
  }

  /** A subnet with both families. */
  public static SubnetSpec of(String id, String ipv4, String ipv6, String routeTable) {
    return new SubnetSpec(id, IpPrefix.of(ipv4), Optional.of(IpPrefix.of(ipv6)), routeTable);
  }
}
