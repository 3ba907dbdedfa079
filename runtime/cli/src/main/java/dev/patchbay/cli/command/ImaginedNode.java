package dev.patchbay.cli.command;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.InvalidPlanException;
import dev.patchbay.core.compose.KeptPlan;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.compose.NodePlanning;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A fresh instance of some type, with its primary interface and nothing else, of which the modes are asked what they would plan for it.
 */
final class ImaginedNode {
  private static final String NAME = "node";
  private static final String SUBNET = "subnet-0123456789abcdef0";

  private final Composition composition;
  private final Map<String, String> labels;
  private final List<ObjectRecord> objects;
  private final Fields datapath;

  /**
   * Imagines.
   *
   * @param composition the modes
   * @param labels the labels of the Node object
   * @param objects the other objects that there are
   * @param datapath the operator's settings of the datapath
   */
  ImaginedNode(Composition composition, Map<String, String> labels, List<ObjectRecord> objects, Fields datapath) {
    this.composition = composition;
    this.labels = Map.copyOf(labels);
    this.objects = List.copyOf(objects);
    this.datapath = datapath;
  }

  /**
   * Asks the modes.
   *
   * @param type the instance type
   * @return what they plan, or why they don't
   * @throws InvalidPlanException if a mode answers with what the SPI does not allow
   */
  Answer<NodePlan> plan(InstanceTypeRecord type) {
    ObjectIndex index = index();
    NodeSnapshot node = new NodeSnapshot(NAME, facts(type), List.of(), (_, _) -> new int[3],
        index.get(new ObjectRef(ObjectKind.NODE, "", NAME)), index, datapath);
    return NodePlanning.plan(composition, node, new Circumstances(Map.of(), index.known()), KeptPlan.EMPTY, Set.of(), new Inquiry());
  }

  private ObjectIndex index() {
    ObjectIndex index = ObjectIndex.EMPTY.heard(ObjectKind.NODE, true);
    for (ModeInstance mode : composition.modes()) {
      for (ObjectKind kind : mode.descriptor().nodeReads()) {
        index = index.heard(kind, true);
      }
    }
    for (ObjectRecord object : objects) {
      index = index.with(object);
    }
    return index.with(new ObjectRecord(new ObjectRef(ObjectKind.NODE, "", NAME), "", "", labels, Map.of(), Fields.empty()));
  }

  private static NodeFacts facts(InstanceTypeRecord type) {
    MacAddress mac = MacAddress.of("02:00:00:00:00:01");
    EniRecord primary = new EniRecord("eni-0123456789abcdef0", mac, "interface", SUBNET, List.of("sg-0123456789abcdef0"),
        Optional.of(IpAddress.of("10.0.0.4")), List.of(), List.of(),
        Optional.of(new EniRecord.Attachment("", "i-0123456789abcdef0", 0, 0, true)), Map.of(), "", "in-use");
    return new NodeFacts(new NodeIdentity("i-0123456789abcdef0", type.name(), "region", "zone", "vpc-0123456789abcdef0", mac), type,
        List.of(new NodeFacts.Eni(primary, 1, Optional.empty())),
        List.of(new SubnetRecord(SUBNET, "zone", List.of(Cidr.of("10.0.0.0/18"), Cidr.of("2001:db8::/64")), OptionalInt.empty(),
            Map.of())),
        List.of(Cidr.of("10.0.0.0/16"), Cidr.of("2001:db8::/56")));
  }
}
