package dev.patchbay.core.needs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.net.AddressFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SideNeedsTest {
  private static final ObjectKind CONFIG = new ObjectKind("example.com", "v1", "SubnetConfig", "subnetconfigs", false);

  private static final Map<String, ModeDescriptor> MODES = modes();

  private static Map<String, ModeDescriptor> modes() {
    Map<String, ModeDescriptor> modes = new LinkedHashMap<>();
    modes.put("first", ModeDescriptor.of("First.").needs(Needs.none()
        .withNodeActions("CreateTags", "DescribeNetworkInterfaces", "BlessNetworkInterface")
        .withClusterActions("DeleteNetworkInterface")
        .withKernelFeatures("veth", "nftables").withSysctls("net.ipv4.ip_forward=1")).build());
    modes.put("second", ModeDescriptor.of("Second.").nodeReads(CONFIG).clusterReads(ObjectKind.POD).needs(Needs.none()
        .withNodeActions("CreateTags", "AttachNetworkInterface")
        .withNodeObjects(CONFIG, "get", "list", "watch")
        .withNodeSubresource(CONFIG, "status", "patch")
        .withClusterObjects(ObjectKind.NODE, "patch")).build());
    return modes;
  }

  @Test
  void needsAreAddedUpWithWhoHasThem() {
    SideNeeds node = SideNeeds.of(Side.NODE, MODES);
    assertThat(node.actions().get("CreateTags")).containsExactly("first", "second");
    assertThat(node.actions().get("DescribeNetworkInterfaces")).containsExactly("first", "patchbay");
    assertThat(node.actions()).doesNotContainKey("DeleteNetworkInterface");
    assertThat(node.kernelFeatures().get("nftables")).containsExactly("first", "patchbay");
    assertThat(node.kernelFeatures()).containsOnlyKeys("veth", "nftables", "conntrack", "policy-routing");
    assertThat(node.sysctls()).containsOnlyKeys("net.ipv4.ip_forward=1");
    assertThat(node.grants().keySet()).extracting(SideNeeds.Grant::toString)
        .contains("get nodes", "create events", "patch nodes/status", "get pods", "watch subnetconfigs.example.com",
            "patch subnetconfigs/status.example.com")
        .doesNotContain("patch nodes", "list pods");
  }

  @Test
  void theOtherSideHasNeedsOfItsOwn() {
    SideNeeds cluster = SideNeeds.of(Side.CLUSTER, MODES);
    assertThat(cluster.actions()).containsOnlyKeys("DeleteNetworkInterface", "DescribeInstances", "DescribeNetworkInterfaces");
    assertThat(cluster.actions().get("DeleteNetworkInterface")).containsExactly("first", "patchbay");
    assertThat(cluster.kernelFeatures()).isEmpty();
    assertThat(cluster.sysctls()).isEmpty();
    assertThat(cluster.grants().keySet()).extracting(SideNeeds.Grant::toString)
        .containsExactly("create events", "patch events", "get nodes", "list nodes", "patch nodes", "watch nodes", "get pods", "list pods",
            "watch pods", "delete mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "get mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "delete validatingwebhookconfigurations.admissionregistration.k8s.io",
            "get validatingwebhookconfigurations.admissionregistration.k8s.io", "create leases.coordination.k8s.io", "get leases.coordination.k8s.io", "patch leases.coordination.k8s.io");
  }

  @Test
  void theLeaseIsWrittenInTheOwnNamespaceAlone() {
    List<Map<String, Object>> objects =
        RbacRules.granting(SideNeeds.of(Side.CLUSTER, MODES).grants().keySet()).manifests("patchbay-cluster", "network");
    assertThat(objects).extracting(o -> o.get("kind"))
        .containsExactly("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    assertThat(objects.get(1).toString()).contains("nodes").doesNotContain("leases");
    assertThat(objects.get(3)).containsEntry("metadata", Map.of("name", "patchbay-cluster", "namespace", "network"))
        .containsEntry("rules", List.of(Map.of("apiGroups", List.of("coordination.k8s.io"), "resources", List.of("leases"), "verbs",
            List.of("get", "create", "patch"))));
    assertThat(RbacRules.granting(SideNeeds.of(Side.NODE, MODES).grants().keySet()).manifests("patchbay-node", "network")).hasSize(3);
  }

  @Test
  void admissionMayTouchItsOwnObjectsAlone() {
    Map<String, ModeDescriptor> modes = Map.of("asked", ModeDescriptor.of("Decides.").admits().build());
    List<Map<String, Object>> objects =
        RbacRules.granting(SideNeeds.of(Side.CLUSTER, modes).grants().keySet()).manifests("patchbay-cluster", "network");
    assertThat(objects.get(1).toString()).doesNotContain("secrets")
        .contains("resources=[mutatingwebhookconfigurations], verbs=[create]}",
            "resources=[mutatingwebhookconfigurations], resourceNames=[patchbay-cluster], verbs=[get, patch, delete]}",
            "resources=[validatingwebhookconfigurations], resourceNames=[patchbay-cluster], verbs=[get, patch, delete]}");
    assertThat(objects.get(3).toString()).contains("resources=[secrets], verbs=[create]}",
        "resources=[secrets], resourceNames=[patchbay-cluster-webhook], verbs=[get, patch]}");
    assertThat(RbacRules.granting(SideNeeds.of(Side.CLUSTER, MODES).grants().keySet()).rules().toString())
        .as("without a mode that decides, what is left over is taken back and nothing else").doesNotContain("secrets", "create, patch, delete")
        .contains("resourceNames: [patchbay-cluster], verbs: [get, delete]");
  }

  @Test
  void thePolicyAllowsWhatIsNeededOnTheKindsOfResourcesThatEc2Checks() {
    IamPolicy policy = IamPolicy.allowing(SideNeeds.of(Side.NODE, MODES).actions().keySet(), "aws-cn");
    String interfaces = "arn:aws-cn:ec2:*:*:network-interface/*";
    assertThat(policy.statements()).containsExactly(
        new IamPolicy.Statement(
            List.of("ec2:BlessNetworkInterface", "ec2:DescribeInstanceTypes", "ec2:DescribeNetworkInterfaces"), List.of("*")),
        new IamPolicy.Statement(List.of("ec2:CreateTags"), List.of(interfaces)),
        new IamPolicy.Statement(List.of("ec2:AttachNetworkInterface"), List.of("arn:aws-cn:ec2:*:*:instance/*", interfaces)));
    assertThat(policy.actions()).hasSize(5);
    assertThat(policy.json()).containsEntry("Version", "2012-10-17");
  }

  @Test
  void oneActionGetsAStatementToPaste() {
    assertThat(IamPolicy.statement("CreateTags", IamPolicy.partition("eu-west-1"))).hasToString(
        "{\"Effect\": \"Allow\", \"Action\": [\"ec2:CreateTags\"], \"Resource\": [\"arn:aws:ec2:*:*:network-interface/*\"]}");
  }

  @Test
  void rulesOfAGroupWithTheSameVerbsAreOne() {
    RbacRules rules = RbacRules.granting(SideNeeds.of(Side.NODE, MODES).grants().keySet());
    assertThat(rules.rules()).containsExactly(
        new RbacRules.Rule("", List.of("events"), List.of("create", "patch"), List.of()),
        new RbacRules.Rule("", List.of("nodes"), List.of("get", "list", "watch"), List.of()),
        new RbacRules.Rule("", List.of("nodes/status"), List.of("patch"), List.of()),
        new RbacRules.Rule("", List.of("pods"), List.of("get"), List.of()),
        new RbacRules.Rule("example.com", List.of("subnetconfigs"), List.of("get", "list", "watch"), List.of()),
        new RbacRules.Rule("example.com", List.of("subnetconfigs/status"), List.of("patch"), List.of()));
    assertThat(rules.rules().get(1)).hasToString("{apiGroups: [\"\"], resources: [nodes], verbs: [get, list, watch]}");
  }

  @Test
  void theRoleIsBoundToTheServiceAccount() {
    List<Map<String, Object>> objects = RbacRules.granting(List.of()).manifests("patchbay-node", "somewhere");
    assertThat(objects).extracting(o -> o.get("kind")).containsExactly("ServiceAccount", "ClusterRole", "ClusterRoleBinding");
    assertThat(objects.get(0).get("metadata")).isEqualTo(Map.of("name", "patchbay-node", "namespace", "somewhere"));
    assertThat(objects.get(2).get("roleRef"))
        .isEqualTo(Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "ClusterRole", "name", "patchbay-node"));
    assertThat(objects.get(2).get("subjects"))
        .isEqualTo(List.of(Map.of("kind", "ServiceAccount", "namespace", "somewhere", "name", "patchbay-node")));
  }

  @Test
  void whoClaimsPodsReadsThem() {
    Map<String, ModeDescriptor> claims = Map.of("claims", ModeDescriptor.of("Claims.")
        .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4)).nodeReads(CONFIG).build());
    assertThat(NodeReads.of(claims.values())).containsExactly(ObjectKind.NODE, CONFIG, ObjectKind.POD);
    assertThat(SideNeeds.of(Side.NODE, claims).grants().keySet()).extracting(SideNeeds.Grant::toString)
        .contains("list pods", "watch pods");
    assertThat(NodeReads.of(MODES.values())).containsExactly(ObjectKind.NODE, CONFIG);
  }
}
