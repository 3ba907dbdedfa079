package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterPlan.DesiredEni;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterView.ClusterEniView;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one node should have: its trunk, a branch for each of its pods that asked, and nothing that no pod has any more. */
final class NodePlan {
  private static final String FEATURE = "SecurityGroupsForPods";
  /** What older versions of aws-node ask by; its mere presence counts. */
  private static final String LABEL = "vpc.amazonaws.com/has-trunk-attached";
  private static final String COMPUTE_TYPE = "eks.amazonaws.com/compute-type";
  /** A policy may be heard of a moment after the pod that it made ask: the node's groups meanwhile would be a way round its own. */
  private static final Finding NOTHING_MATCHES = Finding.of(ClusterCodes.REQUESTED, "The pod requests " + Requests.KEY
      + ", and no SecurityGroupPolicy matches it, so it is not known which groups its branch should have.",
      "Make or correct a policy that matches it, and it starts; or take the request out of what makes the pod.");

  private final ClusterView cluster;
  private final String name;
  private final ClusterSettings settings;
  private final Optional<ObjectView> node;
  private final Optional<ObjectView> cniNode;
  private final List<ObjectView> pods;
  private final Inventory inventory;
  private final Leftovers leftovers;
  private ClusterPlan plan = ClusterPlan.empty();
  private ObjectPlan objects = ObjectPlan.empty();

  NodePlan(ClusterView cluster, String name, ClusterSettings settings) {
    this.cluster = cluster;
    this.name = name;
    this.settings = settings;
    this.node = cluster.objects().get(new ObjectRef(ObjectKind.NODE, "", name));
    this.cniNode = cluster.objects().get(new ObjectRef(CniNodes.KIND, "", name));
    this.pods = cluster.pods(name).stream().filter(SgpCluster::isServed).sorted(Comparator.comparing(ObjectView::uid)).toList();
    this.inventory = new Inventory(cluster, name, node.flatMap(NodePlan::instance), pods);
    this.leftovers = new Leftovers(inventory, settings, cluster.now());
  }

  Answer<ClusterPlan> plan() {
    List<ObjectView> waiting = new ArrayList<>();
    pods.forEach(pod -> inventory.of(pod).ifPresentOrElse(branch -> keep(pod, branch), () -> {
      if (inventory.lost(pod).isPresent()) {
        lost(pod);
      } else {
        waiting.add(pod);
      }
    }));
    Optional<Finding> obstacle = node.isPresent() ? place(node.get(), waiting) : Optional.empty();
    obstacle.ifPresent(why -> waiting.forEach(pod -> event(pod, why.code(), why)));
    return Answer.of(leftovers.removed(plan).withObjects(objects));
  }

  /** By the form of the AWS cloud provider of Kubernetes, {@code aws:///ZONE/INSTANCE}. */
  private static Optional<String> instance(ObjectView node) {
    String id = node.content().fields("spec").text("providerID").orElse("");
    return Optional.of(id.substring(id.lastIndexOf('/') + 1)).filter(last -> !last.isEmpty());
  }

  /** Whether the node asks for a trunk. */
  private boolean asks(ObjectView object) {
    boolean asked = object.labels().containsKey(LABEL) || cniNode.isPresent() && Place.features(cniNode.get()).stream()
        .anyMatch(f -> f.text("name").equals(Optional.of(FEATURE)));
    return asked && !"auto".equals(object.labels().get(COMPUTE_TYPE));
  }

