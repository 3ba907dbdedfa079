package dev.patchbay.lab.vpc;

import java.util.Map;
import java.util.Optional;

/**
 * A subnet.
 *
 * @param id such as {@code subnet-0…}
 * @param vpcId its VPC
 * @param zone its availability zone's name
 * @param cidr its IPv4 block, /16 to /28
 * @param ipv6 its /64, if it has one
 * @param publicOnLaunch whether an instance launched here gets a public address for its primary one
 * @param tags its tags
 */
public record Subnet(
    String id, String vpcId, String zone, Cidr cidr, Optional<Cidr> ipv6, boolean publicOnLaunch, Map<String, String> tags) {
  /** The first addresses of every subnet, which EC2 keeps: network, router, DNS and one for later. */
  public static final int RESERVED_FIRST = 4;

  /** The last addresses of every subnet, which EC2 keeps: the broadcast address. */
  public static final int RESERVED_LAST = 1;

  /** Copies the tags. */
  public Subnet {
    tags = Tags.copy(tags);
  }

  /** The VPC's router in this subnet: the first address after the network's. */
  public Ip router() {
    return cidr.base().plus(1);
  }

  /** Whether EC2 keeps that address of the subnet to itself. */
  public boolean reserved(Ip address) {
    if (address.six()) {
      // The /64 is aligned, so the lower half of an address is its offset, -1 the last one.
      return address.low() == -1 || Long.compareUnsigned(address.low(), RESERVED_FIRST) < 0;
    }
    long offset = address.low() - cidr.base().low();
    return offset < RESERVED_FIRST || offset >= cidr.size() - RESERVED_LAST;
  }

  Subnet withPublicOnLaunch(boolean changed) {
    return new Subnet(id, vpcId, zone, cidr, ipv6, changed, tags);
  }

  Subnet withIpv6(Optional<Cidr> changed) {
    return new Subnet(id, vpcId, zone, cidr, changed, publicOnLaunch, tags);
  }

  Subnet withTags(Map<String, String> changed) {
    return new Subnet(id, vpcId, zone, cidr, ipv6, publicOnLaunch, changed);
  }
}
