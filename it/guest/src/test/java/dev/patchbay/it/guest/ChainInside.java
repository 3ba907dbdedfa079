package dev.patchbay.it.guest;

import static dev.patchbay.it.guest.Packets.doesNotReach;
import static dev.patchbay.it.guest.Packets.reaches;
import static dev.patchbay.it.guest.Packets.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.kube.KubeChange;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.TrunkAssociation;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Patchbay's own controller, and a node whose pods lie in another subnet and have addresses of prefixes: a policy and a pod are made, and
 * all else follows, from the webhook's request to packets, and when the pod goes, to the branch that is given again and deleted in the end.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(2)
@ExtendWith(Stage.Shared.class)
class ChainInside {
  private static final String BLOCK = "100.64.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Lab lab;
  private static Map<String, Subnet> subnets;
  private static LabNode node;
  private static SecurityGroup client;
  private static SecurityGroup server;
  private static AutoCloseable following;
  private static LabPod caller;
  private static LabPod web;
  private static LabPod plain;
  /** When pods were told their branch, and when they were gone, by a clock that never steps. */
  private static final Map<String, Long> TOLD = new ConcurrentHashMap<>();
  private static final Map<String, Long> GONE = new ConcurrentHashMap<>();

  @BeforeAll
  static void build() {
    lab = Stage.current().lab();
    following = lab.kube().objects().follow("pods", "default", ChainInside::heard);
    subnets = PodNetworks.make(lab, "100.64");
    client = group("caller");
    server = group("web");
    lab.model().groups().authorizeIngress(server.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(client.id()))));
    policy("caller", client);
    policy("web", server);
    lab.addReplicas(1);
    node = lab.addNodes(1).getFirst();
    assertThat(node.name()).isEqualTo(Stage.SECOND);
    awaitTheirMeeting();
    caller = pod("caller", "caller");
    web = pod("web", "web");
    plain = pod("plain", "other");
  }

  @AfterAll
  static void remove() throws Exception {
    following.close();
    node.pods().forEach(LabPod::delete);
  }

  /** Until the controller, the API server and the node know what they have to know of each other. */
  private static void awaitTheirMeeting() {
    Until.holds("the webhooks are asked", () ->
        controllerSays(r -> r.at("/admission/ready").asBoolean() && r.at("/admission/registered").asBoolean())
            && says("endpointslices.discovery.k8s.io", "kube-system", "patchbay-cluster-cluster-0",
                slice -> slice.at("/endpoints/0/conditions/ready").asBoolean()));
    Until.holds("the webhook answers", ChainInside::webhookAnswers);
    Until.holds("the scheduler is told of room for branches", () ->
        says("nodes", "", node.name(), n -> n.at("/status/capacity").path(ClusterSide.KEY).asText().equals("9")));
    // What instance metadata shows is looked at twice a minute; a pod that came before would be refused, and tried again.
    Until.holds("the node knows its trunk", () -> nodeSays(r -> r.toString().contains("trunk carries no pods itself")));
    Until.holds("the node says where its pods lie", () -> says("cninodes.vpcresources.k8s.aws", "", node.name(), n ->
        StreamSupport.stream(n.at("/spec/features").spliterator(), false)
            .anyMatch(f -> f.path("name").asText().equals("CustomNetworking") && f.path("value").asText().equals(node.instance().zone()))));
  }

  private static SecurityGroup group(String name) {
    return lab.model().groups().create(lab.vpcId(), name, name, Map.of());
  }

  /** A policy for the pods whose label "app" is its name. */
  private static void policy(String app, SecurityGroup group) {
    lab.kube().objects().create("""
        {"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": {"name": "%1$s", "namespace": "default"},
         "spec": {"podSelector": {"matchLabels": {"app": "%1$s"}}, "securityGroups": {"groupIds": ["%2$s"]}}}
        """.formatted(app, group.id()));
  }

  /**
   * Nothing in what is made but a label: that a branch is wanted, others say. On a busy machine the API server may not wait for the
   * webhook's answer; such a pod is refused, and made anew.
   */
  private static LabPod pod(String name, String app) {
    return Until.there("a pod " + name, () -> {
      try {
        return Optional.of(node.addPod(PodRequest.of(name).labelled("app", app)));
      } catch (CniException again) {
        assertThat(again.toString()).contains("BranchNotRequested");
        return Optional.empty();
      }
    });
  }

  /** Whether the webhook answers, asked by a pod that no node has. */
  private static boolean webhookAnswers() {
    boolean requested = !lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "asked", "namespace": "default", "labels": {"app": "web"}},
         "spec": {"containers": [{"name": "main", "image": "lab/none"}]}}
        """).at("/spec/containers/0/resources/requests").path(ClusterSide.KEY).isMissingNode();
    lab.kube().objects().deleteNow("pods", "default", "asked");
    return requested;
  }

  private static void heard(KubeChange change) {
    String name = change.object().at("/metadata/name").asText();
    if (change.kind() == KubeChange.Kind.DELETED) {
      GONE.put(name, System.nanoTime());
    } else if (change.object().at("/metadata/annotations").has(ClusterSide.KEY)) {
      TOLD.putIfAbsent(name, System.nanoTime());
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError(text, wrong);
    }
  }

  private static JsonNode object(LabPod pod) {
    return lab.kube().objects().get("pods", "default", pod.name()).orElseThrow();
  }

  /** What the controller has written on a pod. */
  private static JsonNode branch(LabPod pod) {
    return json(object(pod).at("/metadata/annotations").path(ClusterSide.KEY).asText()).path(0);
  }

  private static String requested(LabPod pod) {
    return object(pod).at("/spec/containers/0/resources/requests").path(ClusterSide.KEY).asText("");
  }

  private static boolean nodeSays(Predicate<JsonNode> what) {
    return node.daemon().get("/v1/report").filter(NodeDaemon.Answer::ok).map(a -> json(a.body())).filter(what).isPresent();
  }

  private static boolean controllerSays(Predicate<JsonNode> what) {
    return lab.replicas().getFirst().get("/v1/report").filter(NodeDaemon.Answer::ok).map(a -> json(a.body())).filter(what).isPresent();
  }

  /** Whether an object is there that says so. */
  private static boolean says(String resource, String namespace, String name, Predicate<JsonNode> what) {
    return lab.kube().objects().get(resource, namespace, name).filter(what).isPresent();
  }

  /** The branches that EC2 has, of a group. */
  private static List<String> branches(SecurityGroup group) {
    return lab.model().state().interfaces().values().stream().filter(e -> e.kind() == NetworkInterface.Kind.BRANCH
        && e.groups().contains(group.id())).map(NetworkInterface::id).toList();
  }

  private static String kernel(String... command) {
    return node.exec(command).orThrow("look at the node");
  }

  private static NetworkInterface eni(String id) {
    return lab.model().state().networkInterface(id);
  }

  @Test
  @Order(1)
  void whatAPolicyMeansHasItsGroupsFromAdmissionToPackets() {
    assertThat(requested(web)).as("what the webhook has added").isEqualTo("1");
    Subnet there = Optional.ofNullable(subnets.get(node.instance().zone())).orElseThrow();
    assertThat(branch(web).path("subnetCidr").asText()).isEqualTo(there.cidr().toString());
    NetworkInterface made = eni(branch(web).path("eniId").asText());
    assertThat(made.subnetId()).isEqualTo(there.id());
    assertThat(made.groups()).containsExactly(server.id());
    TrunkAssociation hanging = lab.model().state().associations().values().stream().filter(a -> a.branchId().equals(made.id())).findFirst()
        .orElseThrow();
    assertThat(eni(hanging.trunkId()).tags()).containsEntry("patchbay.dev/mode", "sgp");
    assertThat(web.addresses()).extracting(InetAddress::getHostAddress).containsExactly(branch(web).path("privateIp").asText());
    int vlan = branch(web).path("vlanId").asInt();
    assertThat(hanging.vlan()).isEqualTo(vlan);
    assertThat(kernel("ip", "-d", "link", "show", "vlan.eth." + vlan)).contains("802.1Q").contains("id " + vlan + " ")
        .contains(made.mac());

    reaches(caller, web);
    doesNotReach(web, caller);
    assertThat(seen(node.netns(), web.netns(), web.address())).as("a probe").contains(node.address());
    // By the VPC's NAT gateway, which alone translates it.
    assertThat(seen(caller.netns(), lab.fabric().internet(), Fabric.INTERNET_HOST)).isPresent().get().isNotEqualTo(node.publicAddress());
    web.check();
  }

  @Test
  @Order(2)
  void whatNoPolicyMeansIsUntouched() {
    assertThat(requested(plain)).isEmpty();
    assertThat(object(plain).at("/metadata/annotations").has(ClusterSide.KEY)).isFalse();
    assertThat(plain.addresses()).hasSize(2).filteredOn(a -> a instanceof Inet4Address).singleElement().isEqualTo(plain.address())
        .extracting(InetAddress::getHostAddress).asString().startsWith(BLOCK);
    NetworkInterface of = node.interfaces().stream().filter(e -> e.ipv4Prefixes().stream()
        .anyMatch(p -> p.contains(Ip.of(plain.address())))).findFirst().orElseThrow(() -> new AssertionError(plain + " has no address of a prefix"));
    assertThat(of.kind()).isEqualTo(NetworkInterface.Kind.INTERFACE);
    assertThat(of.groups()).containsExactly(lab.nodeGroup().id());
    assertThat(seen(plain.netns(), lab.fabric().internet(), Fabric.INTERNET_HOST)).contains(node.publicAddress());
    assertThat(seen(node.netns(), plain.netns(), plain.address())).contains(node.address());
    doesNotReach(plain, web);
    doesNotReach(web, plain);
    plain.check();
  }

  @Test
  @Order(3)
  void aBranchCoolsDownIsGivenAgainAndGoesInTheEnd() {
    String first = branch(web).path("eniId").asText();
    int vlan = branch(web).path("vlanId").asInt();
    web.delete();
    assertThat(kernel("ip", "link")).doesNotContain("vlan.eth." + vlan + "@");
    Map<String, String> had = new HashMap<>(Map.of(first, "web"));
    LabPod again = Until.there("a branch is given again", () -> {
      LabPod pod = pod("web-" + had.size(), "web");
      String before = had.put(branch(pod).path("eniId").asText(), pod.name());
      if (before == null) {
        pod.delete();
        return Optional.empty();
      }
      assertThat(between(before, pod.name())).as("how long after %s was gone %s has its branch", before, pod)
          .isGreaterThanOrEqualTo(Stage.COOLDOWN);
      return Optional.of(pod);
    });
    reaches(caller, again);
    doesNotReach(again, caller);
    doesNotReach(plain, again);

    List.of(again, caller).forEach(LabPod::delete);
    assertThat(kernel("ip", "link")).doesNotContain("vlan.eth.");
    for (String family : List.of("-4", "-6")) {
      assertThat(kernel("ip", family, "rule")).contains("0:\tfrom all lookup local").doesNotContain("vlan.eth.");
      assertThat(kernel("ip", family, "route", "show", "table", "all")).doesNotContain("vlan.eth.");
    }
    Until.holds("EC2 has no branch", () -> branches(server).isEmpty() && branches(client).isEmpty()
        && lab.model().state().associations().isEmpty());
    // The trunk stays with the instance, and who never had to do with it does not notice.
    assertThat(node.interfaces()).filteredOn(e -> e.kind() == NetworkInterface.Kind.TRUNK).hasSize(1);
    plain.check();
    assertThat(seen(node.netns(), plain.netns(), plain.address())).contains(node.address());
    plain.delete();
    Until.holds("no attachment is left", () -> nodeSays(r -> r.path("attachments").isEmpty()));
  }

  /** How long after a pod was gone another was told its branch. */
  private static Duration between(String gone, String told) {
    return Duration.ofNanos(Optional.ofNullable(TOLD.get(told)).orElseThrow() - Optional.ofNullable(GONE.get(gone)).orElseThrow());
  }
}
