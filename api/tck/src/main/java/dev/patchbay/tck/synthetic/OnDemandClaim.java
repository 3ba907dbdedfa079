package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over pods whose label names the address that they must have, wherever they run: it is asked of EC2 when the pod comes.
 * It draws on the base's lanes, and lets pods pass that it can't read.
 */
final class OnDemandClaim extends Synthetic implements AddressPlanner, DatapathPlanner, PodClaim {
  static final String LABEL = KEY + "address";

  OnDemandClaim() {
    super("on-demand");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Gives labelled pods the one address that the label names.")
        .role(Role.claim(Role.WhenUnreadable.PASS, AddressFamily.IPV4))
        .nodeReads(ObjectKind.POD)
        .needs(Needs.none().withNodeObjects(ObjectKind.POD, "get", "list", "watch").withKernelFeatures("veth")
            .withNodeActions("AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "DescribeNetworkInterfaces"))
        .build();
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
  public Optional<PodClaim> podClaim() {
    return Optional.of(this);
  }

  private static Optional<String> wanted(AttachmentView attachment) {
    return attachment.pod().object().flatMap(o -> Optional.ofNullable(o.labels().get(LABEL)));
  }

  @Override
  public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
    return wanted(attachment).isPresent() ? Answer.of(Set.of(AddressFamily.IPV4)) : Answer.pass();
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(lanes.lane(Lane.DEFAULT).stream().map(lane ->
        new AddressPlan.Supply(lane.name(), AddressFamily.IPV4, AddressSource.onDemand())).toList()));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    String wanted = wanted(attachment).orElse("");
    try {
      return Answer.of(List.of(AddressRequest.from(Lane.DEFAULT, AddressFamily.IPV4).particular(IpAddress.of(wanted))));
    } catch (IllegalArgumentException e) {
      return Answer.refuse(Codes.POD_INVALID, "The label " + LABEL + " is \"" + wanted + "\", which is no address.",
          "Write an address of the node's subnet.");
    }
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return Answer.of(Routed.plan(attachment));
  }
}
