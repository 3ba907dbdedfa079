package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cluster side alone: a trunk for each node, a branch for each labelled pod of it, interfaces removed when they have long
 * been unused, the branch written onto the pod; and admission that marks such pods and lets only the controller write what it
 * writes. It has no role on nodes.
 */
final class ClusterMode extends Synthetic implements ClusterPlanner, AdmissionPlanner {
  /** How long an interface stays unused before it goes, in milliseconds. */
  private static final long COOLDOWN = 60_000;
  private static final Code ALLOCATED = Code.of(10_003, "SyntheticAllocated");

  ClusterMode() {
    super("cluster");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Allocates trunks and branches, and guards what is written about them.")
        .clusterReads(ObjectKind.NODE).clusterReads(ObjectKind.POD)
        .needs(Needs.none().withClusterObjects(ObjectKind.NODE, "get", "list", "watch")
            .withClusterObjects(ObjectKind.POD, "get", "list", "watch", "patch")
            .withClusterActions("CreateNetworkInterface", "CreateTags", "DescribeNetworkInterfaces", "AttachNetworkInterface",
                "AssociateTrunkInterface", "DeleteNetworkInterface"))
        .admits()
        .build();
  }

  @Override
  public Optional<ClusterPlanner> clusterPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<AdmissionPlanner> admissionPlanner() {
    return Optional.of(this);
  }

  @Override
  public List<String> keys(ClusterView cluster) {
    return cluster.objects().list(ObjectKind.NODE).stream().map(n -> n.ref().name()).toList();
  }

  private static String nodeOf(ObjectView pod) {
    return pod.content().fields("spec").text("nodeName").orElse("");
  }

  private static boolean marked(ObjectView pod) {
    return pod.labels().containsKey(GivenClaim.LABEL);
  }

  @Override
  public Answer<ClusterPlan> plan(ClusterView cluster, String key) {
    Optional<InstanceTypeView> type = cluster.instanceType(key);
    Optional<EniView> primary = cluster.primaryEni(key);
    if (type.isEmpty() || primary.isEmpty()) {
      return Answer.pass();
    }
    if (!type.get().trunking()) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE, "Node " + key + " is a " + type.get().name()
          + ", which carries no trunk.", "Use another type.");
    }
    SubnetChoice subnet = SubnetChoice.ids(List.of(primary.get().subnet().id()), SubnetChoice.Order.AS_WRITTEN);
    GroupChoice groups = GroupChoice.ids(primary.get().groups());
    ClusterPlan plan = ClusterPlan.empty().withEni(new ClusterPlan.DesiredEni("trunk/" + key, "trunk", key, subnet, groups,
        Optional.empty(), Map.of(Synthetic.KEY + "node", key)));
    List<ClusterView.ClusterEniView> there = cluster.enis(key);
    ObjectPlan objects = ObjectPlan.empty();
    List<Integer> taken = new ArrayList<>(there.stream().flatMap(e -> e.vlanId().stream()).toList());
    List<String> wanted = new ArrayList<>();
    for (ObjectView pod : cluster.objects().list(ObjectKind.POD)) {
      if (!marked(pod) || !nodeOf(pod).equals(key)) {
        continue;
      }
      String name = "branch/" + pod.uid();
      wanted.add(name);
      Optional<ClusterView.ClusterEniView> branch =
          there.stream().filter(e -> e.key().equals(Optional.of(name))).findFirst();
      int vlan = branch.flatMap(ClusterView.ClusterEniView::vlanId).orElseGet(() -> free(taken));
      taken.add(vlan);
      plan = plan.withEni(new ClusterPlan.DesiredEni(name, "branch", key, subnet, groups, Optional.of(vlan), Map.of()));
      // Its VLAN id is sure once it hangs on the trunk.
      if (branch.isPresent() && branch.get().trunk().isPresent()) {
        ObjectRef ref = pod.ref();
        String given = branch.get().primaryAddress(AddressFamily.IPV4).map(Object::toString).orElse("") + " " + branch.get().id() + " "
            + vlan + " " + branch.get().mac() + " "
            + branch.get().subnet().gateway(AddressFamily.IPV4).map(Object::toString).orElse("");
        objects = objects.withPatch(ref, "", Fields.empty().with("metadata",
                Fields.empty().with("annotations", Fields.empty().with(GivenClaim.ANNOTATION, given))))
            .withEvent(ref, false, ALLOCATED, "The pod has the branch " + branch.get().id() + ".");
      }
    }
    return Answer.of(removals(plan.withObjects(objects), there, wanted, cluster.now()));
  }

  private static int free(List<Integer> taken) {
    int vlan = 1;
    while (taken.contains(vlan)) {
      vlan++;
    }
    return vlan;
  }

  private static ClusterPlan removals(ClusterPlan before, List<ClusterView.ClusterEniView> there, List<String> wanted,
      long now) {
    ClusterPlan plan = before;
    for (ClusterView.ClusterEniView eni : there) {
      boolean branch = eni.key().filter(key -> key.startsWith("branch/") && !wanted.contains(key)).isPresent();
      Optional<Long> unused = eni.unusedSince();
      if (!branch || unused.isEmpty()) {
        continue;
      }
      plan = now - unused.get() >= COOLDOWN
          ? plan.withRemoval(eni.id(), "No pod of that key exists, and it has been unused since " + unused.get() + ".")
          : plan.again(unused.get() + COOLDOWN);
    }
    return plan;
  }

  @Override
  public List<Rule> rules() {
    return List.of(new Rule("mark", ObjectKind.POD, Set.of("CREATE"), true, true),
        new Rule("guard", ObjectKind.POD, Set.of("CREATE", "UPDATE"), false, false));
  }

  @Override
  public AdmissionDecision decide(String rule, Request request, ObjectsView objects) {
    Optional<ObjectView> object = request.object();
    if (object.isEmpty()) {
      return AdmissionDecision.allow();
    }
    if (rule.equals("mark")) {
      return marked(object.get()) ? AdmissionDecision.patch(Fields.empty().with("operations", List.of(
          Fields.empty().with("op", "add").with("path", "/spec/containers/0/resources/limits/synthetic.patchbay.dev~1branch")
              .with("value", "1")))) : AdmissionDecision.allow();
    }
    Optional<String> before = request.old().map(o -> o.annotations().getOrDefault(GivenClaim.ANNOTATION, ""));
    String after = object.get().annotations().getOrDefault(GivenClaim.ANNOTATION, "");
    boolean changed = !before.orElse("").equals(after);
    return changed && !request.own()
        ? AdmissionDecision.deny("Only Patchbay's controller writes the annotation " + GivenClaim.ANNOTATION + ".")
        : AdmissionDecision.allow();
  }
}
