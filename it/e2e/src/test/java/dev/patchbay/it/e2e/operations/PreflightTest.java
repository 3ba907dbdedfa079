package dev.patchbay.it.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.ec2.Policy;
import dev.patchbay.lab.fabric.Echo;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What is missing is named with what to do, while pods are served; what is missing in the kernel refuses the start. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(Labs.EARLY)
class PreflightTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path HOME = Path.of(System.getProperty("patchbay.home")).toAbsolutePath().normalize();
  private static final String ROLES = "clusterroles.rbac.authorization.k8s.io";
  private static final int METRICS_PORT = 61678;

  private static Lab lab;
  private static LabNode node;

  @TempDir
  private Path folder;

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "t3.small", Map.of("node", Map.of("cooldown", "1s")));
    node = lab.node(0);
    Until.holds("there is stock", () -> Reports.lane(node, "free") > 0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static Optional<JsonNode> finding(String subject) {
    for (JsonNode finding : Reports.of(node).path("findings")) {
      if (finding.path("subject").asText().equals(subject)) {
        return Optional.of(finding);
      }
    }
    return Optional.empty();
  }

  private static JsonNode awaitFinding(String subject) {
    return Until.there("a finding about " + subject, () -> finding(subject));
  }

  private static void awaitEnd(String subject) {
    Until.holds("no finding about " + subject, () -> finding(subject).isEmpty());
  }

  /** The lines of the log about a finding: appeared, gone and so on. */
  private static List<String> logged(String subject) {
    List<String> lines = new ArrayList<>();
    for (String line : log()) {
      if (line.startsWith("{")) {
        try {
          JsonNode entry = JSON.readTree(line);
          if (entry.path("subject").asText().equals(subject) && entry.has("finding")) {
            lines.add(entry.path("finding").asText() + " " + entry.path("code").asInt() + " " + entry.path("codeName").asText());
          }
        } catch (JsonProcessingException e) {
          throw new AssertionError("a line of the log is no JSON: " + line, e);
        }
      }
    }
    return lines;
  }

  private static List<String> log() {
    try {
      return Files.readAllLines(node.daemon().log());
    } catch (IOException e) {
      throw new AssertionError("the daemon's log can't be read", e);
    }
  }

  /** Waits until the log tells of a finding that it appeared and went, once each. */
  private static void awaitLogged(String subject, String code) {
    Until.holds("the log tells of " + subject, () -> logged(subject).equals(List.of("appeared " + code, "gone " + code)));
  }

  private static void restart() {
    node.daemon().stop();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
  }

  @Test
  @Order(1)
  void nothingIsMissingWithWhatPatchbayAsksFor() {
    Reports.awaitIdle(node);
    // Its dry runs come some seconds after the start; the last of them leaves nothing to find.
    Until.holds("the policy was asked about", () -> lab.ec2().recorder().calls().stream()
        .anyMatch(c -> c.action().equals("DeleteNetworkInterface") && c.parameters().getOrDefault("DryRun", "").equals("true")));
    assertThat(Reports.of(node).path("findings")).isEmpty();
    assertThat(log()).noneMatch(line -> line.contains("\"finding\":\"appeared\""));
  }

  @Test
  @Order(2)
  void actionsThatThePolicyLacksAreNamedWhilePodsAreServed() {
    Policy whole = lab.ec2().callers().find(node.instanceId()).orElseThrow().policy();
    Set<String> some = new TreeSet<>(Set.of("ec2:DescribeNetworkInterfaces", "ec2:DescribeInstanceTypes", "ec2:DescribeSubnets",
        "ec2:CreateTags", "ec2:CreateNetworkInterface", "ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface",
        "ec2:ModifyNetworkInterfaceAttribute", "ec2:UnassignPrivateIpAddresses"));
    lab.ec2().callers().allow(node.instanceId(), Policy.allowing(some));
    restart();
    // By a dry run.
    JsonNode delete = awaitFinding("ec2:DeleteNetworkInterface");
    assertThat(delete.path("code").asInt()).isEqualTo(204);
    assertThat(delete.path("name").asText()).isEqualTo("CloudDenied");
    assertThat(delete.path("cause").asText()).contains("does not allow ec2:DeleteNetworkInterface", "secondary-ip needs it");
    assertThat(delete.path("remedy").asText())
        .contains("\"Action\": [\"ec2:DeleteNetworkInterface\"]", "arn:aws:ec2:*:*:network-interface/*", "patchbay permissions --iam");
    assertThat(finding("ec2:AttachNetworkInterface")).isEmpty();
    MetricsPage page = Until.there("metrics", () -> MetricsPage.of(node));
    assertThat(page.orZero("patchbay_findings{code=\"204\",name=\"CloudDenied\"}")).isGreaterThanOrEqualTo(1);

    LabPod pod = node.addPod("served");
    pod.delete();

    lab.ec2().callers().allow(node.instanceId(), whole);
    awaitEnd("ec2:DeleteNetworkInterface");
    awaitLogged("ec2:DeleteNetworkInterface", "204 CloudDenied");
  }

  @Test
  @Order(3)
  void rulesThatTheRoleLacksAreNamed() {
    ObjectNode role = lab.kube().objects().get(ROLES, "", "patchbay-node").orElseThrow();
    ArrayNode rules = role.withArray("/rules").deepCopy();
    lab.kube().objects().update(ROLES, "", "patchbay-node", object -> {
      ArrayNode left = object.putArray("rules");
      rules.forEach(rule -> {
        if (!rule.path("resources").toString().contains("events")) {
          left.add(rule);
        }
      });
      return object;
    });
    restart();
    JsonNode missing = awaitFinding("create events");
    assertThat(missing.path("code").asInt()).isEqualTo(322);
    assertThat(missing.path("cause").asText()).contains("does not let Patchbay create events", "patchbay needs it");
    assertThat(missing.path("remedy").asText())
        .contains("{apiGroups: [\"\"], resources: [events], verbs: [create]}", "patchbay permissions --rbac");
    lab.kube().objects().update(ROLES, "", "patchbay-node", object -> {
      object.set("rules", rules);
      return object;
    });
    awaitEnd("create events");
    awaitLogged("create events", "322 RuleMissing");
  }

  @Test
  @Order(4)
  void sysctlThatSomebodyChangesIsNamedUntilItIsAsItMustBe() {
    node.exec("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward").orThrow("change the sysctl");
    JsonNode wrong = awaitFinding("net.ipv4.ip_forward");
    assertThat(wrong.path("code").asInt()).isEqualTo(442);
    assertThat(wrong.path("cause").asText()).contains("net.ipv4.ip_forward is 0 and should be 1", "secondary-ip needs it");
    assertThat(wrong.path("remedy").asText()).contains("sysctl -w net.ipv4.ip_forward=1");
    node.exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward").orThrow("change the sysctl");
    awaitEnd("net.ipv4.ip_forward");
    awaitLogged("net.ipv4.ip_forward", "442 SysctlWrong");
  }

  @Test
  @Order(5)
  void addressOfTheMetricsThatIsTakenIsNoReasonToServeNoPods() {
    node.daemon().stop();
    try (Echo other = Echo.serve(node.netns(), InetAddress.ofLiteral("127.0.0.1"), METRICS_PORT)) {
      assertThat(other.address().getPort()).isEqualTo(METRICS_PORT);
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      assertThat(awaitFinding("metrics.address").path("name").asText()).isEqualTo("EndpointUnavailable");
      node.addPod("without").delete();
    }
    awaitEnd("metrics.address");
    Until.there("metrics", () -> MetricsPage.of(node));
  }

  @Test
  @Order(6)
  void kernelThatLacksWhatAModeNeedsRefusesTheStartWithOneMessage() throws IOException {
    Path jar = NeedyMode.make(folder, HOME, ".withKernelFeatures(\"teleport\").withSysctls(\"net.ipv4.nonsense=1\")");
    refused(Map.of(
        "modules", List.of(Map.of("file", HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()),
            Map.of("file", jar.toString())),
        "modes", List.of(Map.of("use", "secondary-ip"), Map.of("use", "needy"))),
        "patchbay node: KernelFeatureMissing (440): needy needs the kernel feature \"teleport\", which this version of Patchbay does not"
            + " know. Use a version of Patchbay that the mode was made for, or take the mode out of modes.",
        "patchbay node: SysctlMissing (441): The kernel has no sysctl net.ipv4.nonsense; needy needs it. Use a kernel that has it, or"
            + " take the mode out of modes.");
  }

  @Test
  @Order(7)
  void kernelWithoutVlanDevicesRefusesTheModeThatNeedsThem() throws IOException {
    Assumptions.assumeFalse(lab.fabric().carriesBranches(), "this kernel has VLAN devices");
    refused(Map.of(
        "modules", List.of(Map.of("file", HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()),
            Map.of("file", HOME.resolve("modes/dev.patchbay.mode.sgp.jar").toString())),
        "modes", List.of(Map.of("use", "secondary-ip"), Map.of("use", "sgp"))),
        "KernelFeatureMissing (440): The kernel lacks 8021q");
  }

  @Test
  @Order(8)
  void whatTheKernelLacksForAChangedFileIsNamedAndTheOldStaysInForce() throws IOException {
    Path jar = NeedyMode.make(folder, HOME, ".withKernelFeatures(\"teleport\")");
    String before = Files.readString(node.configuration());
    Labs.reconfigure(node, Map.of(
        "modules", List.of(Map.of("file", HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()),
            Map.of("file", jar.toString())),
        "modes", List.of(Map.of("use", "secondary-ip"))));
    String without = Files.readString(node.configuration());
    int logged = log().size();
    Configurations.change(node.configuration(), Map.of("modes", List.of(Map.of("use", "secondary-ip"), Map.of("use", "needy"))));
    JsonNode told = Until.there("what the kernel lacks is told", PreflightTest::ofFile);
    assertThat(told.path("code").asInt()).isEqualTo(440);
    assertThat(told.path("name").asText()).isEqualTo("KernelFeatureMissing");
    assertThat(told.path("cause").asText()).startsWith("The configuration file was changed and can't be used: " + node.configuration() + ":")
        .contains("needy needs the kernel feature \"teleport\"");
    Until.holds("the log has it", () -> log().stream().skip(logged).anyMatch(line -> line.contains("teleport") && line.contains("440")));
    assertThat(Reports.of(node).path("modes").toString()).contains("secondary-ip").doesNotContain("needy");
    assertThat(node.daemon().exit()).isEmpty();
    node.addPod("meanwhile").delete();
    Files.writeString(node.configuration(), without);
    Until.holds("nothing is told of the file", () -> ofFile().isEmpty());
    node.daemon().stop();
    Files.writeString(node.configuration(), before);
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
  }

  private static Optional<JsonNode> ofFile() {
    for (JsonNode finding : Reports.of(node).path("findings")) {
      if (finding.path("cause").asText().startsWith("The configuration file")) {
        return Optional.of(finding);
      }
    }
    return Optional.empty();
  }

  /** Restarts the daemon, which must end with these messages and no others, and restarts it as it was. */
  private void refused(Map<String, Object> over, String... messages) throws IOException {
    String before = Files.readString(node.configuration());
    node.daemon().stop();
    int logged = log().size();
    Configurations.change(node.configuration(), over);
    node.daemon().start();
    Until.holds("the daemon ends", () -> node.daemon().exit().isPresent());
    assertThat(node.daemon().exit()).contains(1);
    List<String> said = log().subList(logged, log().size()).stream().filter(line -> !line.startsWith("{")).toList();
    assertThat(said).hasSameSizeAs(messages);
    for (int i = 0; i < messages.length; i++) {
      assertThat(said.get(i)).startsWith("patchbay node: ").contains(messages[i]);
    }
    Files.writeString(node.configuration(), before);
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
  }
}
