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
  private static final String CAPACITY = "capacity";

  private TrunkState() {}

  static ObjectPlan ready(ObjectView node, Optional<ObjectView> cniNode, String trunk, int branches) {
    String words = "The node has the trunk " + trunk + ", which carries " + branches + " branches.";
    ObjectPlan plan = condition(ObjectPlan.empty(), cniNode, true, ClusterCodes.TRUNK_READY, words);
    return has(node, branches) ? plan : room(plan, node, branches).withEvent(node.ref(), node.uid(), false, ClusterCodes.TRUNK_READY, words);
  }

  /** There is none, and pods share ordinary interfaces instead, which have room for so many. */
  static ObjectPlan shared(ObjectView node, Optional<ObjectView> cniNode, Finding why, int room) {
    String words = why.cause() + " Pods with security groups share ordinary interfaces of the node instead, one for each set of groups; places"
        + " for " + room + " such pods are kept. No group sees what two pods of the node with the same groups send one another.";
    ObjectPlan plan = condition(ObjectPlan.empty(), cniNode, false, CniNodes.SHARED, words);
    return has(node, room) ? plan : room(plan, node, room).withEvent(node.ref(), node.uid(), false, CniNodes.SHARED, words);
  }

  private static boolean has(ObjectView node, int room) {
    Fields capacity = node.content().fields("status").fields(CAPACITY);
    return capacity.text(Requests.KEY).filter(String.valueOf(room)::equals).isPresent() || capacity.number(Requests.KEY).orElse(-1) == room;
  }

  /** Kubelet makes it allocatable, and the scheduler counts with it. A kubelet that starts anew takes it away. */
  private static ObjectPlan room(ObjectPlan plan, ObjectView node, int room) {
    return plan.withPatch(node.ref(), "status", Fields.empty().with("status", Fields.empty().with(CAPACITY,
        Fields.empty().with(Requests.KEY, String.valueOf(room)))));
  }

  /** There is none, and no pod that asks can run on the node: what room it had for such is taken back. */
  static ObjectPlan none(ObjectView node, Optional<ObjectView> cniNode, Finding why) {
    ObjectPlan plan = not(node, cniNode, why);
    boolean had = node.content().fields("status").fields(CAPACITY).has(Requests.KEY);
    return had && !has(node, 0) ? room(plan, node, 0) : plan;
  }

  static ObjectPlan not(ObjectView node, Optional<ObjectView> cniNode, Finding why) {
    String words = why.cause() + " " + why.remedy();
    return condition(ObjectPlan.empty(), cniNode, false, why.code(), words).withEvent(node.ref(), node.uid(), true, why.code(), words);
  }

  private static ObjectPlan condition(ObjectPlan plan, Optional<ObjectView> cniNode, boolean holds, Code code, String words) {
    Optional<ObjectRef> ref = cniNode.map(ObjectView::ref).filter(r -> r.kind().equals(CniNodes.KIND));
    return ref.isPresent() ? plan.withCondition(ref.get(), CniNodes.CONDITION, holds, code, words) : plan;
  }
}
