package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.fabric.Ping;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The configuration file is changed under a daemon that runs: what it says is in force soon, or it is named; pods lose no packet. The keys
 * of the file are walked by the configuration's own tests; here are the settings of all modes of the installation.
 */
@Order(Labs.EARLY)
class ReloadTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Object> SINGLE = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1));

  private static Lab lab;
  private static LabNode node;

  @BeforeAll
  static void start() {
    List<Map<String, Object>> others =
        List.of(Map.of("use", "prefix"), Map.of("use", "ipv6"), Map.of("use", "custom-net"), Map.of("use", "sgp"),
            Map.of("use", "multus"));
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(1).withInstanceType("t3.small").withIpv6()
        .withConfiguration(Modules.with(SINGLE, others)));
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("no JSON: " + text, wrong);
    }
  }

  private static List<JsonNode> items(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).toList();
  }

  /** A value in force, with where it comes from; empty if it has none, or while nobody answers. */
  private static Optional<JsonNode> inForce(String key) {
    return node.daemon().get("/v1/configuration").filter(NodeDaemon.Answer::ok)
        .flatMap(answer -> items(json(answer.body())).stream().filter(e -> e.path("key").asText().equals(key)).findFirst());
  }

  /** Whether one mode alone is in force, by one answer of a daemon that has begun anew: it listens before it answers. */
  private static boolean isAlone(String mode) {
    return node.daemon().get("/v1/configuration").filter(NodeDaemon.Answer::ok).map(answer -> items(json(answer.body())).stream()
        .filter(e -> e.path("key").asText().matches("modes\\[\\d+]\\.use")).map(e -> e.path("value").asText()).toList())
        .equals(Optional.of(List.of(mode)));
  }

  private static boolean isInForce(String key, String value) {
    return inForce(key).filter(e -> e.path("value").asText().equals(value)).isPresent();
  }

  /** What is told of the file that names a key. */
  private static Optional<JsonNode> told(String words) {
    return node.daemon().get("/v1/report").filter(NodeDaemon.Answer::ok).flatMap(answer -> items(json(answer.body()).path("findings"))
        .stream().filter(f -> f.path("cause").asText().startsWith("The configuration file") && f.path("cause").asText().contains(words))
        .findFirst());
  }

  private static void write(Map<String, Object> over) {
    Configurations.change(node.configuration(), over);
  }

  /** Another value than the default, as it would be written. */
  private static Object other(JsonNode setting) {
    String byDefault = setting.path("default").asText("");
    return switch (setting.path("type").asText()) {
      case "NUMBER" -> setting.path("least").asText().equals(byDefault) ? setting.path("least").asLong() + 1 : setting.path("least").asLong();
      case "TRUTH" -> !byDefault.equals("true");
      case "CHOICE" -> items(setting.path("choices")).stream().map(JsonNode::asText).filter(c -> !c.equals(byDefault)).findFirst()
          .orElseThrow();
      case "DURATION" -> "17s";
      case "TEXTS" -> List.of("one");
      case "CIDRS" -> List.of("192.0.2.0/24");
      case "FIELDS" -> Map.of("one", "two");
      default -> "example.com/other";
    };
  }

  @Test
  void everySettingOfEveryModeIsTakenOrNamedWhilePodsRun() {
    LabPod pod = node.addPod("runs");
    Map<String, String> outcomes = new LinkedHashMap<>();
    try (Ping ping = Ping.start(node.netns(), pod.address())) {
      List<JsonNode> modes = items(json(node.patchbay("modes", "--json").orThrow("modes")).path("modes"));
      assertThat(modes).hasSizeGreaterThanOrEqualTo(4);
      for (JsonNode mode : modes) {
        String id = mode.path("id").asText();
        // What is no base needs one.
        List<Map<String, Object>> before = mode.path("roles").toString().contains("base") ? List.of() : List.of(SINGLE);
        for (JsonNode setting : items(mode.path("settings"))) {
          String name = setting.path("name").asText();
          String key = "modes[" + before.size() + "].settings." + name;
          List<Map<String, Object>> chosen = new ArrayList<>(before);
          chosen.add(Map.of("use", id, "settings", Map.of(name, other(setting))));
          write(Map.of("modes", chosen));
          outcomes.put(id + "." + name, Until.there(id + "." + name + " is in force, or it is named why not", () ->
              isInForce("modes[" + before.size() + "].use", id) && inForce(key).filter(e -> e.path("source").asText().equals("file"))
                  .isPresent() ? Optional.of("taken") : told("settings." + name).map(f -> "named")
                  // What this machine's kernel can't carry, VLAN devices perhaps, and the modes before go on.
                  .or(() -> told(id + " needs it").map(f -> "refused"))));
        }
      }
      write(Map.of("modes", List.of(SINGLE)));
      Until.holds("it is as it was", () -> isAlone("secondary-ip") && told("").isEmpty());
      Ping.Result result = ping.stop();
      assertThat(result.lost()).as("of %d packets", result.sent()).isZero();
    }
    pod.check();
    Figures.print("reload", "%d settings changed under a running daemon: %s", outcomes.size(), outcomes);
    long carried = outcomes.values().stream().filter(outcome -> !outcome.equals("refused")).count();
    assertThat(outcomes.values().stream().filter("taken"::equals).count()).as("of %s", outcomes).isGreaterThan(carried * 3L / 4);
    pod.delete();
  }

  @Test
  void whatCanChangeDoesAndWhatCantIsNamed() throws IOException {
    String before = Files.readString(node.configuration());
    try {
      write(Map.of("node", Map.of("cooldown", "3s"), "cni", Map.of("networkName", "another"),
          "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 3)))));
      Until.holds("what can change is in force", () -> isInForce("node.cooldown", "3s"));
      JsonNode finding = Until.there("what can't is named", () -> told("cni.networkName"));
      assertThat(finding.path("name").asText()).isEqualTo("RestartNeeded");
      assertThat(finding.path("cause").asText()).doesNotContain("cooldown");
      assertThat(isInForce("cni.networkName", "another")).isFalse();
      Until.holds("the plan has the other target", () -> Reports.of(node).path("lanes").findValuesAsText("target").contains("3"));

      Files.writeString(node.configuration(), before + "nosuch: 1\n");
      JsonNode wrong = Until.there("the mistake is told", () -> told("nosuch"));
      assertThat(wrong.path("cause").asText()).contains(node.configuration() + ":" + (before.lines().count() + 1) + ":");
      assertThat(isInForce("node.cooldown", "3s")).as("nothing of it is taken").isTrue();
      LabPod pod = added();
      assertThat(Probe.seen(pod.netns(), node.netns(), node.address())).contains(pod.address());
      pod.delete();
    } finally {
      Files.writeString(node.configuration(), before);
    }
    Until.holds("all is as it was", () -> isInForce("node.cooldown", "1s") && told("").isEmpty());
  }

  /** As kubelet does: a pod that starts while the node begins anew is started by the next attempt. */
  private static LabPod added() {
    return Until.there("a pod", () -> {
      try {
        return Optional.of(node.addPod("later"));
      } catch (CniException again) {
        return Optional.empty();
      }
    });
  }
}
