package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Problems;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plans trunks and branches for the whole cluster, one node at a time, and says what is wrong with policies, one namespace at a time.
 */
public final class SgpCluster implements ClusterPlanner {
  /** No name of a node has a slash in it. */
  private static final String NAMESPACE = "policies/";

  private final ClusterSettings settings;

  /**
   * Makes it.
   *
   * @param settings the mode's settings
   */
  public SgpCluster(Fields settings) {
    this.settings = ClusterSettings.of(settings);
  }

  /**
   * {@return the settings of the cluster side}
   */
  public static List<Setting> settings() {
    return ClusterSettings.all();
  }

  /**
   * {@return whether pods with groups have IPv6 addresses, too}
   * @param settings the mode's settings
   */
  public static boolean ipv6(Fields settings) {
    return ClusterSettings.of(settings).ipv6();
  }

  /**
   * {@return the kinds of objects that it reads}
   */
  public static List<ObjectKind> reads() {
    return List.of(ObjectKind.NODE, ObjectKind.POD, ObjectKind.SERVICE_ACCOUNT, Policies.KIND, CniNodes.KIND, EniConfigs.KIND);
  }

  /**
   * {@return needs and those of the cluster side}
   * @param needs the needs
   */
  public static Needs needs(Needs needs) {
    return needs
        .withClusterActions("CreateNetworkInterface", "CreateTags", "DescribeNetworkInterfaces", "AttachNetworkInterface",
            "ModifyNetworkInterfaceAttribute", "AssociateTrunkInterface", "DisassociateTrunkInterface",
            "DescribeTrunkInterfaceAssociations", "DeleteNetworkInterface", "DescribeSubnets", "DescribeInstances")
        .withClusterObjects(ObjectKind.NODE, "get", "list", "watch")
        .withClusterSubresource(ObjectKind.NODE, "status", "patch")
        .withClusterObjects(ObjectKind.POD, "get", "list", "watch", "patch")
        .withClusterObjects(ObjectKind.SERVICE_ACCOUNT, "get", "list", "watch")
        .withClusterObjects(Policies.KIND, "get", "list", "watch")
        .withClusterObjects(CniNodes.KIND, "get", "list", "watch")
        .withClusterSubresource(CniNodes.KIND, "status", "patch")
        .withClusterObjects(EniConfigs.KIND, "get", "list", "watch");
  }

  @Override
  public List<String> keys(ClusterView cluster) {
    Set<String> keys = new TreeSet<>();
    cluster.objects().list(ObjectKind.NODE).forEach(node -> keys.add(node.ref().name()));
    // What nodes that are gone have left of ours still cools down.
    cluster.enis().stream().filter(eni -> eni.key().isPresent()).flatMap(eni -> eni.node().stream()).forEach(keys::add);
    cluster.objects().list(Policies.KIND).forEach(policy -> keys.add(NAMESPACE + policy.ref().namespace()));
    return List.copyOf(keys);
  }

  @Override
  public Answer<ClusterPlan> plan(ClusterView cluster, String key) {
    return key.startsWith(NAMESPACE) ? Answer.of(ClusterPlan.empty().withObjects(policies(cluster, key.substring(NAMESPACE.length()))))
        : new NodePlan(cluster, key, settings).plan();
  }

  /** Said on the policy itself: it would mean no pod in silence, or keep all pods of its namespace from starting. */
  private static ObjectPlan policies(ClusterView cluster, String namespace) {
    ObjectPlan plan = ObjectPlan.empty();
    for (ObjectView policy : cluster.objects().list(Policies.KIND, namespace)) {
      List<String> wrong = Problems.of(policy);
      if (!wrong.isEmpty()) {
        plan = plan.withEvent(policy.ref(), policy.uid(), true, ClusterCodes.POLICY_INVALID, String.join(" ", wrong)
            + " Pods that are made afterwards get its groups.");
      }
    }
    return plan;
  }

  /** Whether a pod is to have a branch: it asked for one, and has not ended. */
  static boolean isServed(ObjectView pod) {
    String phase = pod.content().fields("status").text("phase").orElse("");
    return Requests.asked(pod) && !phase.equals("Succeeded") && !phase.equals("Failed")
        && !pod.content().fields("spec").isTrue("hostNetwork");
  }
}
