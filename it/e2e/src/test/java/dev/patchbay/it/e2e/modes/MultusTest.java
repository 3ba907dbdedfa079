package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Pods with more than one interface, with Debian's CNI plugins and with some that misbehave. */
@Order(Labs.EARLY)
class MultusTest {
  private static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  private static final String STATUS = "k8s.v1.cni.cncf.io/network-status";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Lab lab;
  private static LabNode node;
  private static Subnet other;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("m5.large").withConfiguration(Map.of(
        "cni", Map.of("delegateLimit", "3s"), "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)), Map.of("use", "multus")))));
    lab.model().blocks().add(lab.vpcId(), Cidr.parse("100.64.0.0/16"));
    String region = lab.model().settings().region();
    other = lab.model().network().createSubnet(lab.vpcId(), region + "a", Cidr.parse("100.64.7.0/24"), Optional.empty(), false, Map.of());
    lab.model().network().createSubnet(lab.vpcId(), region + "b", Cidr.parse("100.64.8.0/24"), Optional.empty(), false, Map.of());
    lab.awaitFabric();
    lab.addNodes(1);
    node = lab.node(0);
    network("vpc", "{'cniVersion':'1.0.0','type':'patchbay-cni','subnets':['" + other.id() + "']}");
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  /** Makes a network; its configuration is written with single quotes. */
  private static void network(String name, String config) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "k8s.cni.cncf.io/v1")
        .put("kind", "NetworkAttachmentDefinition");
    object.putObject("metadata").put("name", name).put("namespace", "default");
    object.putObject("spec").put("config", config.replace('\'', '"'));
    lab.kube().objects().create(object);
  }

  private static Path ipam() {
    return node.runState().resolve("ipam");
  }

  private static String hostLocal(String subnet) {
    return "{'type':'host-local','dataDir':'" + ipam() + "','subnet':'" + subnet + "'}";
  }

  private static String macvlan(String subnet) {
    return "{'cniVersion':'1.0.0','type':'macvlan','master':'eth0','ipam':" + hostLocal(subnet) + "}";
  }

  private static LabPod pod(String name, String networks) {
    return node.addPod(PodRequest.of(name).annotated(NETWORKS, networks.replace('\'', '"')));
  }

  /** The addresses that host-local has given out. */
  private static List<String> given() {
    try (Stream<Path> files = Files.isDirectory(ipam()) ? Files.walk(ipam()) : Stream.empty()) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).filter(f -> f.matches("[0-9.]+")).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode status(LabPod pod) {
    return status(pod.name());
  }

