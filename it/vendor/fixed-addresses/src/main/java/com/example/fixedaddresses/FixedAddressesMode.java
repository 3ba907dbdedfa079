package com.example.fixedaddresses;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.NetworkMode;
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
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.LaneView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.PodView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Claims the pods that have the annotation, and asks EC2 for the address that each must have when it comes. */
final class FixedAddressesMode implements NetworkMode, PodClaim, AddressPlanner, DatapathPlanner {
  private final String annotation;

  FixedAddressesMode(String annotation) {
    this.annotation = annotation;
  }

  @Override
  public Optional<PodClaim> podClaim() {
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

  private Optional<String> wished(PodView pod) {
    return pod.object().flatMap(object -> Optional.ofNullable(object.annotations().get(annotation)));
  }

  @Override
  public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
    return wished(attachment.pod()).isPresent() ? Answer.of(Set.of(AddressFamily.IPV4)) : Answer.pass();
  }

  /** Nothing is held: each address is asked for when its pod comes, and given back when it has gone. */
  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(lanes.lane(Lane.DEFAULT).stream()
        .map(lane -> new AddressPlan.Supply(lane.name(), AddressFamily.IPV4, AddressSource.onDemand())).toList()));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    PodView pod = attachment.pod();
    AddressList list;
    try {
      list = AddressList.parse(wished(pod).orElse(""));
    } catch (IllegalArgumentException e) {
      return refused(pod, "is no list of addresses: " + e.getMessage(), "Write a list such as [10.0.3.16/28, 10.0.3.40].");
    }
    OptionalLong ordinal = Ordinal.of(pod);
    if (ordinal.isEmpty()) {
      return refused(pod, "names addresses by ordinal, and the pod has none: neither the label " + Ordinal.LABEL
          + " nor a number at the end of its name", "Let a StatefulSet make the pod.");
    }
    Optional<IpAddress> address = list.at(ordinal.getAsLong());
    if (address.isEmpty()) {
      return refused(pod, "names " + list.size() + " addresses, and the pod is number " + ordinal.getAsLong() + ", counted from 0",
          "Name more addresses, or scale the StatefulSet down.");
    }
    return inSubnet(attachment.node(), address.get()) ? Answer.of(List.of(
        AddressRequest.from(Lane.DEFAULT, AddressFamily.IPV4).particular(address.get())))
        : refused(pod, "gives it " + address.get() + ", which is in no subnet that pods of this node have addresses of: "
            + subnets(attachment.node()).toList(), "An address is at home in one subnet, and so in one zone: keep the pods there with a"
            + " node affinity, or name addresses of this subnet.");
  }

  private <T> Answer<T> refused(PodView pod, String why, String remedy) {
    return Answer.refuse(Codes.POD_INVALID, "The annotation " + annotation + " of the pod " + pod.namespace() + "/" + pod.name() + " "
        + why + ".", remedy);
  }

  /** Before the lane has an interface nothing is known, and EC2 decides. */
  private static boolean inSubnet(NodeView node, IpAddress address) {
    List<Cidr> subnets = subnets(node).toList();
    return subnets.isEmpty() || subnets.stream().anyMatch(subnet -> subnet.contains(address));
  }

  private static Stream<Cidr> subnets(NodeView node) {
    List<EniView> enis = node.lane(Lane.DEFAULT).map(LaneView::enis).orElse(List.of());
    return enis.stream().flatMap(eni -> eni.subnet().cidrs(AddressFamily.IPV4).stream()).distinct();
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return RoutedPod.attachment(attachment,
        attachment.addresses().stream().filter(held -> held.address().family() == AddressFamily.IPV4).toList());
  }
}
