package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes VPCs and subnets. What the lab sets up, not what a CNI calls. Blocks: {@link BlockOperations}. */
public final class NetworkOperations {
  private static final int LONGEST = 28;
  private static final int SHORTEST = 16;

  private final VpcModel model;

  NetworkOperations(VpcModel model) {
    this.model = model;
  }

  /**
   * Makes a VPC with its default group, which allows its members among themselves and everything out, and its main route table.
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
                  GroupOperations.everythingOut(ipv6.isPresent()),
                  Map.of()));
          Vpc vpc = new Vpc(id, List.of(cidr), ipv6, groupId, tags);
          draft.put(vpc);
          model.routeTables().createMain(draft, id);
          return vpc;
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
          Tags.check(tags);
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

  /** Deletes a subnet in which nothing is; its reservations go with it. */
  public void deleteSubnet(String subnetId) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          Subnet subnet = state.subnet(subnetId);
          if (state.interfaces().values().stream().anyMatch(each -> each.subnetId().equals(subnetId))) {
            throw new Ec2Error(
                "DependencyViolation", "The subnet '" + subnetId + "' has dependencies and cannot be deleted.");
          }
          state.reservationsOf(subnetId).forEach(draft::remove);
          RouteTableOperations.forget(draft, subnetId);
          draft.remove(subnet);
          return subnet;
        });
  }

  /** Says whether instances launched in a subnet get a public address. */
  public void setPublicOnLaunch(String subnetId, boolean publicOnLaunch) {
    model.change(
        draft -> {
          draft.put(draft.state().subnet(subnetId).withPublicOnLaunch(publicOnLaunch));
          return subnetId;
        });
  }

  /** Keeps a part of a subnet for a use (EC2 API reference, CreateSubnetCidrReservation). */
  public CidrReservation reserve(
      String subnetId, Cidr cidr, CidrReservation.Kind kind, String description, Map<String, String> tags) {
    return model.change(
        draft -> {
          Subnet subnet = draft.state().subnet(subnetId);
          Tags.check(tags);
          boolean inside = subnet.cidr().contains(cidr) || subnet.ipv6().filter(block -> block.contains(cidr)).isPresent();
          if (!inside) {
            throw new Ec2Error(
                "InvalidParameterValue", "The CIDR " + cidr + " does not fall within the CIDR of the subnet " + subnetId + ".");
          }
          if (draft.state().reservationsOf(subnetId).anyMatch(other -> other.cidr().overlaps(cidr))) {
            throw new Ec2Error("InvalidSubnetCidrReservation.Conflict", "The CIDR " + cidr + " overlaps with another reservation.");
          }
          CidrReservation made =
              new CidrReservation(model.ids().next("scr-"), subnetId, cidr, kind, description, tags);
          draft.put(made);
          return made;
        });
  }

  /** Keeps it no longer. */
  public CidrReservation unreserve(String reservationId) {
    return model.change(
        draft -> {
          CidrReservation gone = draft.state().reservation(reservationId);
          draft.remove(gone);
          return gone;
        });
  }

  static void checkLength(String code, Cidr cidr) {
    if (cidr.six() || cidr.length() < SHORTEST || cidr.length() > LONGEST) {
      throw new Ec2Error(code, "The CIDR '" + cidr + "' is invalid: /" + SHORTEST + " to /" + LONGEST + " is needed.");
    }
  }

  static void checkSix(Cidr cidr, int length) {
    if (!cidr.six() || cidr.length() != length) {
      throw new Ec2Error("InvalidParameterValue", "The IPv6 CIDR '" + cidr + "' is invalid: /" + length + " is needed.");
    }
  }
}