  private static JsonNode status(String pod) {
    String text = Until.there("the status of " + pod, () -> lab.kube().objects().get("pods", "default", pod)
        .map(o -> o.path("metadata").path("annotations").path(STATUS).asText("")).filter(t -> !t.isEmpty()));
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the status of " + pod + " is no JSON: " + text, e);
    }
  }

  private static InetAddress address(JsonNode status, int index) {
    return InetAddress.ofLiteral(status.path(index).path("ips").path(0).asText());
  }

  private static void nothingIsLeft() {
    Until.holds("nothing is attached", () -> Reports.of(node).path("attachments").isEmpty());
    assertThat(given()).isEmpty();
    // What the container runtime sees of the node's devices: neither macvlan nor the host's ends of pairs.
    assertThat(node.exec("ip", "-o", "link").output()).doesNotContain("macvlan", "eni");
  }

  @Test
  void podsOfANodeMeetOnAMacvlanAndItsDefaultRouteCanBeTaken() {
    network("fast", macvlan("10.77.1.0/24"));
    LabPod one = pod("one", "fast");
    LabPod two = pod("two", "[{'name':'fast','interface':'data0','default-route':['10.77.1.254']}]");
    JsonNode first = status(one);
    JsonNode second = status(two);
    assertThat(first.path(0).path("default").asBoolean()).isTrue();
    assertThat(first.path(0).path("ips").path(0).asText()).isEqualTo(one.address().getHostAddress());
    assertThat(first.path(1).path("name").asText()).isEqualTo("default/fast");
    assertThat(first.path(1).path("interface").asText()).isEqualTo("net1");
    assertThat(first.path(1).path("mac").asText()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    assertThat(second.path(1).path("interface").asText()).isEqualTo("data0");
    InetAddress far = address(second, 1);
    assertThat(Probe.seen(one.netns(), two.netns(), far)).contains(address(first, 1));
    assertThat(Probe.seen(two.netns(), one.netns(), address(first, 1))).contains(far);
    assertThat(one.exec("ip", "-4", "route", "show", "default").output()).contains("dev eth0").doesNotContain("net1");
    assertThat(two.exec("ip", "-4", "route", "show", "default").output().lines()).singleElement().asString()
        .startsWith("default via 10.77.1.254 dev data0");
    one.check();
    two.check();
    Until.holds("an Event tells of it", () -> lab.kube().objects().list("events", "default", "").stream()
        .anyMatch(e -> e.path("reason").asText().equals("AddedInterface")
            && e.path("message").asText().contains("Add data0 [" + far.getHostAddress() + "/24] from default/fast")));
    assertThat(given()).hasSize(2);
    one.delete();
    two.delete();
    nothingIsLeft();
  }

  @Test
  void threeInterfacesEachWithItsOwnAddress() {
    network("side", macvlan("10.77.2.0/24"));
    LabPod wide = pod("wide", "side,vpc,side@again0");
    LabPod peer = pod("peer", "side,vpc");
    JsonNode mine = status(wide);
    JsonNode theirs = status(peer);
    List<String> names = new ArrayList<>();
    mine.forEach(s -> names.add(s.path("name").asText() + " " + s.path("interface").asText()));
    assertThat(names.subList(1, 4)).containsExactly("default/side net1", "default/vpc net2", "default/side again0");
    assertThat(address(mine, 2).getHostAddress()).startsWith("100.64.7.");
    // EC2 has the address, on an interface in the network's subnet.
    assertThat(Reports.eni(node, address(mine, 2)).subnetId()).isEqualTo(other.id());
    for (int i = 0; i < 3; i++) {
      assertThat(Probe.seen(wide.netns(), peer.netns(), address(theirs, i))).as("there by interface " + i).contains(address(mine, i));
      assertThat(Probe.seen(peer.netns(), wide.netns(), address(mine, i))).as("back by interface " + i).contains(address(theirs, i));
    }
    wide.check();
    wide.delete();
    peer.delete();
    nothingIsLeft();
  }

  @Test
  void thePodsFirstInterfaceMayBeAnotherPluginsOrOfAnotherLane() {
    network("main", macvlan("10.77.5.0/24"));
    LabPod made = node.addPod(PodRequest.of("made").annotated("v1.multus-cni.io/default-network", "default/main"));
    LabPod laned = node.addPod(PodRequest.of("laned").annotated("v1.multus-cni.io/default-network", "default/vpc"));
    assertThat(made.address().getHostAddress()).startsWith("10.77.5.");
    assertThat(made.result().path("interfaces").path(0).path("name").asText()).isEqualTo("eth0");
    assertThat(status(made).path(0).path("name").asText()).isEqualTo("default/main");
    assertThat(laned.address().getHostAddress()).startsWith("100.64.7.");
    assertThat(Probe.seen(laned.netns(), node.netns(), node.address())).contains(laned.address());
    made.check();
    laned.check();
    made.delete();
    laned.delete();
    nothingIsLeft();
  }

  @Test
  void aPluginThatMisbehavesLeavesNothingAndSaysWhatIsWrong() {
    network("good", macvlan("10.77.3.0/24"));
    plugin("failing", "[ \"$CNI_COMMAND\" = ADD ] || exit 0; echo '{\"cniVersion\":\"1.0.0\",\"code\":100,\"msg\":\"no luck\",\"details\":\"none at all\"}'; exit 1");
    plugin("hanging", "[ \"$CNI_COMMAND\" = ADD ] && sleep 600 & wait");
    plugin("rubbish", "echo 'this is no result'");
    plugin("otherversion", "echo '{\"cniVersion\":\"0.4.0\"}'");
    Map<String, String> words = Map.of("failing", "no luck; none at all (code 100)", "hanging", "did not end within 3 s",
        "rubbish", "this is no result", "otherversion", "version 0.4.0", "vanished", "could not be started");
    for (Map.Entry<String, String> each : words.entrySet()) {
      network(each.getKey(), "{'cniVersion':'1.0.0','type':'" + each.getKey() + "'}");
      CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of("with-" + each.getKey())
          .annotated(NETWORKS, "good," + each.getKey())));
      assertThat(refused.text() + refused.details()).contains("DelegateFailed", "default/" + each.getKey(), each.getValue());
      nothingIsLeft();
    }
  }

  @Test
  void whatCantBeIsRefusedWithTheObjectsName() {
    network("circle", "{'cniVersion':'1.0.0','plugins':[{'type':'patchbay-cni'}]}");
    network("torn", "{'cniVersion'");
    refused("nowhere", "NoNetworkFound", "default/nowhere");
    refused("circle", "NetworkInvalid", "default/circle");
    refused("torn", "NetworkInvalid", "default/torn");
    refused("[{", "PodInvalid", "it ends too early");
    refused("vpc@eth0", "PodInvalid", "default/vpc");
    refused("vpc@a-name-that-is-too-long", "PodInvalid", "a-name-that-is-too-long");
    refused("[{\"name\":\"vpc\",\"mac\":\"02:00:00:00:00:01\"}]", "NetworkIncapable", "mac");
    nothingIsLeft();
  }

  private static void refused(String networks, String code, String word) {
    String name = "wrong-" + Integer.toHexString(networks.hashCode());
    CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of(name).annotated(NETWORKS, networks)));
    assertThat(refused.text() + refused.details()).contains(code, word);
  }

  @Test
  void aDaemonThatIsKilledBetweenTwoPluginsLosesAndLeavesNothing() throws IOException {
    network("kept", macvlan("10.77.4.0/24"));
    Path reached = node.runState().resolve("reached");
    plugin("slow", "if [ \"$CNI_COMMAND\" = ADD ]; then echo \"$CNI_CONTAINERID\" >> " + reached + "; sleep 600 & wait; fi");
    network("slow", "{'cniVersion':'1.0.0','type':'slow'}");
    LabPod stays = pod("stays", "kept");
    for (int round = 0; round < 5; round++) {
      Future<LabPod> cut = Pods.begin(node, PodRequest.of("cut" + round).annotated(NETWORKS, "kept,slow"));
      Until.holds("the second plugin runs", () -> Files.exists(reached));
      node.daemon().kill();
      assertThat(Pods.refusal(cut).code()).isEqualTo(11);
      Files.delete(reached);
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      // What the plugins had made is undone by the calls that come next.
      LabPod next = pod("next" + round, "kept");
      Until.holds("what was cut off is gone", () -> {
        stays.check();
        return Reports.attachments(node).stream().noneMatch(a -> a.contains("cut"));
      });
      next.delete();
      Until.holds("the rest, too", () -> Reports.of(node).path("attachments").size() == 2);
      assertThat(given()).hasSize(1);
      stays.check();
    }
    stays.delete();
    nothingIsLeft();
    Figures.print("multus", "killed 5 times between two plugins: nothing lost or left");
  }

  /** Installs a plugin that is a script. */
  private static void plugin(String name, String script) {
    Path file = node.cniBin().resolve(name);
    try {
      Files.writeString(file, "#!/bin/sh\ncat > /dev/null\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
