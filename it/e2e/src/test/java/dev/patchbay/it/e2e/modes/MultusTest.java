package dev.patchbay.it.e2e.modes;

import static dev.patchbay.it.e2e.modes.Networks.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.patchbay.lab.MoreNetworks;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pods with more than one interface, with Debian's CNI plugins and with some that misbehave. */
@Order(Labs.EARLY)
class MultusTest {
  private static final int ROUNDS = 51;
  private static final int WARM_UP = 5;

  private static Lab lab;
  private static Networks networks;
  private static LabNode node;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("m5.large").withConfiguration(Map.of(
        "cni", Map.of("delegateLimit", "3s"), "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)), Map.of("use", "multus", "settings", Map.of("namespaceIsolation", true))))));
    networks = new Networks(lab);
    Subnet other = MoreNetworks.subnet(lab, "100.64.7.0/24", "a");
    lab.addNodes(1);
    node = lab.node(0);
    networks.define("vpc", "{'cniVersion':'1.0.0','type':'patchbay-cni','subnets':['" + other.id() + "']}");
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private static String macvlan(String subnet) {
    return networks.macvlan("eth0", networks.hostLocal(subnet));
  }

  private static void nothingIsLeft() {
    Until.holds("nothing is attached", () -> Reports.of(node).path("attachments").isEmpty());
    assertThat(networks.given()).isEmpty();
    // What the container runtime sees of the node's devices: neither macvlan nor the host's ends of pairs.
    assertThat(node.exec("ip", "-o", "link").output()).doesNotContain("macvlan", "eni");
  }

  @Test
  void podsOfANodeMeetOnAMacvlanAndItsDefaultRouteCanBeTaken() {
    networks.define("fast", macvlan("10.77.1.0/24"));
    LabPod one = pod(node, "one", "fast");
    LabPod two = pod(node, "two", "[{'name':'fast','interface':'data0','default-route':['10.77.1.254']}]");
    JsonNode first = networks.status(one);
    JsonNode second = networks.status(two);
    assertThat(first.path(0).path("default").asBoolean()).isTrue();
    assertThat(first.path(0).path("ips").path(0).asText()).isEqualTo(one.address().getHostAddress());
    assertThat(first.path(1).path("name").asText()).isEqualTo("default/fast");
    assertThat(first.path(1).path("interface").asText()).isEqualTo("net1");
    assertThat(first.path(1).path("mac").asText()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    assertThat(second.path(1).path("interface").asText()).isEqualTo("data0");
    InetAddress far = networks.address(two, "data0");
    assertThat(Probe.seen(one.netns(), two.netns(), far)).contains(networks.address(one, "net1"));
    assertThat(Probe.seen(two.netns(), one.netns(), networks.address(one, "net1"))).contains(far);
    assertThat(one.exec("ip", "-4", "route", "show", "default").output()).contains("dev eth0").doesNotContain("net1");
    assertThat(two.exec("ip", "-4", "route", "show", "default").output().lines()).singleElement().asString()
        .startsWith("default via 10.77.1.254 dev data0");
    one.check();
    two.check();
    Until.holds("an Event tells of it", () -> lab.kube().objects().list("events", "default", "").stream()
        .anyMatch(e -> e.path("reason").asText().equals("AddedInterface")
            && e.path("message").asText().contains("Add data0 [" + far.getHostAddress() + "/24] from default/fast")));
    assertThat(networks.given()).hasSize(2);
    one.delete();
    two.delete();
    nothingIsLeft();
  }

  @Test
  void thePodsFirstInterfaceMayBeAnotherPluginsOrOfAnotherLane() {
    networks.define("main", macvlan("10.77.5.0/24"));
    LabPod made = node.addPod(PodRequest.of("made").annotated("v1.multus-cni.io/default-network", "default/main"));
    LabPod laned = node.addPod(PodRequest.of("laned").annotated("v1.multus-cni.io/default-network", "default/vpc"));
    assertThat(made.address().getHostAddress()).startsWith("10.77.5.");
    assertThat(made.result().path("interfaces").path(0).path("name").asText()).isEqualTo("eth0");
    assertThat(networks.status(made).path(0).path("name").asText()).isEqualTo("default/main");
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
    networks.define("good", macvlan("10.77.3.0/24"));
    plugin("failing", "[ \"$CNI_COMMAND\" = ADD ] || exit 0; echo '{\"cniVersion\":\"1.0.0\",\"code\":100,\"msg\":\"no luck\",\"details\":\"none at all\"}'; exit 1");
    plugin("hanging", "[ \"$CNI_COMMAND\" = ADD ] && sleep 600 & wait");
    plugin("rubbish", "echo 'this is no result'");
    plugin("otherversion", "echo '{\"cniVersion\":\"0.4.0\"}'");
    Map<String, String> words = Map.of("failing", "no luck; none at all (code 100)", "hanging", "did not end within 3 s",
        "rubbish", "this is no result", "otherversion", "version 0.4.0", "vanished", "could not be started");
    for (Map.Entry<String, String> each : words.entrySet()) {
      networks.define(each.getKey(), "{'cniVersion':'1.0.0','type':'" + each.getKey() + "'}");
      CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of("with-" + each.getKey())
          .annotated(Networks.ASKED, "good," + each.getKey())));
      assertThat(refused.text() + refused.details()).contains("DelegateFailed", "default/" + each.getKey(), each.getValue());
      nothingIsLeft();
    }
  }

  @Test
  void whatCantBeIsRefusedWithTheObjectsNameAndAnEvent() {
    networks.define("sound", macvlan("10.77.6.0/24"));
    networks.define("circle", "{'cniVersion':'1.0.0','plugins':[{'type':'patchbay-cni'}]}");
    networks.define("round", "{'cniVersion':'1.0.0','type':'multus','delegates':[{'type':'patchbay-cni'}]}");
    networks.define("torn", "{'cniVersion'");
    networks.define("empty", "{'cniVersion':'1.0.0'}");
    networks.define("kube-system", "apart", macvlan("10.77.7.0/24"));
    refused("sound,nowhere", "NoNetworkFound", "default/nowhere");
    refused("sound,circle", "NetworkInvalid", "default/circle");
    refused("sound,round", "NetworkInvalid", "default/round");
    refused("sound,torn", "NetworkInvalid", "default/torn");
    refused("sound,empty", "NetworkInvalid", "default/empty");
    refused("sound,kube-system/apart", "NetworkForbidden", "kube-system/apart");
    refused("[{", "PodInvalid", "it ends too early");
    refused("{\"name\":\"sound\"}", "PodInvalid", "its JSON is no list");
    refused("sound,vpc@eth0", "PodInvalid", "default/vpc");
    refused("sound@net7,vpc@net7", "PodInvalid", "default/vpc");
    refused("sound,vpc@a-name-that-is-too-long", "PodInvalid", "a-name-that-is-too-long");
    refused("[{\"name\":\"vpc\",\"mac\":\"02:00:00:00:00:01\"}]", "NetworkIncapable", "mac");
    nothingIsLeft();
  }

  /** The pod is refused, by the caller's error and by an Event; both say which object is meant. */
  private static void refused(String asked, String code, String word) {
    String name = "wrong-" + Integer.toHexString(asked.hashCode());
    CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of(name).annotated(Networks.ASKED, asked)));
    assertThat(refused.text() + refused.details()).as(asked).contains(code, word);
    Until.holds("an Event tells of " + asked, () -> lab.kube().objects().list("events", "default", "").stream()
        .anyMatch(e -> e.at("/involvedObject/kind").asText().equals("Pod") && e.at("/involvedObject/name").asText().equals(name)
            && e.path("reason").asText().equals(code) && e.path("message").asText().contains(word)));
    assertThat(networks.given()).isEmpty();
  }

  @Test
  void aDaemonThatIsKilledBetweenTwoPluginsLosesAndLeavesNothing() throws IOException {
    kill(5, "10.77.4.0/24");
  }

  @Test
  @Tag("soak")
  void aDaemonThatIsKilledFiftyTimesBetweenTwoPluginsLosesAndLeavesNothing() throws IOException {
    kill(50, "10.77.8.0/24");
  }

  private static void kill(int times, String subnet) throws IOException {
    String kept = "kept" + times;
    String slow = "slow" + times;
    networks.define(kept, macvlan(subnet));
    Path reached = node.runState().resolve("reached");
    plugin(slow, "if [ \"$CNI_COMMAND\" = ADD ]; then echo \"$CNI_CONTAINERID\" >> " + reached + "; sleep 600 & wait; fi");
    networks.define(slow, "{'cniVersion':'1.0.0','type':'" + slow + "'}");
    LabPod stays = pod(node, "stays" + times, kept);
    for (int round = 0; round < times; round++) {
      Future<LabPod> cut = Pods.begin(node, PodRequest.of("cut" + round).annotated(Networks.ASKED, kept + "," + slow));
      Until.holds("the second plugin runs", () -> Files.exists(reached));
      node.daemon().kill();
      assertThat(Pods.refusal(cut).code()).isEqualTo(11);
      Files.delete(reached);
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      // What the plugins had made is undone by the calls that come next.
      LabPod next = pod(node, "next" + round, kept);
      Until.holds("what was cut off is gone", () -> {
        stays.check();
        return Reports.attachments(node).stream().noneMatch(a -> a.contains("cut"));
      });
      next.delete();
      Until.holds("the rest, too", () -> Reports.of(node).path("attachments").size() == 2);
      assertThat(networks.given()).hasSize(1);
      stays.check();
    }
    stays.delete();
    nothingIsLeft();
    Figures.print("multus", "killed %d times between two plugins: nothing lost or left", times);
  }

  /** One pod after the other, the three kinds in turn, so that a busy machine is busy for all of them. */
  @Test
  @Tag("bench")
  void anAddWithAMacvlanTakesLittleMoreThanTheTwoAlone() throws IOException {
    String config = macvlan("10.77.9.0/24");
    networks.define("cost", config);
    double[] ratios = new double[ROUNDS];
    double[][] millis = new double[3][ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double first = millis(PodRequest.of("plain" + round));
      double plugin = alone(round, config);
      double both = millis(PodRequest.of("with" + round).annotated(Networks.ASKED, "cost"));
      if (round >= 0) {
        ratios[round] = both / (first + plugin);
        millis[0][round] = first;
        millis[1][round] = plugin;
        millis[2][round] = both;
      }
    }
    Arrays.sort(ratios);
    List.of(millis).forEach(Arrays::sort);
    double median = ratios[ROUNDS / 2];
    // Of 51, the median lies between the 19th and the 33rd with 95 %.
    Figures.print("multus", "ADD alone %.1f ms, macvlan alone %.1f ms, ADD with one macvlan %.1f ms: x %.2f of the two (95%%: %.2f to %.2f, %d rounds)",
        millis[0][ROUNDS / 2], millis[1][ROUNDS / 2], millis[2][ROUNDS / 2], median, ratios[18], ratios[32], ROUNDS);
    assertThat(median).isLessThanOrEqualTo(1.2);
  }

  private static double millis(PodRequest request) {
    LabPod pod = node.addPod(request);
    pod.delete();
    return pod.addTook().toNanos() / 1e6;
  }

  /** The plugin as the container runtime would run it itself. */
  private static double alone(int round, String config) throws IOException {
    Path list = node.cniConf().resolve("05-alone.conflist");
    Files.writeString(list, "{\"cniVersion\":\"1.0.0\",\"name\":\"cost\",\"plugins\":[" + config.replace('\'', '"') + "]}");
    try {
      return millis(PodRequest.of("alone" + round));
    } finally {
      Files.delete(list);
    }
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
