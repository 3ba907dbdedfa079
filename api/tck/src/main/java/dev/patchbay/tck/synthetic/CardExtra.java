package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * Adds an interface from the second network card to pods that ask for it, and knows of a lane of EFA-only interfaces that
 * somebody else manages and that carry no addresses.
 */
final class CardExtra extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner, ExtraPlanner {
  static final String ANNOTATION = KEY + "card";
  private static final String LANE = "synthetic-card-1";

  CardExtra() {
    super("card");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Adds an interface from the second network card.")
        .role(Role.extra(Role.WhenUnreadable.PASS))
        .nodeReads(ObjectKind.POD)
        .needs(StockBase.NEEDS.withNodeObjects(ObjectKind.POD, "get", "list", "watch"))
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
  public Optional<ExtraPlanner> extraPlanner() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    if (node.instanceType().interfacesPerCard().size() < 2) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "The instance type " + node.instanceType().name() + " has one network card.", "Use a type with more.");
    }
    return Answer.of(EniPlan.of(Lane.named(LANE).withNetworkCard(1).withMost(2),
        Lane.named("synthetic-efa").withNetworkCard(1).withInterfaceType("efa-only").withOwner(Lane.Owner.OTHER)
            .withPods(false)));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(new AddressPlan.Supply(LANE, AddressFamily.IPV4,
        AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(1).withMinimumAddresses(1)))));
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    boolean asked = first.pod().object().filter(o -> o.annotations().containsKey(ANNOTATION)).isPresent();
    boolean there = first.node().lane(LANE).isPresent();
    return Answer.of(asked && there ? List.of(new ExtraAttachment("card1", Fields.empty())) : List.of());
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    return Answer.of(List.of(AddressRequest.from(LANE, AddressFamily.IPV4)));
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return Answer.of(Routed.plan(attachment));
  }
}