  /** The trunk, and branches for pods that have none; what keeps all of them from having one, if something does. */
  private Optional<Finding> place(ObjectView object, List<ObjectView> waiting) {
    if (!asks(object)) {
      keepTrunk();
      return Optional.of(Finding.of(ClusterCodes.NO_TRUNK, "Node " + name + " does not ask for a trunk, so no pod of it can have a branch.",
          "See that the mode sgp is chosen for the node: its CNINode then has the feature " + FEATURE + ". Or let such pods run elsewhere."));
    }
    Optional<InstanceTypeView> type = cluster.instanceType(name);
    Optional<EniView> primary = cluster.primaryEni(name);
    if (type.isEmpty() || primary.isEmpty()) {
      keepTrunk();
      return Optional.empty();
    }
    if (!type.get().trunking() || type.get().branches() < 1) {
      Finding why = Finding.of(ClusterCodes.UNSUPPORTED, "Node " + name + " is a " + type.get().name() + ", which carries no trunk, so no pod"
          + " of it can have a branch.", "Use a type with trunking (most types on the Nitro system) for pods with security groups.");
      if (settings.withoutTrunk().shared()) {
        return share(object, type.get(), why);
      }
      objects = joined(objects, TrunkState.none(object, cniNode, why));
      return Optional.of(why);
    }
    Answer<Place> place = Place.of(cluster, object, cniNode, primary.get());
    if (place instanceof Answer.Refuse<Place> refused) {
      keepTrunk();
      objects = joined(objects, TrunkState.not(object, cniNode, refused.reason()));
      return Optional.of(refused.reason());
    }
    Place where = place.plan().orElseThrow();
    Optional<ClusterEniView> trunk = inventory.trunk();
    want(new DesiredEni(inventory.trunkKey(), "trunk", name, subnet(where), GroupChoice.ids(trunk.map(EniView::groups)
        .filter(g -> !g.isEmpty()).orElse(where.groups())), Optional.empty(), Map.of()));
    Optional<Finding> obstacle = cluster.obstacle(inventory.trunkKey()).map(why -> Finding.of(ClusterCodes.TRUNK_FAILED,
        why.code() + ": " + why.cause(), why.remedy()));
    if (trunk.isEmpty()) {
      if (settings.withoutTrunk().shared() && cluster.obstacle(inventory.trunkKey()).filter(NodePlan::isFinal).isPresent()) {
        return share(object, type.get(), obstacle.orElseThrow());
      }
      if (obstacle.isPresent()) {
        objects = joined(objects, TrunkState.not(object, cniNode, obstacle.get()));
      }
      return obstacle;
    }
    objects = joined(objects, TrunkState.ready(object, cniNode, trunk.get().id(), type.get().branches()));
    waiting.stream().filter(pod -> !shares(pod)).forEach(pod -> begin(pod, where, type.get()));
    return Optional.empty();
  }

  /** The node serves its pods itself, and nothing is in their way. */
  private Optional<Finding> share(ObjectView object, InstanceTypeView type, Finding why) {
    objects = joined(objects, TrunkState.shared(object, cniNode, why, settings.withoutTrunk().room(type)));
    return Optional.empty();
  }

  /** Whether EC2 says that there is none to be had, and not only now. It is asked again all the same. */
  private static boolean isFinal(Finding why) {
    return why.code().equals(Codes.CLOUD_DENIED) || why.code().equals(Codes.CLOUD_REFUSED);
  }

  /** Whether a pod runs on an interface that it shares since before there was a trunk. */
  private boolean shares(ObjectView pod) {
    return settings.withoutTrunk().shared() && pod.content().fields("status").text("podIP").filter(ip -> !ip.isEmpty()).isPresent();
  }

  private void keepTrunk() {
    inventory.trunk().ifPresent(trunk -> want(new DesiredEni(inventory.trunkKey(), "trunk", name, SubnetChoice.ids(
        List.of(trunk.subnet().id()), SubnetChoice.Order.AS_WRITTEN), groups(trunk.groups()), Optional.empty(), Map.of())));
  }

  private static SubnetChoice subnet(Place where) {
    return SubnetChoice.ids(List.of(where.subnet()), SubnetChoice.Order.AS_WRITTEN);
  }

  private static GroupChoice groups(List<String> ids) {
    return ids.isEmpty() ? GroupChoice.ofPrimary() : GroupChoice.ids(ids);
  }

  private void want(DesiredEni eni) {
    plan = plan.withEni(eni);
  }

  /** A pod whose branch is there, or on its way: it stays the pod's, whatever becomes of policies and places. */
  private void keep(ObjectView pod, ClusterEniView branch) {
    boolean told = pod.annotations().containsKey(Requests.KEY);
    // Most pods are told, and there are many: policies are matched for those alone for which it matters.
    Match match = told && !settings.follows() ? Match.NONE : Match.of(cluster.objects(), pod);
    List<String> groups = match.groups().isEmpty() ? branch.groups() : match.groups();
    int vlan = inventory.vlan(branch);
    DesiredEni eni = new DesiredEni(Inventory.key(pod), "branch", name, SubnetChoice.ids(List.of(branch.subnet().id()),
        SubnetChoice.Order.AS_WRITTEN), groups(groups), Optional.of(vlan), Map.of());
    want(branch.key().equals(Optional.of(Inventory.key(pod))) ? eni : eni.takenFrom(branch.id()));
    boolean ready = !match.groups().isEmpty() && inventory.hangs(branch) && Set.copyOf(branch.groups()).equals(Set.copyOf(groups))
        && branch.key().equals(Optional.of(Inventory.key(pod)));
    if (!told && ready) {
      annotate(pod, branch, vlan, match);
    } else if (!told && match.groups().isEmpty()) {
      event(pod, ClusterCodes.REQUESTED, match.unknown().orElse(NOTHING_MATCHES));
    } else {
      trouble(pod, match);
    }
  }

