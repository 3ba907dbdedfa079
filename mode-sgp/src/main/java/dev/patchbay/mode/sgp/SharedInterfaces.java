package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.mode.sgp.policy.WithoutTrunk;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.LaneView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pods with security groups on a node that has no trunk: a lane of ordinary interfaces for each set of groups, from which the node's pods
 * with that set have their addresses. A set's lane is there while a pod of the node has the set or an interface is left of it; nothing is
 * held warm, so its interface comes with the first pod and goes after the last.
 */
final class SharedInterfaces {
  /** No policy matches a pod that asked; the name is that of EKS's controller. */
  static final Code NOTHING_MATCHES = Code.of(351, "SecurityGroupRequested");
  /** An interface has other groups than its pods are to have. */
  static final Code GROUPS_DIFFER = Code.of(342, "SharedInterfaceAltered");

  /** By which interfaces that Patchbay makes say what they are for. */
  private static final String LANE_TAG = "patchbay.dev/lane";
  private static final String PLACES = "shared";
  private static final String GROUPS = "groups";
  private static final List<ObjectKind> KNOWN = List.of(ObjectKind.POD, ObjectKind.SERVICE_ACCOUNT, Policies.KIND);

  private final WithoutTrunk allowed;
  private final boolean ipv6;

  SharedInterfaces(WithoutTrunk allowed, boolean ipv6) {
    this.allowed = allowed;
    this.ipv6 = ipv6;
  }

  /** Whether pods of the node that ask share interfaces; not before it is known that the node gets no trunk. */
  boolean holds(NodeView node) {
    return allowed.shared() && !hasTrunk(node) && (!node.instanceType().trunking()
        || node.objects().get(new ObjectRef(CniNodes.KIND, "", node.name())).filter(CniNodes::shares).isPresent());
  }

  private static boolean hasTrunk(NodeView node) {
    return node.enis().stream().anyMatch(e -> e.type().equals("trunk"));
  }

  /** The lanes, of what is left of sets too; none where the operator does not allow it. */
  Answer<EniPlan> lanes(NodeView node) {
    if (!allowed.shared()) {
      return Answer.of(EniPlan.of());
    }
    Optional<ObjectKind> unheard = KNOWN.stream().filter(kind -> !node.objects().complete(kind)).findFirst()
        .or(() -> node.instanceType().trunking() && !hasTrunk(node) && !node.objects().complete(CniNodes.KIND) ? Optional.of(CniNodes.KIND)
            : Optional.empty());
    if (unheard.isPresent()) {
      return Answer.waitFor(new ObjectRef(unheard.get(), "", ""), Codes.OBJECT_UNREADABLE, "Objects of kind " + unheard.get().kind()
          + " have not been heard of yet, and they say which security groups the node's pods need interfaces for.",
          "Check that the node reaches the API server.");
    }
    // In this order places are kept, so those come first that have theirs.
    Map<String, GroupSet> sets = new LinkedHashMap<>();
    // What is left of a set keeps its lane: that of pods whose policies have changed since, and what is yet to be given back.
    node.enis().forEach(eni -> laneOf(eni).ifPresent(lane -> sets.put(lane, GroupSet.of(eni.groups()))));
    boolean holds = holds(node);
    if (holds) {
      node.objects().list(ObjectKind.POD).stream().filter(SharedInterfaces::draws)
          .flatMap(pod -> GroupSet.of(node.objects(), pod).plan().orElse(Optional.empty()).stream())
          .sorted(Comparator.comparing(GroupSet::lane)).forEach(set -> sets.put(set.lane(), set));
    }
    List<Lane> lanes = new ArrayList<>();
    SubnetChoice subnets = subnets(node);
    sets.forEach((name, set) -> lanes.add(Lane.named(name).withOrigin(new LaneOrigin("SecurityGroups", set.toString()))
        .withSubnets(subnets).withGroups(GroupChoice.ids(set.groups())).withReserve(holds && lanes.size() < allowed.kept() ? 1 : 0)));
    if (holds && lanes.size() < allowed.kept()) {
      lanes.add(Lane.named(PLACES).withPods(false).withReserve(allowed.kept() - lanes.size()));
    }
    return Answer.of(EniPlan.of(lanes));
  }

