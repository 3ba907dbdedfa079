package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Security groups for pods on nodes that carry no trunk: an ordinary interface for each set of groups, shared by the pods that have it. */
@Order(Labs.EARLY)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedGroupsTest {
  private static final String RESOURCE = "vpc.amazonaws.com/pod-eni";
  /** So long nobody answers who is not let in; who is let in is waited for much longer. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static Lab lab;
  private static LabNode near;
  private static String red;
  private static String blue;
  private static LabPod plain;
  private static LabPod admitted;
  private static LabPod other;
  private static LabPod server;

  @BeforeAll
  static void start() {
    // Three interfaces of six addresses, and no trunking. Two of them are kept for pods with groups.
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withReplicas(1).withInstanceType("t3.medium").withIpv6().withConfiguration(
        Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)),
            Map.of("use", "ipv6"), Map.of("use", "sgp", "settings", Map.of("withoutTrunk", "shared-eni", "sharedInterfaces", 2,
                "branchIpv6", true))))));
    red = group("red");
    blue = group("blue");
    String guarded = group("guarded");
    lab.model().groups().authorizeIngress(guarded, List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(red))));
    Map.of("red", red, "blue", blue, "guarded", guarded, "green", group("green")).forEach(SharedGroupsTest::policy);
    lab.addNodes(2);
    near = lab.node(0);
    Until.holds("pods are given the request", () -> lab.kube().objects().get("mutatingwebhookconfigurations.admissionregistration.k8s.io", "",
        "patchbay-cluster").isPresent() && lab.replicas().getFirst().get("/readyz").isPresent());
    plain = near.addPod("plain");
    admitted = near.addPod(PodRequest.of("admitted").labelled("app", "red"));
    other = near.addPod(PodRequest.of("other").labelled("app", "blue"));
    server = lab.node(1).addPod(PodRequest.of("server").labelled("app", "guarded"));
  }

  @AfterAll
  static void end() {
    if (lab != null) {
      lab.close();
    }
  }

  private static String group(String name) {
    return lab.model().groups().create(lab.vpcId(), name, name, Map.of()).id();
  }

  /** A policy for the pods whose label "app" is its name. */
  private static void policy(String name, String group) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "vpcresources.k8s.aws/v1beta1").put("kind", "SecurityGroupPolicy");
    object.putObject("metadata").put("name", name).put("namespace", "default");
    object.putObject("spec").putObject("podSelector").putObject("matchLabels").put("app", name);
    object.withObject("/spec/securityGroups").putArray("groupIds").add(group);
    lab.kube().objects().create(object);
  }

  private static List<NetworkInterface> secondaries(LabNode node) {
    return node.interfaces().stream().skip(1).toList();
  }

  private static boolean answers(NetworkNamespace from, NetworkNamespace to, InetAddress address, Duration longest) {
    Family family = Family.IPV4.has(address) ? Family.IPV4 : Family.IPV6;
    try (Echo echo = Echo.serve(to, family.any(), Probe.port())) {
      return Echo.tcp(from, address, echo.address().getPort(), longest).isPresent();
    }
  }

  private static void assertReaches(LabPod from, LabPod to) {
    for (Family family : Family.values()) {
      assertThat(answers(from.netns(), to.netns(), family.of(to), Until.LONG)).as("%s to %s by %s", from, to, family).isTrue();
    }
  }

  private static void assertShutOut(LabPod from, LabPod to) {
    for (Family family : Family.values()) {
      assertThat(answers(from.netns(), to.netns(), family.of(to), SILENCE)).as("%s to %s by %s", from, to, family).isFalse();
    }
  }

  @Test
  @Order(1)
  void theControllerSaysSoAndTheNodeHasRoom() {
    Until.holds("its CNINode says so", () -> lab.kube().objects().get("cninodes.vpcresources.k8s.aws", "", near.name())
        .filter(n -> n.path("status").path("conditions").toString().contains("SharedInterfaces")).isPresent());
    Until.holds("two interfaces have room for ten pods", () -> lab.kube().objects().get("nodes", "", near.name())
        .filter(n -> n.path("status").path("capacity").path(RESOURCE).asText().equals("10")).isPresent());
    JsonNode pod = lab.kube().objects().get("pods", "default", "admitted").orElseThrow();
    assertThat(pod.at("/spec/containers/0/resources/requests").path(RESOURCE).asText()).isEqualTo("1");
    assertThat(pod.path("metadata").path("annotations").has(RESOURCE)).isFalse();
  }

  @Test
  @Order(2)
  void whatOnePodMayReachTheOtherMayNot() {
    assertThat(secondaries(near)).extracting(NetworkInterface::groups).containsExactlyInAnyOrder(List.of(red), List.of(blue));
    assertThat(Reports.eni(near, admitted.address()).groups()).containsExactly(red);
    assertThat(Reports.eni(near, other.address()).groups()).containsExactly(blue);
    assertReaches(admitted, server);
    assertShutOut(other, server);
    assertShutOut(plain, server);
    assertThat(Probe.seen(admitted.netns(), server.netns(), server.address())).as("seen with its own address").contains(admitted.address());
  }

  @Test
  @Order(3)
  void podsOfTheNodeMeetByTheirGroupsButForThoseThatShareThem() {
    LabPod second = near.addPod(PodRequest.of("second").labelled("app", "red"));
    assertThat(secondaries(near)).as("it shares the interface").hasSize(2);
    assertReaches(second, admitted);
    assertReaches(admitted, second);
    assertShutOut(admitted, other);
    assertShutOut(plain, other);
    // Probes come from the node.
    for (Family family : Family.values()) {
      assertThat(answers(near.netns(), other.netns(), family.of(other), Until.LONG)).isTrue();
    }
    lab.model().groups().authorizeIngress(blue, List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(red))));
    lab.awaitFabric();
    assertReaches(admitted, other);
    assertShutOut(plain, other);
    Stream.of(admitted, other, second, plain).forEach(LabPod::check);
    second.delete();
  }

  @Test
  @Order(4)
  void aThirdSetHasNoPlaceUntilOneIsGivenBack() {
    CniException refused = Pods.refusal(Pods.begin(near, PodRequest.of("third").labelled("app", "green")));
    assertThat(refused.text() + refused.details()).contains("InstanceFull", "there is no place for one", red, blue);
    Until.holds("an Event says so", () -> lab.kube().objects().list("events", "default", "").stream().anyMatch(e ->
        e.path("involvedObject").path("name").asText().equals("third") && e.path("reason").asText().equals("InstanceFull")));
    other.delete();
    long begun = System.nanoTime();
    // It cools down, and one that is younger than a minute is kept.
    Until.holds("its interface goes", Until.LONG.multipliedBy(4), () -> secondaries(near).size() == 1);
    Figures.print("sgp", "an interface went %d s after the last pod with its groups", (System.nanoTime() - begun) / 1_000_000_000L);
    assertThat(secondaries(near).getFirst().groups()).containsExactly(red);
    LabPod third = near.addPod(PodRequest.of("third").labelled("app", "green"));
    assertShutOut(third, server);
    assertReaches(admitted, server);
    third.delete();
  }

  @Test
  @Order(5)
  void theDaemonStartsAnewAndKnowsThem() {
    near.daemon().kill();
    near.daemon().start();
    near.daemon().awaitServing(Until.LONG);
    admitted.check();
    assertReaches(admitted, server);
    List.of(admitted, server, plain).forEach(LabPod::delete);
    Until.holds("nothing is left", Until.LONG.multipliedBy(4), () -> lab.nodes().stream().allMatch(node -> secondaries(node).isEmpty()));
    assertThat(lab.kube().requests().recent()).filteredOn(r -> r.user().startsWith("system:serviceaccount:kube-system:patchbay"))
        .isNotEmpty().noneMatch(r -> r.code() == 403);
  }
}
