package dev.patchbay.mode.ipv6;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.plans.LocalEgress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One /80 on the primary interface, found there or asked for once; each pod draws an address of it. For IPv4, if wanted, pods get
 * a second, hidden address of a block that every node has for itself.
 */
final class Ipv6Mode implements NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner {
  /** EC2 delegates IPv6 in prefixes of /80 (EC2 user guide, "Prefix delegation"). */
  private static final int LENGTH = 80;
  private static final LocalEgress IPV4 = LocalEgress.of(AddressFamily.IPV4);

  private final boolean egress;

  Ipv6Mode(Fields settings) {
    this.egress = !settings.has(Ipv6Provider.IPV4_EGRESS) || settings.isTrue(Ipv6Provider.IPV4_EGRESS);
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
    InstanceTypeView type = node.instanceType();
    if (!type.prefixes() || type.ipv6PerInterface() == 0) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "The instance type " + type.name() + (type.prefixes() ? " carries no IPv6 addresses."
              : " is neither Nitro nor bare metal, so its interfaces carry no prefixes."),
          "Use a Nitro type with IPv6.");
    }
    Lane own = Lane.named(Lane.DEFAULT).withPrimary(true).withMost(1);
    return Answer.of(egress ? EniPlan.of(own, IPV4.lane()) : EniPlan.of(own));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    List<AddressPlan.Supply> supplies = new ArrayList<>();
    for (Lane lane : lanes.lanes()) {
      if (lane.name().equals(IPV4.lane().name())) {
        supplies.add(IPV4.supply());
      } else if (lane.pods()) {
        supplies.add(new AddressPlan.Supply(lane.name(), AddressFamily.IPV6, AddressSource.delegated(LENGTH)));
      }
    }
    return Answer.of(AddressPlan.of(supplies));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    AddressRequest own = AddressRequest.fromChosenLane(AddressFamily.IPV6);
    return Answer.of(egress ? List.of(own, IPV4.request()) : List.of(own));
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    // A router takes no router's advertisements unless it is told to, and the VPC announces the way out by them (ip-sysctl,
    // accept_ra).
    DatapathPlan plan = DatapathPlan.of(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "2")
        .withDevice(Device.ofEni(node.primaryEni().id())));
    if (!egress) {
      return Answer.of(plan);
    }
    Answer<DatapathPlan> local = IPV4.node(node);
    return local instanceof Answer.Planned<DatapathPlan> p ? Answer.of(plan.and(p.value()), p.findings()) : Answer.of(plan);
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return RoutedPod.attachment(attachment, attachment.addresses().stream()
        .filter(a -> a.address().family() == AddressFamily.IPV6 || IPV4.holds(a)).toList());
  }
}
