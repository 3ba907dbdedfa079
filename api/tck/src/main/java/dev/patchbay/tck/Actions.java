package dev.patchbay.tck;

import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The EC2 actions that plans call for. Source: EC2 API reference.
 */
final class Actions {
  private Actions() {}

  /**
   * Those of a lane.
   *
   * @param lane the lane
   * @param modified whether the lane's interfaces are made by another mode, and this one says only where they lie
   */
  static Collection<String> of(Lane lane, boolean modified) {
    Set<String> actions = new LinkedHashSet<>();
    if (!lane.subnets().isOfNode()) {
      actions.add("DescribeSubnets");
    }
    if (!lane.groups().tags().isEmpty()) {
      actions.add("DescribeSecurityGroups");
    }
    int there = lane.primary() ? 1 : 0;
    boolean makesNone = lane.most().filter(most -> most <= there).isPresent();
    if (lane.owner() == Lane.Owner.NODE && !makesNone && !modified) {
      actions.addAll(List.of("CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute",
          "DetachNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "CreateTags"));
    }
    return actions;
  }

  /** Those by which a lane is supplied. */
  static Collection<String> of(AddressPlan.Supply supply) {
    boolean v4 = supply.family() == AddressFamily.IPV4;
    String assign = v4 ? "AssignPrivateIpAddresses" : "AssignIpv6Addresses";
    String unassign = v4 ? "UnassignPrivateIpAddresses" : "UnassignIpv6Addresses";
    return switch (supply.source()) {
      case AddressSource.Stock ignored -> List.of(assign, unassign, "DescribeNetworkInterfaces");
      case AddressSource.Range range when range.block().isPresent() -> List.of();
      case AddressSource.Range ignored -> List.of(assign, "DescribeNetworkInterfaces");
      case AddressSource.Given ignored -> List.of();
      case AddressSource.OnDemand ignored -> List.of(assign, unassign, "DescribeNetworkInterfaces");
    };
  }

  /** Those of a cluster plan. */
  static Collection<String> of(ClusterPlan plan) {
    Set<String> actions = new LinkedHashSet<>();
    for (ClusterPlan.DesiredEni eni : plan.enis()) {
      actions.addAll(List.of("CreateNetworkInterface", "CreateTags", "DescribeNetworkInterfaces"));
      actions.add(eni.type().equals("branch") ? "AssociateTrunkInterface" : "AttachNetworkInterface");
    }
    if (!plan.removals().isEmpty()) {
      actions.add("DeleteNetworkInterface");
    }
    return actions;
  }
}