  /** One that came when nobody asked for it any more is of no lane yet, and says by its tag of which it was to be. */
  private static Optional<String> laneOf(EniView eni) {
    return eni.lane().or(() -> Optional.ofNullable(eni.tags().get(LANE_TAG)))
        .filter(lane -> GroupSet.isLane(lane) && !eni.groups().isEmpty());
  }

  private static boolean draws(ObjectView pod) {
    String phase = pod.content().fields("status").text("phase").orElse("");
    return Requests.asked(pod) && !pod.annotations().containsKey(Requests.KEY) && !phase.equals("Succeeded") && !phase.equals("Failed")
        && !pod.content().fields("spec").isTrue("hostNetwork");
  }

  /** Where the node's pods lie, if an ENIConfig says so, as branches do. */
  private static SubnetChoice subnets(NodeView node) {
    return node.lane(Lane.DEFAULT).map(LaneView::origin).filter(o -> o.kind().equals(EniConfigs.KIND.kind()))
        .flatMap(o -> node.objects().get(new ObjectRef(EniConfigs.KIND, "", o.name())))
        .flatMap(config -> config.content().fields("spec").text("subnet")).filter(s -> !s.isEmpty())
        .map(s -> SubnetChoice.ids(List.of(s), SubnetChoice.Order.AS_WRITTEN)).orElseGet(SubnetChoice::ofNode);
  }

  private boolean hasIpv6(NodeView node) {
    return ipv6 && !node.primaryEni().subnet().cidrs(AddressFamily.IPV6).isEmpty() && node.instanceType().ipv6PerInterface() > 0
        && subnets(node).isOfNode();
  }

  private List<AddressFamily> families(NodeView node) {
    return hasIpv6(node) ? List.of(AddressFamily.IPV4, AddressFamily.IPV6) : List.of(AddressFamily.IPV4);
  }

  List<AddressPlan.Supply> supplies(NodeView node, EniPlan lanes) {
    AddressSource source = AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(0));
    return lanes.lanes().stream().filter(lane -> GroupSet.isLane(lane.name())).flatMap(lane -> families(node).stream()
        .map(family -> new AddressPlan.Supply(lane.name(), family, source))).toList();
  }

  /** Addresses of the lane with the groups that policies give the pod now. */
  Answer<List<AddressRequest>> addresses(AttachmentView attachment, ObjectView pod) {
    Answer<Optional<GroupSet>> answer = GroupSet.of(attachment.node().objects(), pod);
    if (answer.plan().isEmpty()) {
      return Answers.instead(answer);
    }
    Optional<GroupSet> set = answer.plan().orElseThrow();
    if (set.isEmpty()) {
      return Answer.refuse(NOTHING_MATCHES, "Pod " + pod.ref().name() + " requests " + Requests.KEY + ", and no SecurityGroupPolicy matches"
          + " it, so it is not known which groups it should have.", "Make or correct a policy that matches it, and it starts; or take the"
          + " request out of what makes the pod.");
    }
    Fields details = Fields.empty().with(GROUPS, set.get().groups());
    return Answer.of(families(attachment.node()).stream()
        .map(family -> AddressRequest.from(set.get().lane(), family).withDetails(details)).toList());
  }

  /** Whether an attachment has its addresses of such a lane. */
  static boolean isOf(AttachmentView attachment) {
    return attachment.addresses().stream().anyMatch(held -> GroupSet.isLane(held.lane()));
  }

  /** Refuses where an interface has other groups than its pods were promised: somebody has changed them since it was made. */
  static Answer<EniView> checked(AttachmentView attachment) {
    EniView eni = attachment.addresses().stream().flatMap(held -> held.eni().stream()).findFirst().orElseThrow();
    GroupSet promised = GroupSet.of(attachment.addresses().getFirst().request().details().texts(GROUPS));
    GroupSet found = GroupSet.of(eni.groups());
    return promised.equals(found) ? Answer.of(eni) : Answer.refuse(GROUPS_DIFFER, "The interface " + eni.id() + ", which is for pods with the"
        + " groups " + promised + ", has the groups " + found + ".", "Give it those groups back in EC2 (ModifyNetworkInterfaceAttribute);"
        + " pods that run on it have had the others meanwhile.");
  }
}
