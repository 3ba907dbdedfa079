package dev.patchbay.it.simulation;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.mode.sgp.SgpProvider;
import dev.patchbay.simulation.cluster.ClusterHistory;
import dev.patchbay.simulation.cluster.ClusterScene;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cluster of the mode sgp: policies that come, change and go, pods of several applications that request a branch each. */
final class Branches implements ClusterScene {
  static final String KEY = "vpc.amazonaws.com/pod-eni";
  private static final ObjectKind POLICY =
      new ObjectKind("vpcresources.k8s.aws", "v1beta1", "SecurityGroupPolicy", "securitygrouppolicies", true);
  private static final ObjectKind CNI_NODE = new ObjectKind("vpcresources.k8s.aws", "v1alpha1", "CNINode", "cninodes", false);
  private static final ObjectKind ENI_CONFIG = new ObjectKind("crd.k8s.amazonaws.com", "v1alpha1", "ENIConfig", "eniconfigs", false);
  private static final Pattern ENI = Pattern.compile("\"eniId\":\"([^\"]+)\"");
  private static final Pattern VLAN = Pattern.compile("\"vlanId\":([0-9]+)");

  private Branches() {}

  static ClusterHistory history(long seed, Map<String, Object> settings) {
    ModeInstance mode = BuiltIn.mode(new SgpProvider(), settings);
    return ClusterHistory.of(seed, List.of(mode)).with(new Branches());
  }

  /** With the settings as they are, without warm branches, and with branches that follow policies, by turns. */
  static ClusterHistory history(long seed) {
    return history(seed, switch ((int) (seed % 3)) {
      case 0 -> Map.of();
      case 1 -> Map.of("warmBranches", 0L);
      default -> Map.of("followPolicies", true);
    });
  }

  @Override
  public Map<String, String> labels(Chance chance) {
    return Map.of("app", chance.of(List.of("web", "db", "batch")));
  }

  @Override
  public Fields spec() {
    Fields one = Fields.empty().with(KEY, "1");
    return Fields.empty().with("containers", List.of(Fields.empty().with("name", "main").with("resources",
        Fields.empty().with("limits", one).with("requests", one))));
  }

  @Override
  public Optional<Told> told(ObjectRecord pod) {
    return Optional.ofNullable(pod.annotations().get(KEY)).map(text -> {
      Matcher eni = ENI.matcher(text);
      Matcher vlan = VLAN.matcher(text);
      if (!eni.find() || !vlan.find()) {
        throw new IllegalStateException("a pod was told " + text);
      }
      return new Told(eni.group(1), Integer.parseInt(vlan.group(1)));
    });
  }

  @Override
  public Set<ObjectKind> kinds() {
    return Set.of(POLICY, CNI_NODE, ENI_CONFIG, ObjectKind.SERVICE_ACCOUNT);
  }

  @Override
  public List<ObjectRecord> ofNode(String name) {
    return List.of(object(CNI_NODE, "", name, Fields.empty().with("spec", Fields.empty().with("features",
        List.of(Fields.empty().with("name", "SecurityGroupsForPods"))))));
  }

  @Override
  public boolean namesComeAgain() {
    return true;
  }

  @Override
  public List<List<ObjectRecord>> states() {
    ObjectRecord account = object(ObjectKind.SERVICE_ACCOUNT, "default", "default", Fields.empty());
    return List.of(
        List.of(account, policy("web", "web", "sg-00000000000000001"), policy("db", "db", "sg-00000000000000002"),
            policy("batch", "batch", "sg-00000000000000001")),
        List.of(account, policy("web", "web", "sg-00000000000000001", "sg-00000000000000003"), policy("db", "db", "sg-00000000000000002"),
            policy("all", "", "sg-00000000000000004")),
        List.of(account),
        List.of(account, policy("all", "", "sg-00000000000000001"), policy("none", "web")));
  }

  private static ObjectRecord policy(String name, String app, String... groups) {
    Fields selector = app.isEmpty() ? Fields.empty() : Fields.empty().with("matchLabels", Fields.empty().with("app", app));
    return object(POLICY, "default", name, Fields.empty().with("spec", Fields.empty().with("podSelector", selector)
        .with("securityGroups", Fields.empty().with("groupIds", List.of(groups)))));
  }

  private static ObjectRecord object(ObjectKind kind, String namespace, String name, Fields content) {
    return new ObjectRecord(new ObjectRef(kind, namespace, name), "uid-" + kind.plural() + "-" + name, "", Map.of(), Map.of(), content);
  }
}
