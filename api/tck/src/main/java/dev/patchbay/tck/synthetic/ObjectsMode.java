package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * Says on objects what it sees: a condition and a patch on the node, an object of its own, an annotation and an Event on each
 * pod, and a finding with a figure. It adds no interface.
 */
final class ObjectsMode extends Synthetic implements ObjectPlanner, ExtraPlanner {
  static final ObjectKind REPORT = new ObjectKind("synthetic.patchbay.dev", "v1", "Report", "reports", false);
  private static final Code SEEN = Code.of(10_002, "SyntheticSeen");

  ObjectsMode() {
    super("objects");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Says on objects what it sees.")
        .role(Role.extra(Role.WhenUnreadable.PASS))
        .nodeReads(ObjectKind.NODE)
        .needs(Needs.none().withNodeObjects(ObjectKind.NODE, "get", "list", "watch", "patch")
            .withNodeSubresource(ObjectKind.NODE, "status", "patch")
            .withNodeObjects(ObjectKind.POD, "patch")
            .withNodeObjects(REPORT, "create", "patch"))
        .build();
  }

  @Override
  public Optional<ObjectPlanner> objectPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<ExtraPlanner> extraPlanner() {
    return Optional.of(this);
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    return Answer.of(List.of());
  }

  @Override
  public Answer<ObjectPlan> node(NodeView node) {
    ObjectRef ref = new ObjectRef(ObjectKind.NODE, "", node.name());
    Fields annotations = Fields.empty().with(KEY + "interfaces", String.valueOf(node.enis().size()))
        .with(KEY + "old", ObjectPlan.ABSENT);
    return Answer.of(ObjectPlan.empty()
            .withPatch(ref, "", Fields.empty().with("metadata", Fields.empty().with("annotations", annotations)))
            .withCondition(ref, "SyntheticReady", true, SEEN, "The node has been seen.")
            .withObject(new ObjectRef(REPORT, "", node.name()),
                Fields.empty().with("spec", Fields.empty().with("instanceType", node.instanceType().name()))),
        List.of(Finding.of(SEEN, "Node " + node.name() + " has " + node.enis().size() + " interfaces.", "Nothing is to be done.")
            .about(node.name()).withValue(node.enis().size())));
  }

  @Override
  public Answer<ObjectPlan> attachment(AttachmentView attachment) {
    ObjectRef ref = new ObjectRef(ObjectKind.POD, attachment.pod().namespace(), attachment.pod().name());
    String addresses = String.join(",", attachment.addresses().stream().map(a -> a.address().toString()).toList());
    return Answer.of(ObjectPlan.empty()
        .withPatch(ref, "", Fields.empty().with("metadata", Fields.empty().with("annotations",
            Fields.empty().with(KEY + "addresses", addresses))))
        .withEvent(ref, false, SEEN, "The pod has the addresses " + addresses + "."));
  }
}
