package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The blocks of VPCs and subnets, which come and go while these are in use. */
public final class BlockOperations {
  /** Ranges of which a VPC may have blocks of one alone (Amazon VPC user guide, "IPv4 CIDR block association restrictions"). */
  private static final List<Cidr> EXCLUSIVE =
      List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("172.16.0.0/12"), Cidr.parse("192.168.0.0/16"), Cidr.parse("198.19.0.0/16"));

  /** Ranges that no VPC has: this host, loopback, link-local, multicast, what is kept for later. */
  private static final List<Cidr> NEVER =
      List.of(
          Cidr.parse("0.0.0.0/8"), Cidr.parse("127.0.0.0/8"), Cidr.parse("169.254.0.0/16"), Cidr.parse("224.0.0.0/3"));

  /** IPv6 blocks of EC2's choice come from here, a /56 each (RFC 3849: nobody's on the internet). */
  private static final Cidr POOL_6 = Cidr.parse("2001:db8:f000::/40");

  private static final int POOL_SIZE = 1 << 16;

  private final VpcModel model;

  BlockOperations(VpcModel model) {
    this.model = model;
  }

  /** Adds an IPv4 block to a VPC (EC2 API reference, AssociateVpcCidrBlock). */
  public Vpc add(String vpcId, Cidr cidr) {
    return model.change(
        draft -> {
          NetworkOperations.checkLength("InvalidVpc.Range", cidr);
          Vpc vpc = draft.state().vpc(vpcId);
          if (vpc.cidrs().stream().anyMatch(cidr::overlaps)) {
            throw new Ec2Error("InvalidVpc.Range", "The CIDR '" + cidr + "' overlaps with a CIDR of the VPC.");
          }
          checkRange(vpc.cidrs().getFirst(), cidr);
          boolean routed =
              Routing.of(draft.state()).tables(vpcId).flatMap(table -> table.routes().stream()).anyMatch(route -> cidr.contains(route.destination()));
          if (routed) {
            throw new Ec2Error(
                "InvalidVpc.Range",
                "The CIDR '" + cidr + "' is the same as, or larger than, the destination of a route of the VPC's route tables.");
          }
          int most = model.behaviour().quotas().blocksPerVpc();
          if (vpc.cidrs().size() >= most) {
            throw new Ec2Error(
                "CidrLimitExceeded",
                "This network '" + vpcId + "' has met its maximum number of allowed CIDRs: " + most);
          }
          Vpc changed = vpc.withCidr(cidr);
          draft.put(changed);
          return changed;
        });
  }

  /** Takes an IPv4 block from a VPC (EC2 API reference, DisassociateVpcCidrBlock). */
  public Vpc remove(String vpcId, Cidr cidr) {
    return model.change(
        draft -> {
          Vpc vpc = draft.state().vpc(vpcId);
          if (vpc.cidrs().getFirst().equals(cidr)) {
            throw new Ec2Error(
                "OperationNotPermitted",
                "The vpc CIDR block " + cidr + " may not be disassociated. It is the primary IPv4 CIDR block of the VPC");
          }
          if (subnets(draft, vpcId).anyMatch(subnet -> cidr.contains(subnet.cidr()))) {
            throw new Ec2Error(
                "InvalidCidrBlock.InUse", "The vpc " + vpcId + " currently has a subnet within CIDR block " + cidr);
          }
          Vpc changed = vpc.withoutCidr(cidr);
          draft.put(changed);
          return changed;
        });
  }

  /** Gives a VPC that has none a /56 of EC2's choice. */
  public Vpc addIpv6(String vpcId) {
    return model.change(
        draft -> {
          VpcState state = draft.state();
          Vpc vpc = state.vpc(vpcId);
          if (vpc.ipv6().isPresent()) {
            throw new Ec2Error(
                "CidrLimitExceeded",
                "This network '" + vpcId + "' has met its maximum number of allowed IPv6 CIDRs: 1");
          }
          for (int number = 0; number < POOL_SIZE; number++) {
            Cidr block = new Cidr(new Ip(true, POOL_6.base().high() + ((long) number << 8), 0), 56);
            if (state.vpcs().values().stream().noneMatch(each -> each.ipv6().filter(block::overlaps).isPresent())) {
              Vpc changed = vpc.withIpv6(Optional.of(block));
              draft.put(changed);
              return changed;
            }
          }
          throw new Ec2Error(500, "InsufficientAddressCapacity", "Not enough IPv6 blocks are available.");
        });
  }

  /** Takes a VPC's IPv6 block from it. */
  public Vpc removeIpv6(String vpcId) {
    return model.change(
        draft -> {
          Vpc vpc = draft.state().vpc(vpcId);
          if (subnets(draft, vpcId).anyMatch(subnet -> subnet.ipv6().isPresent())) {
            throw new Ec2Error(
                "InvalidCidrBlock.InUse", "The vpc " + vpcId + " currently has a subnet within its IPv6 CIDR block");
          }
          Vpc changed = vpc.withIpv6(Optional.empty());
          draft.put(changed);
          return changed;
        });
  }

  /** Gives a subnet that has none a /64 of its VPC's block (EC2 API reference, AssociateSubnetCidrBlock). */
  public Subnet addIpv6(String subnetId, Cidr cidr) {
    return model.change(
        draft -> {
          Subnet subnet = draft.state().subnet(subnetId);
          NetworkOperations.checkSix(cidr, 64);
          if (subnet.ipv6().isPresent()) {
            throw new Ec2Error(
                "InvalidParameterValue", "The subnet " + subnetId + " already has an IPv6 CIDR block associated.");
          }
          if (draft.state().vpc(subnet.vpcId()).ipv6().filter(block -> block.contains(cidr)).isEmpty()) {
            throw new Ec2Error("InvalidSubnet.Range", "The CIDR '" + cidr + "' is invalid.");
          }
          if (subnets(draft, subnet.vpcId()).anyMatch(other -> other.ipv6().equals(Optional.of(cidr)))) {
            throw new Ec2Error("InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
          }
          Subnet changed = subnet.withIpv6(Optional.of(cidr));
          draft.put(changed);
          return changed;
        });
  }

  /** Takes a subnet's IPv6 block from it, if nothing there has an address of it. */
  public Subnet removeSubnetIpv6(String subnetId) {
    return model.change(
        draft -> {
          VpcState state = draft.state();
          Subnet subnet = state.subnet(subnetId);
          boolean used =
              state.interfaces().values().stream()
                  .anyMatch(
                      each ->
                          each.subnetId().equals(subnetId)
                              && !(each.ipv6Addresses().isEmpty() && each.ipv6Prefixes().isEmpty()));
          if (used) {
            throw new Ec2Error(
                "InvalidCidrBlock.InUse", "The subnet " + subnetId + " currently has an address within its IPv6 CIDR block");
          }
          state.reservationsOf(subnetId).filter(each -> each.cidr().six()).forEach(draft::remove);
          Subnet changed = subnet.withIpv6(Optional.empty());
          draft.put(changed);
          return changed;
        });
  }

  private static Stream<Subnet> subnets(Draft draft, String vpcId) {
    return draft.state().subnets().values().stream().filter(subnet -> subnet.vpcId().equals(vpcId));
  }

  private static void checkRange(Cidr primary, Cidr added) {
    boolean restricted =
        NEVER.stream().anyMatch(added::overlaps)
            || EXCLUSIVE.stream().anyMatch(range -> range.overlaps(added) && !range.overlaps(primary));
    if (restricted) {
      throw new Ec2Error(
          "InvalidVpc.Range",
          "The CIDR '" + added + "' is restricted. Use a CIDR from the same private address range as the current VPC CIDR,"
              + " or use a publicly-routable CIDR.");
    }
  }
}
