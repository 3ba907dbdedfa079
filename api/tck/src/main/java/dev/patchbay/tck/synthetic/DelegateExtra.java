package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds the interfaces that an annotation lists: {@code lane}, with an address of the VPC from a lane of the mode's own, and
 * {@code delegate}, which another CNI plugin makes, with a device that kubelet gave the pod. The delegate takes two acts, the
 * second built from the outcome of the first.
 */
final class DelegateExtra extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner, ExtraPlanner {
  static final String ANNOTATION = KEY + "networks";
  private static final String LANE = "synthetic-extra";
  private static final Code DELEGATE_FAILED = Code.of(10_001, "SyntheticDelegateFailed");

  DelegateExtra() {
    super("extra");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Adds the interfaces that an annotation lists.")
        .role(Role.extra(Role.WhenUnreadable.PASS))
        .nodeReads(ObjectKind.POD)
        .needs(StockBase.NEEDS.withNodeObjects(ObjectKind.POD, "get", "list", "watch").withNodeActions("DescribeSubnets"))
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
    return Answer.of(EniPlan.of(Lane.named(LANE).withOrigin(new LaneOrigin("Network", "synthetic"))
        .withSubnets(SubnetChoice.ids(List.of("subnet-00000000000000077"), SubnetChoice.Order.AS_WRITTEN))
        .withMost(1).withPriority(-1)));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(
        new AddressPlan.Supply(LANE, AddressFamily.IPV4, AddressSource.stock(List.of(Unit.SINGLE), Targets.none()))));
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    List<ExtraAttachment> extras = new ArrayList<>();
    String networks = first.pod().object().map(o -> o.annotations().getOrDefault(ANNOTATION, "")).orElse("");
    for (String network : networks.isEmpty() ? new String[0] : networks.split(",", -1)) {
      if (!network.equals("lane") && !network.equals("delegate")) {
        return Answer.refuse(Codes.POD_INVALID, "The annotation " + ANNOTATION + " names a network \"" + network
            + "\" that there is not.", "Use lane or delegate.");
      }
      extras.add(new ExtraAttachment("net" + (extras.size() + 1), Fields.empty().with("network", network)));
    }
    return Answer.of(extras);
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    return Answer.of(attachment.request().required("network").equals("lane")
        ? List.of(AddressRequest.from(LANE, AddressFamily.IPV4)) : List.of());
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    if (attachment.request().required("network").equals("lane")) {
      return Answer.of(Routed.plan(attachment));
    }
    DatapathPlan plan = DatapathPlan.of(Act.device("device", KEY + "card"));
    List<String> ids = attachment.outcome("device").texts("ids");
    if (attachment.outcome("device").has("error")) {
      return failed("No device was found for pod " + attachment.pod().name() + ".");
    }
    if (ids.isEmpty()) {
      return Answer.of(plan);
    }
    if (attachment.outcome("plugin").has("error")) {
      return failed("The plugin host-device made no interface for pod " + attachment.pod().name() + ".");
    }
    String configuration = "{\"cniVersion\":\"1.0.0\",\"name\":\"synthetic\",\"type\":\"host-device\",\"pciBusID\":\""
        + ids.getFirst() + "\"}";
    return Answer.of(plan.and(Act.plugin("plugin", configuration, attachment.interfaceName())
        .withArguments(Fields.empty().with("args", Fields.empty().with("pod", attachment.pod().name())))));
  }

  private static <T> Answer<T> failed(String cause) {
    return Answer.refuse(DELEGATE_FAILED, cause, "Look at the plugin's own log.");
  }
}
