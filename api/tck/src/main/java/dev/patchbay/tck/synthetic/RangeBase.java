package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A base for IPv6 that lives from ranges: a /80 delegated to the primary interface and, if it offers egress, a block local to
 * the node, from which each pod gets a second, hidden address by which it reaches IPv4.
 */
final class RangeBase extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner {
  private static final Cidr LOCAL = Cidr.of("169.254.172.0/22");

  private final boolean egress;

  RangeBase(String id, boolean egress) {
    super(id);
    this.egress = egress;
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Supplies IPv6 addresses from a prefix of /80" + (egress ? ", and IPv4 egress." : "."))
        .role(Role.base(AddressFamily.IPV6))
        .needs(Needs.none().withNodeActions("AssignIpv6Addresses", "DescribeNetworkInterfaces")
            .withKernelFeatures("veth", "nftables")
            .withSysctls("net.ipv6.conf.all.forwarding=1", "net.ipv4.ip_forward=1"))
        .build();
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
    if (!node.instanceType().prefixes() || node.instanceType().ipv6PerInterface() == 0) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "Interfaces of the instance type " + node.instanceType().name() + " carry no IPv6 prefixes.",
          "Use a Nitro or bare metal type.");
    }
    return Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true).withMost(1)));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    List<AddressPlan.Supply> supplies = new ArrayList<>();
    supplies.add(new AddressPlan.Supply(Lane.DEFAULT, AddressFamily.IPV6, AddressSource.delegated(80)));
    if (egress) {
      supplies.add(new AddressPlan.Supply(Lane.DEFAULT, AddressFamily.IPV4, AddressSource.local(LOCAL)));
    }
    return Answer.of(AddressPlan.of(supplies));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    AddressRequest own = AddressRequest.from(Lane.DEFAULT, AddressFamily.IPV6);
    return Answer.of(egress
        ? List.of(own, AddressRequest.from(Lane.DEFAULT, AddressFamily.IPV4).inRole(AddressRequest.ROLE_EGRESS).hidden())
        : List.of(own));
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    return Answer.of(node.primaryEni().primaryAddress(AddressFamily.IPV4).filter(own -> egress)
        .map(own -> DatapathPlan.of(Translation.of(List.of(LOCAL), own)))
        .orElse(DatapathPlan.empty()));
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return Answer.of(Routed.plan(attachment));
  }
}
