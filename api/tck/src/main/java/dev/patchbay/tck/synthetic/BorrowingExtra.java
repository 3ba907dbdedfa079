package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.Act;
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
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pods with an annotation get an interface that the plugin {@code ipvlan} makes upon one of the node's that others manage, with an
 * address that the runtime assigns there.
 */
final class BorrowingExtra extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner, ExtraPlanner {
  static final String ANNOTATION = KEY + "borrow";
  private static final String LANE = "synthetic-borrowed";

  BorrowingExtra() {
    super("borrow");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Adds an interface upon one that others manage.")
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

  private static Optional<EniView> lent(NodeView node) {
    return node.enis().stream().filter(e -> !e.primary() && e.lane().isEmpty() && !e.devices().isEmpty()).findFirst();
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    return Answer.of(lent(node).map(eni -> EniPlan.of(Lane.borrowing(LANE, Set.of(eni.id())))).orElse(EniPlan.of()));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(lanes.lane(LANE).isEmpty() ? AddressPlan.of() : AddressPlan.of(new AddressPlan.Supply(LANE, AddressFamily.IPV4,
        AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(0)))));
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    boolean asked = first.pod().object().filter(o -> o.annotations().containsKey(ANNOTATION)).isPresent();
    return Answer.of(asked && first.node().lane(LANE).isPresent() ? List.of(new ExtraAttachment("upon1", Fields.empty())) : List.of());
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    return Answer.of(List.of(AddressRequest.from(LANE, AddressFamily.IPV4).inRole(AddressRequest.ROLE_PLUGIN)));
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    HeldAddressView held = attachment.addresses().getFirst();
    String master = held.eni().flatMap(eni -> eni.devices().stream().findFirst()).orElse("");
    String configuration = "{\"cniVersion\":\"1.0.0\",\"name\":\"upon\",\"type\":\"ipvlan\",\"master\":\"" + master
        + "\",\"ipam\":{\"type\":\"static\",\"addresses\":[{\"address\":\"" + held.address() + "/24\"}]}}";
    return Answer.of(DatapathPlan.of(Act.plugin("plugin", configuration, attachment.interfaceName())));
  }
}
