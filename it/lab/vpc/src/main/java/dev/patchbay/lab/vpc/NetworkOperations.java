package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes VPCs and subnets. What the lab sets up, not what a CNI calls. */
public final class NetworkOperations {
  private static final int LONGEST = 28;
  private static final int SHORTEST = 16;

  private final VpcModel model;

  NetworkOperations(VpcModel model) {
    this.model = model;
  }

  /**
   * Makes a VPC with its default group, which allows its members among themselves and everything out.
   *
   * @param cidr its primary block, /16 to /28
   * @param ipv6 its /56
   */
  public Vpc createVpc(Cidr cidr, Optional<Cidr> ipv6, Map<String, String> tags) {
    return model.change(
        draft -> {
          checkLength("InvalidVpc.Range", cidr);
          ipv6.ifPresent(six -> checkSix(six, 56));
          String id = model.ids().next("vpc-");
          String groupId = model.ids().next("sg-");
          SecurityGroup.Rule among = SecurityGroup.Rule.all(new SecurityGroup.Members(groupId));
          draft.put(
              new SecurityGroup(
                  groupId,
                  id,
                  "default",
                  "default VPC security group",
                  List.of(among),
                  GroupOperations.everythingOut(),
                  Map.of()));
          Vpc vpc = new Vpc(id, List.of(cidr), ipv6, groupId, tags);
          draft.put(vpc);
          return vpc;
        });
  }

  /** Adds an IPv4 block to a VPC (EC2 API reference, AssociateVpcCidrBlock). */
  public Vpc addCidr(String vpcId, Cidr cidr) {
    return model.change(
        draft -> {
          checkLength("InvalidVpc.Range", cidr);
          Vpc vpc = draft.state().vpc(vpcId);
          if (vpc.cidrs().stream().anyMatch(cidr::overlaps)) {
            throw new Ec2Error("InvalidVpc.Range", "The CIDR '" + cidr + "' overlaps with a CIDR of the VPC.");
          }
          Vpc changed = vpc.withCidr(cidr);
          draft.put(changed);
          return changed;
        });
  }

  /**
   * Makes a subnet.
   *
   * @param zone its availability zone, such as {@code eu-west-1a}
   * @param ipv6 its /64, inside the VPC's /56
   * @param publicOnLaunch whether instances launched here get a public address
   */
  public Subnet createSubnet(
      String vpcId, String zone, Cidr cidr, Optional<Cidr> ipv6, boolean publicOnLaunch, Map<String, String> tags) {
    return model.change(
        draft -> {
          Vpc vpc = draft.state().vpc(vpcId);
          checkLength("InvalidSubnet.Range", cidr);
          ipv6.ifPresent(six -> checkSix(six, 64));
          boolean inside = vpc.cidrs().stream().anyMatch(block -> block.contains(cidr));
          boolean inside6 = ipv6.isEmpty() || vpc.ipv6().filter(block -> block.contains(ipv6.get())).isPresent();
          if (!inside || !inside6) {
            throw new Ec2Error(
                "InvalidSubnet.Range", "The CIDR '" + (inside ? ipv6.get() : cidr) + "' is invalid.");
          }
          for (Subnet other : draft.state().subnets().values()) {
            boolean same = other.vpcId().equals(vpcId);
            if (same && (other.cidr().overlaps(cidr) || (ipv6.isPresent() && other.ipv6().equals(ipv6)))) {
              throw new Ec2Error(
                  "InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
            }
          }
          Subnet subnet =
              new Subnet(model.ids().next("subnet-"), vpcId, zone, cidr, ipv6, publicOnLaunch, tags);
          draft.put(subnet);
          return subnet;
        });
  }

  private static void checkLength(String code, Cidr cidr) {
    if (cidr.six() || cidr.length() < SHORTEST || cidr.length() > LONGEST) {
      throw new Ec2Error(code, "The CIDR '" + cidr + "' is invalid: /" + SHORTEST + " to /" + LONGEST + " is needed.");
    }
  }

  private static void checkSix(Cidr cidr, int length) {
    if (!cidr.six() || cidr.length() != length) {
      throw new Ec2Error("InvalidParameterValue", "The IPv6 CIDR '" + cidr + "' is invalid: /" + length + " is needed.");
    }
  }
}
