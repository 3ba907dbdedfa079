package dev.patchbay.mode.prefix;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
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
import dev.patchbay.spi.plans.LocalEgress;
import dev.patchbay.spi.plans.PodEgress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One lane in the node's own subnet, filled with /28 prefixes, the primary interface first; one address per pod, drawn from the
 * fullest prefix, so that others empty and can be given back.
 */
final class PrefixMode implements NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner {
  private static final LocalEgress IPV6 = LocalEgress.of(AddressFamily.IPV6);

  private final AddressSource stock;
  private final boolean egress;
  private final int maxEni;

  PrefixMode(Fields settings) {
    boolean singles = !settings.has(PrefixProvider.SINGLE_ADDRESSES) || settings.isTrue(PrefixProvider.SINGLE_ADDRESSES);
    this.stock = AddressSource.stock(singles ? List.of(Unit.PREFIX, Unit.SINGLE) : List.of(Unit.PREFIX), targets(settings));
    this.maxEni = number(settings, PrefixProvider.MAX_ENI, 0);
    this.egress = settings.isTrue(PrefixProvider.IPV6_EGRESS);
  }

  private static int number(Fields settings, String name, int otherwise) {
    return Math.toIntExact(settings.number(name).orElse(otherwise));
  }

  private static Targets targets(Fields settings) {
    int warmAddresses = number(settings, PrefixProvider.WARM_IP_TARGET, 0);
    int minimum = number(settings, PrefixProvider.MINIMUM_IP_TARGET, 0);
    if (warmAddresses == 0 && minimum == 0) {
      return Targets.none().withWarmPrefixes(number(settings, PrefixProvider.WARM_PREFIX_TARGET, 1));
    }
    return Targets.none().withWarmAddresses(warmAddresses).withMinimumAddresses(minimum);
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
    if (!type.prefixes()) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "The instance type " + type.name() + " is neither Nitro nor bare metal, so its interfaces carry no prefixes.",
          "Use a Nitro type, or a mode that needs no prefixes.");
    }
    if (type.ipv4PerInterface() < 2) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "An interface of the instance type " + type.name() + " carries " + type.ipv4PerInterface()
              + " IPv4 addresses, its own included, so there is no place for a prefix.",
          "Use an instance type with more addresses per interface.");
    }
    Lane any = Lane.named(Lane.DEFAULT).withPrimary(true);
    Lane lane = maxEni == 0 ? any : any.withMost(maxEni);
    return Answer.of(egress ? EniPlan.of(lane, IPV6.lane()) : EniPlan.of(lane));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    List<AddressPlan.Supply> supplies = new ArrayList<>();
    for (Lane lane : lanes.lanes()) {
      if (egress && lane.name().equals(IPV6.lane().name())) {
        supplies.add(IPV6.supply());
      } else if (lane.pods()) {
        supplies.add(new AddressPlan.Supply(lane.name(), AddressFamily.IPV4, stock));
      }
    }
    return Answer.of(AddressPlan.of(supplies));
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    AddressRequest own = AddressRequest.fromChosenLane(AddressFamily.IPV4);
    return Answer.of(egress ? List.of(own, IPV6.request()) : List.of(own));
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    Answer<DatapathPlan> own = PodEgress.ofVpcAddresses(node);
    return egress ? PodEgress.both(own, IPV6.node(node)) : own;
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return RoutedPod.attachment(attachment,
        attachment.addresses().stream().filter(a -> a.address().family() == AddressFamily.IPV4 || IPV6.holds(a)).toList());
  }
}
