package dev.patchbay.it.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Ping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The labels of a node choose overrides of its configuration, while it runs and when it starts. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabelsTest {
  private static final Map<String, Object> CONFIGURATION = Map.of(
      "node", Map.of("cooldown", "30s"),
      "overrides", List.of(
          Map.of("selector", Map.of("matchLabels", Map.of("node.kubernetes.io/instance-type", "t3.small")),
              "node", Map.of("cooldown", "11s")),
          Map.of("selector", Map.of("matchLabels", Map.of("pool", "batch")),
              "node", Map.of("cooldown", "12s"),
              "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 5))))));

  private static Lab lab;
  private static LabNode node;

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "t3.small", CONFIGURATION);
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  /** A value in force, and where it comes from. */
  private static String inForce(String key) {
    try {
      JsonNode all = new ObjectMapper().readTree(node.daemon().get("/v1/configuration").map(a -> a.body()).orElse("[]"));
      for (JsonNode entry : all) {
        if (entry.path("key").asText().equals(key)) {
          return entry.path("value").asText() + " from " + entry.path("from").asText();
        }
      }
      return "";
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("the configuration of " + node.name() + " is no JSON", wrong);
    }
  }

  @Test
  @Order(1)
  void aNewNodeBeginsWithWhatItsLabelsChoose() {
    assertThat(inForce("node.cooldown")).startsWith("11s from ").endsWith("(override 1)");
    Until.holds("nothing is found", () -> Api.findings(node).isEmpty());
  }

  @Test
  @Order(2)
  void otherLabelsChooseAnotherConfigurationAndPodsKeepTheirNetwork() {
    LabPod first = node.addPod("first");
    LabPod second = node.addPod("second");
    long pid = node.daemon().pid().orElseThrow();
    try (Ping ping = Ping.start(first.netns(), second.address())) {
      Api.label(lab, node, "pool", Optional.of("batch"));
      Until.holds("the override is in force", () -> inForce("node.cooldown").endsWith("(override 2)"));
      Until.holds("the stock follows the mode's settings", () -> Reports.lane(node, "free") == 5);
      assertThat(Reports.attachments(node)).containsExactlyInAnyOrder("default/first", "default/second");
      assertThat(ping.stop().lost()).isZero();
    }
    first.check();
    second.check();
    assertThat(node.daemon().pid()).as("it is the same process").contains(pid);
    node.addPod("third").delete();
    second.delete();
  }

  @Test
  @Order(3)
  void labelsThatChooseNothingElseChangeNothing() {
    Api.label(lab, node, "team", Optional.of("net"));
    Until.holds("the label is seen", () -> {
      try {
        return Files.readString(node.libState().resolve("node-labels.json")).contains("\"team\"");
      } catch (IOException wrong) {
        throw new UncheckedIOException(wrong);
      }
    });
    assertThat(Reports.attachments(node)).containsExactly("default/first");
    assertThat(inForce("node.cooldown")).endsWith("(override 2)");
  }

  @Test
  @Order(4)
  void withoutApiServerTheLabelsLastSeenHold() {
    node.daemon().stop();
    lab.kube().faults().refuseConnections();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(inForce("node.cooldown")).startsWith("12s from ").endsWith("(override 2)");
    node.addPod("away").delete();
    Api.label(lab, node, "pool", Optional.empty());
    lab.kube().faults().comeBack();
    Until.holds("the labels that came meanwhile hold", () -> inForce("node.cooldown").endsWith("(override 1)"));
    node.pod("default", "first").delete();
  }

  @Test
  @Order(5)
  void aNodeThatNeverSawItsLabelsServesAndSaysSo() throws Exception {
    node.daemon().stop();
    Files.delete(node.libState().resolve("node-labels.json"));
    lab.kube().faults().refuseConnections();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(inForce("node.cooldown")).startsWith("30s from ");
    Until.holds("it says so", () -> Api.findings(node).contains("NodeLabelsUnknown"));
    lab.kube().faults().comeBack();
    Until.holds("the override is in force", () -> inForce("node.cooldown").endsWith("(override 1)"));
    Until.holds("nothing is wrong any more", () -> Api.findings(node).isEmpty());
  }
}
