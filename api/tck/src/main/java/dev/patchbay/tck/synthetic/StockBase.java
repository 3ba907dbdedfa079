package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * A base for IPv4 that holds a stock: of single addresses, or of prefixes first and single addresses where the subnet has no
 * room for a prefix. With prefixes it refuses instance types that can't carry them.
 */
final class StockBase extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner {
  /** What any base with ordinary interfaces and translation needs. */
  static final Needs NEEDS = Needs.none()
      .withNodeActions("AssignPrivateIpAddresses", "AttachNetworkInterface", "CreateNetworkInterface", "CreateTags",
          "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute",
          "UnassignPrivateIpAddresses")
      .withKernelFeatures("veth", "nftables").withSysctls("net.ipv4.ip_forward=1");

  private final List<Unit> units;
  private final Targets targets;

  StockBase(String id, List<Unit> units, Targets targets) {
    super(id);
    this.units = units;
    this.targets = targets;
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Supplies IPv4 addresses from a stock of " + units + ".")
        .role(Role.base(AddressFamily.IPV4)).needs(NEEDS).build();
  }

  @Override
  public Optional<EniPlanner> eniPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<AddressPlanner> addressPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    if (units.contains(Unit.PREFIX) && !node.instanceType().prefixes()) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "Interfaces of the instance type " + node.instanceType().name() + " carry no prefixes.",
          "Use a Nitro or bare metal type, or a base of single addresses.");
    }
    return Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true)));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(lanes.lanes().stream().filter(Lane::pods).map(lane ->
        new AddressPlan.Supply(lane.name(), AddressFamily.IPV4, AddressSource.stock(units, targets))).toList()));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    return Answer.of(List.of(AddressRequest.fromChosenLane(AddressFamily.IPV4)));
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    DatapathPlan plan = DatapathPlan.of(ReturnPath.of(node.primaryEni().id()));
    return Answer.of(node.primaryEni().primaryAddress(AddressFamily.IPV4)
        .map(own -> plan.and(Translation.of(node.primaryEni().subnet().cidrs(AddressFamily.IPV4), own)
            .withExceptions(node.vpcCidrs(AddressFamily.IPV4)).withPorts("random-fully")))
        .orElse(plan));
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return Answer.of(Routed.plan(attachment));
  }
}
