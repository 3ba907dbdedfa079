package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.view.ObjectView;
import java.util.Optional;

/** What is said of a node's trunk: a condition of its CNINode, an Event about the node, and its room for pods with branches. */
final class TrunkState {
  private static final String CONDITION = "TrunkReady";
  private static final String CAPACITY = "capacity";

  private TrunkState() {}

  static ObjectPlan ready(ObjectView node, Optional<ObjectView> cniNode, String trunk, int branches) {
    String words = "The node has the trunk " + trunk + ", which carries " + branches + " branches.";
    ObjectPlan plan = condition(ObjectPlan.empty(), cniNode, true, ClusterCodes.TRUNK_READY, words);
    String room = String.valueOf(branches);
    Fields capacity = node.content().fields("status").fields(CAPACITY);
    // Kubelet makes it allocatable, and the scheduler counts with it. A kubelet that starts anew takes it away.
    boolean told = capacity.text(Requests.KEY).filter(room::equals).isPresent() || capacity.number(Requests.KEY).orElse(-1) == branches;
    return told ? plan : plan.withPatch(node.ref(), "status", Fields.empty().with("status", Fields.empty().with(CAPACITY,
        Fields.empty().with(Requests.KEY, room)))).withEvent(node.ref(), node.uid(), false, ClusterCodes.TRUNK_READY, words);
  }

  static ObjectPlan not(ObjectView node, Optional<ObjectView> cniNode, Finding why) {
    String words = why.cause() + " " + why.remedy();
    return condition(ObjectPlan.empty(), cniNode, false, why.code(), words).withEvent(node.ref(), node.uid(), true, why.code(), words);
  }

  private static ObjectPlan condition(ObjectPlan plan, Optional<ObjectView> cniNode, boolean holds, Code code, String words) {
    Optional<ObjectRef> ref = cniNode.map(ObjectView::ref).filter(r -> r.kind().equals(CniNodes.KIND));
    return ref.isPresent() ? plan.withCondition(ref.get(), CONDITION, holds, code, words) : plan;
  }
}
