package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneModifier;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves the pods' interfaces into the subnets that an object of a kind of its own names, off the primary interface, and adds
 * a second lane for the pods of namespaces that ask for it.
 */
final class LanesModifier extends Synthetic implements LaneModifier {
  static final ObjectKind SUBNETS =
      new ObjectKind("synthetic.patchbay.dev", "v1", "Subnets", "subnets", false);
  static final String LABEL = KEY + "lane";
  static final String SECOND = "synthetic-second";
  private static final ObjectRef REF = new ObjectRef(SUBNETS, "", "pods");

  LanesModifier() {
    super("lanes");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Moves pods into subnets that an object names, and offers a lane per namespace.")
        .role(Role.modifier(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4))
        .nodeReads(SUBNETS).nodeReads(ObjectKind.NAMESPACE)
        .needs(Needs.none().withNodeObjects(SUBNETS, "get", "list", "watch")
            .withNodeObjects(ObjectKind.NAMESPACE, "get", "list", "watch")
            .withNodeActions("DescribeSubnets", "DescribeSecurityGroups")
            .withCrd("/dev/patchbay/tck/synthetic/subnets.yaml"))
        .build();
  }

  @Override
  public Optional<LaneModifier> laneModifier() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> modify(NodeView node, EniPlan planned) {
    Optional<ObjectView> object = node.objects().get(REF);
    if (object.isEmpty()) {
      return Answer.waitFor(REF, Codes.OBJECT_MISSING, "There is no " + REF + ", which names the pods' subnets.",
          "Make the object.");
    }
    List<String> subnets = object.get().content().fields("spec").texts("subnets");
    List<String> groups = object.get().content().fields("spec").texts("securityGroups");
    if (subnets.isEmpty() || groups.isEmpty()) {
      return Answer.refuse(Codes.OBJECT_INVALID, REF + " names no subnets or no security groups.",
          "Write at least one of each into its spec.");
    }
    Optional<Lane> base = planned.lane(Lane.DEFAULT);
    if (base.isEmpty()) {
      return Answer.pass();
    }
    Lane moved = base.get().withPrimary(false).withOrigin(new LaneOrigin(SUBNETS.kind(), REF.name()))
        .withSubnets(SubnetChoice.ids(subnets, SubnetChoice.Order.MOST_FREE)).withGroups(GroupChoice.ids(groups));
    Lane second = moved.renamed(SECOND).withReserve(1).withPriority(5).withMost(2)
        .withSubnets(SubnetChoice.tagged(Map.of(KEY + "subnet", "second"), SubnetChoice.Order.PREFIX_FRIENDLY))
        .withGroups(GroupChoice.tagged(Map.of(KEY + "group", "second")));
    return Answer.of(EniPlan.of(moved, second));
  }

  @Override
  public Answer<String> choose(AttachmentView attachment) {
    String namespace = attachment.pod().namespace();
    return attachment.node().objects().get(new ObjectRef(ObjectKind.NAMESPACE, "", namespace))
        .filter(n -> "second".equals(n.labels().get(LABEL)))
        .map(n -> Answer.of(SECOND)).orElseGet(Answer::pass);
  }
}