  private void annotate(ObjectView pod, ClusterEniView branch, int vlan, Match match) {
    String text = Annotation.of(branch, vlan);
    // By the uid, a pod made meanwhile under the same name does not get it.
    objects = objects.withPatch(pod.ref(), "", Fields.empty().with("metadata", Fields.empty().with("uid", pod.uid())
            .with("annotations", Fields.empty().with(Requests.KEY, text))))
        .withEvent(pod.ref(), pod.uid(), false, ClusterCodes.ALLOCATED, "Allocated " + text + " to the pod"
            + (match.policies().isEmpty() ? "." : ", with the groups of " + match.words() + "."));
  }

  private void trouble(ObjectView pod, Match match) {
    Optional<Finding> obstacle = cluster.obstacle(Inventory.key(pod));
    if (obstacle.isEmpty()) {
      return;
    }
    event(pod, ClusterCodes.FAILED, Obstacles.of(pod, match, obstacle.get()));
    if (Obstacles.isOfGroups(obstacle.get())) {
      // Said on the policy, too: whoever wrote it may never look at the pod.
      match.policies().forEach(policy -> objects = objects.withEvent(policy, true, ClusterCodes.POLICY_INVALID, "EC2 refuses an interface the"
          + " groups " + String.join(", ", match.groups()) + ", which are those of " + match.words() + ": Events of pod " + pod.ref().name()
          + " say why. Correct it, and the pod goes on."));
    }
  }

  private void event(ObjectView pod, Code code, Finding why) {
    objects = objects.withEvent(pod.ref(), pod.uid(), true, code, why.cause() + " " + why.remedy());
  }

  private void lost(ObjectView pod) {
    String id = Annotation.eni(pod).orElseThrow();
    event(pod, ClusterCodes.VANISHED, Finding.of(ClusterCodes.VANISHED, "The annotation names the branch " + id + ", and "
        + (inventory.lost(pod).equals(Optional.of(Inventory.Lost.OTHERS)) ? "that is another pod's." : "node " + name + " has none of that id."),
        "Delete the pod, so that it is made anew with a branch of its own."));
  }

  /** A branch for a pod that has none: one that is free and fits, or a new one, or any that is free. */
  private void begin(ObjectView pod, Place where, InstanceTypeView type) {
    Match match = Match.of(cluster.objects(), pod);
    if (match.unknown().isPresent()) {
      event(pod, ClusterCodes.FAILED, match.unknown().get());
      return;
    }
    if (match.groups().isEmpty()) {
      event(pod, ClusterCodes.REQUESTED, NOTHING_MATCHES);
      return;
    }
    List<String> groups = match.groups();
    DesiredEni made = new DesiredEni(Inventory.key(pod), "branch", name, subnet(where), groups(groups), Optional.empty(), Map.of());
    Optional<ClusterEniView> same = leftovers.take(where, Optional.of(groups));
    if (same.isPresent()) {
      want(numbered(made, inventory.vlan(same.get())).takenFrom(same.get().id()));
    } else if (inventory.size() + leftovers.begun() < type.branches()) {
      leftovers.begin();
      DesiredEni fresh = numbered(made, inventory.freeVlan());
      want(settings.ipv6() && where.ipv6() ? fresh.withIpv6() : fresh);
    } else {
      Optional<ClusterEniView> other = leftovers.take(where, Optional.empty());
      if (other.isPresent()) {
        want(numbered(made, inventory.vlan(other.get())).takenFrom(other.get().id()));
      } else {
        event(pod, ClusterCodes.LIMIT, Finding.of(ClusterCodes.LIMIT, "Node " + name + " (" + type.name() + ") carries " + type.branches()
            + " branches, and all are pods' or cool down after a pod that is gone.", "The pod gets the first that has cooled down; a larger"
            + " type carries more, and branchCooldown says how long that takes."));
        return;
      }
    }
    trouble(pod, match);
  }

  private static DesiredEni numbered(DesiredEni eni, int vlan) {
    return new DesiredEni(eni.key(), eni.type(), eni.node(), eni.subnets(), eni.groups(), Optional.of(vlan), eni.tags());
  }

  private static ObjectPlan joined(ObjectPlan one, ObjectPlan other) {
    ObjectPlan all = one;
    for (ObjectPlan.Patch p : other.patches()) {
      all = all.withPatch(p.object(), p.subresource(), p.content());
    }
    for (ObjectPlan.Event e : other.events()) {
      all = all.withEvent(e.object(), e.uid(), e.warning(), e.code(), e.text());
    }
    for (ObjectPlan.Condition c : other.conditions()) {
      all = all.withCondition(c.object(), c.type(), c.status(), c.code(), c.text());
    }
    return all;
  }
}
