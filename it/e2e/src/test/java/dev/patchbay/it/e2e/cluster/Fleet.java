package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.Replica;
import dev.patchbay.lab.calls.Recorder.Call;
import dev.patchbay.lab.kube.KubeChange;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.TrunkAssociation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A lab with the controller and many nodes that are instances and objects alone: nobody runs on them. All that ever is written about
 * branches on pods is remembered and judged.
 */
final class Fleet implements AutoCloseable {
  static final String RESOURCE = "vpc.amazonaws.com/pod-eni";
  private static final ObjectMapper JSON = new ObjectMapper();

  final Lab lab;
  private final Duration cooldown;
  private final AutoCloseable following;
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<String> instances = new ArrayList<>();

  /** What a pod was told of its branch, and when the pod was gone. */
  private record Told(String pod, JsonNode branch, String text, Optional<Instant> goneAt) {}

  private Fleet(Lab lab, Duration cooldown) {
    this.lab = lab;
    this.cooldown = cooldown;
    this.following = lab.kube().objects().follow("pods", "default", this::heard);
  }

  /**
   * Starts it, without nodes.
   *
   * @param cooldown how long branches cool down
   * @param settings further settings of the mode
   * @param lease how long the Lease of the replica that acts holds; a machine that is busy must not cost it the Lease
   */
  static Fleet start(Duration cooldown, Map<String, Object> settings, String lease) {
    Map<String, Object> mode = new TreeMap<>(settings);
    mode.put("branchCooldown", cooldown.toMillis() + "ms");
    return new Fleet(Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withReplicas(2).withConfiguration(Map.of(
        "controller", Map.of("leaseDuration", lease, "lookEvery", "10s"), "modes", List.of(Map.of("use", "secondary-ip"),
            Map.of("use", "sgp", "settings", mode))))), cooldown);
  }

  /** Adds nodes that ask for a trunk. */
  List<String> addNodes(int count, String type) {
    String subnet = lab.model().state().subnets().values().stream().filter(s -> s.publicOnLaunch()).findFirst().orElseThrow().id();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "n" + instances.size();
      Instance instance = lab.model().instances().launch(type, InterfaceRequest.in(subnet).groups(List.of(lab.nodeGroup().id())).build(),
          Optional.empty(), Map.of("Name", name));
      instances.add(instance.id());
      create(Map.of("apiVersion", "v1", "kind", "Node", "metadata", Map.of("name", name), "spec",
          Map.of("providerID", "aws:///" + instance.zone() + "/" + instance.id())));
      create(Map.of("apiVersion", "vpcresources.k8s.aws/v1alpha1", "kind", "CNINode", "metadata", Map.of("name", name), "spec",
          Map.of("features", List.of(Map.of("name", "SecurityGroupsForPods", "value", "")))));
      names.add(name);
    }
    return names;
  }

  void create(Map<String, Object> object) {
    lab.kube().objects().create((ObjectNode) JSON.valueToTree(object));
  }

  String group(String name) {
    return lab.model().groups().create(lab.vpcId(), name, name, Map.of()).id();
  }

  /** A policy for the pods whose label "app" is its name. */
  void policy(String name, List<String> groups) {
    create(Map.of("apiVersion", "vpcresources.k8s.aws/v1beta1", "kind", "SecurityGroupPolicy", "metadata", Map.of("name", name, "namespace",
        "default"), "spec", Map.of("podSelector", Map.of("matchLabels", Map.of("app", name)), "securityGroups",
            Map.of("groupIds", groups))));
  }

  void pod(String name, String node, String app) {
    Map<String, String> one = Map.of(RESOURCE, "1");
    create(Map.of("apiVersion", "v1", "kind", "Pod", "metadata", Map.of("name", name, "namespace", "default", "labels", Map.of("app", app)),
        "spec", Map.of("nodeName", node, "containers", List.of(Map.of("name", "main", "image", "lab/none", "resources",
            Map.of("limits", one, "requests", one))))));
  }

  void delete(String pod) {
    lab.kube().objects().deleteNow("pods", "default", pod);
  }

  List<String> pods() {
    return lab.kube().objects().list("pods", "default", "").stream().map(p -> p.path("metadata").path("name").asText()).toList();
  }

  Optional<JsonNode> branch(String pod) {
    return lab.kube().objects().get("pods", "default", pod).flatMap(Fleet::branch).map(JsonNode::deepCopy);
  }

  private static Optional<JsonNode> branch(JsonNode pod) {
    String text = pod.path("metadata").path("annotations").path(RESOURCE).asText();
    return text.isEmpty() ? Optional.empty() : Optional.of(parsed(text).get(0));
  }

  static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("no JSON: " + text, wrong);
    }
  }

  boolean allHaveBranches() {
    return lab.kube().objects().list("pods", "default", "").stream().allMatch(p -> branch(p).isPresent());
  }

  void awaitBranches(Duration longest) {
    Until.holds("all pods have branches", longest, this::allHaveBranches);
  }

  /** Called by one thread at a time. */
  private void heard(KubeChange change) {
    String uid = change.object().path("metadata").path("uid").asText();
    String name = change.object().path("metadata").path("name").asText();
    String text = change.object().path("metadata").path("annotations").path(RESOURCE).asText();
    Told before = told.get(uid);
    if (change.kind() == KubeChange.Kind.DELETED) {
      if (before != null) {
        told.put(uid, new Told(name, before.branch(), before.text(), Optional.of(Instant.now())));
      }
      return;
    }
    if (before != null && !before.text().equals(text)) {
      breach(name + " had " + before.text() + " and has " + text);
    }
    if (before != null || text.isEmpty()) {
      return;
    }
    JsonNode branch = parsed(text).get(0);
    // Half of it, since this may hear of a pod's end later than the controller does.
    for (Told other : told.values()) {
      boolean same = other.branch().path("eniId").equals(branch.path("eniId")) || other.branch().path("privateIp").equals(branch.path("privateIp"));
      if (same && other.goneAt().filter(gone -> !gone.plus(cooldown.dividedBy(2)).isAfter(Instant.now())).isEmpty()) {
        breach(name + " got " + text + ", which " + other.pod() + " had until " + other.goneAt());
      }
    }
    told.put(uid, new Told(name, branch, text, Optional.empty()));
  }

  private void breach(String what) {
    synchronized (breaches) {
      breaches.add(what);
    }
  }

  List<String> breaches() {
    synchronized (breaches) {
      return List.copyOf(breaches);
    }
  }

  /** The interfaces that are the mode's. */
  List<NetworkInterface> ours(String type) {
    return lab.model().state().interfaces().values().stream().filter(e -> e.kind().wire().equals(type)
        && e.tags().getOrDefault("patchbay.dev/mode", "").equals("sgp")).toList();
  }

  /** Each pod's branch is there, hangs on its node's trunk as the pod was told, and no pod shares anything. */
  void assertAllIsAsTold() {
    Map<String, TrunkAssociation> hanging = lab.model().state().associations().values().stream()
        .collect(Collectors.toMap(TrunkAssociation::branchId, a -> a));
    assertThat(hanging.values().stream().map(a -> a.trunkId() + " " + a.vlan())).as("VLAN ids on trunks").doesNotHaveDuplicates();
    List<String> given = new ArrayList<>();
    for (ObjectNode pod : lab.kube().objects().list("pods", "default", "")) {
      JsonNode branch = branch(pod).orElseThrow(() -> new AssertionError(pod.path("metadata").path("name") + " has no branch"));
      String id = branch.path("eniId").asText();
      TrunkAssociation association = Optional.ofNullable(hanging.get(id))
          .orElseThrow(() -> new AssertionError(branch + " hangs on no trunk"));
      assertThat(association.vlan()).isEqualTo(branch.path("vlanId").asInt());
      assertThat(association.id()).isEqualTo(branch.path("associationID").asText());
      NetworkInterface eni = lab.model().state().networkInterface(id);
      assertThat(eni.mac()).isEqualTo(branch.path("ifAddress").asText());
      assertThat(eni.primary().map(Object::toString)).contains(branch.path("privateIp").asText());
      NetworkInterface trunk = lab.model().state().networkInterface(association.trunkId());
      String node = pod.path("spec").path("nodeName").asText();
      assertThat(trunk.attachment().map(a -> a.instanceId())).contains(instances.get(Integer.parseInt(node.substring(1))));
      given.add(id);
      given.add(branch.path("privateIp").asText());
    }
    assertThat(given).as("branches and addresses given").doesNotHaveDuplicates();
    assertThat(breaches()).isEmpty();
  }

  /** Reports of the replica that acts; of none if none does. */
  Optional<Replica> leader() {
    return lab.replicas().stream().filter(r -> r.get("/v1/report").filter(NodeDaemon.Answer::ok)
        .filter(a -> parsed(a.body()).path("leads").asBoolean()).isPresent()).findFirst();
  }

  /** What the replicas that run have cost so far. */
  double processorSeconds() {
    return lab.replicas().stream().flatMap(r -> r.pid().stream()).flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(process -> process.info().totalCpuDuration().stream()).mapToDouble(spent -> spent.toMillis() / 1e3).sum();
  }

  /** What the replicas asked EC2 for, by action and outcome. */
  Map<String, Long> calls() {
    return all().stream().collect(Collectors.groupingBy(c -> c.action() + (c.outcome().equals("ok") ? "" : " " + c.outcome()), TreeMap::new,
        Collectors.counting()));
  }

  List<Call> all() {
    return lab.recorder().calls().stream().filter(c -> c.service().equals("ec2") && c.caller().startsWith("cluster-")).toList();
  }

  /** The Events of a reason about an object. */
  List<String> events(String reason, String name) {
    return lab.kube().objects().list("events", "default", "").stream().filter(e -> e.path("reason").asText().equals(reason)
        && e.path("involvedObject").path("name").asText().equals(name)).map(e -> e.path("message").asText()).toList();
  }

  @Override
  public void close() {
    try (lab) {
      following.close();
    } catch (Exception e) {
      throw new AssertionError("following pods does not end", e);
    }
  }
}
