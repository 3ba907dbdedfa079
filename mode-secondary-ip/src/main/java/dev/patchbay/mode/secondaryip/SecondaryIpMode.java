package dev.patchbay.mode.secondaryip;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
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
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One lane in the node's own subnet, filled with single secondary addresses; one address per pod.
 */
final class SecondaryIpMode implements NetworkMode, EniPlanner, AddressPlanner {
  private static final LocalEgress IPV6 = LocalEgress.of(AddressFamily.IPV6);

  private final Targets targets;
  private final boolean egress;
  private final int maxEni;

  SecondaryIpMode(Fields settings) {
    this.targets = targets(settings);
    this.egress = settings.isTrue(SecondaryIpProvider.IPV6_EGRESS);
    this.maxEni = number(settings, SecondaryIpProvider.MAX_ENI, 0);
  }

  private static int number(Fields settings, String name, int otherwise) {
    return Math.toIntExact(settings.number(name).orElse(otherwise));
  }

  private static Targets targets(Fields settings) {
    int warmAddresses = number(settings, SecondaryIpProvider.WARM_IP_TARGET, 0);
    int minimum = number(settings, SecondaryIpProvider.MINIMUM_IP_TARGET, 0);
    if (warmAddresses == 0 && minimum == 0) {
      return Targets.none().withWarmInterfaces(number(settings, SecondaryIpProvider.WARM_ENI_TARGET, 1));
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
    return Optional.of(new SecondaryIpDatapath(egress));
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    InstanceTypeView type = node.instanceType();
    if (type.ipv4PerInterface() < 2) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "An interface of the instance type " + type.name() + " carries " + type.ipv4PerInterface()
              + " IPv4 addresses, its own included, so none is left for pods.",
          "Use an instance type with more addresses per interface.");
    }
    Lane any = Lane.named(Lane.DEFAULT).withPrimary(true);
    Lane lane = maxEni == 0 ? any : any.withMost(maxEni);
    return Answer.of(egress ? EniPlan.of(lane, IPV6.lane()) : EniPlan.of(lane));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    AddressSource stock = AddressSource.stock(List.of(Unit.SINGLE), targets);
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
}
