package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody changes the node's network behind a daemon that runs: it comes back by itself, people are told, pods' traffic goes on. */
class AlteredKernelTest {
  private static final String CODE = "DatapathAltered";

  private static Lab lab;
  private static LabNode node;
  private static LabPod far;
  private static List<LabPod> pods;

  @BeforeAll
  static void start() {
    lab = Labs.start(2, "t3.small", Map.of());
    node = lab.node(0);
    far = lab.node(1).addPod("far");
    pods = Pods.add(node, "pod", 5);
    assertThat(pods.stream().map(p -> Reports.eni(node, p.address()).id()).distinct()).as("interfaces that carry pods")
        .hasSizeGreaterThan(1);
    Reports.awaitIdle(node);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static Kernel kernel() {
    return Kernel.of(node.netns());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ip rule del pref 512", "ip route flush table 20000", "nft delete table inet patchbay",
      "ip rule del pref 1536"})
  void whatIsTakenOutComesBackAndPodsAreReached(String command) {
    Kernel before = kernel();
    node.exec("bash", "-c", command).orThrow(command);
    Until.holds("the kernel is as it was before: " + command, () -> kernel().equals(before));
    for (LabPod pod : pods) {
      assertThat(Probe.seen(far.netns(), pod.netns(), pod.address())).as("from another node").contains(far.address());
      assertThat(Probe.seen(pod.netns(), far.netns(), far.address())).as("to another node").contains(pod.address());
      pod.check();
    }
  }

  @Test
  void itIsKnownUnderOneCode() {
    node.exec("ip", "rule", "del", "pref", "512").orThrow("delete the rule");
    Until.holds("status says it", () -> Reports.of(node).path("findings").toString().contains(CODE));
    Until.holds("metrics count it", () -> node.daemon().getMetrics("/metrics").orElseThrow().body().lines()
        .anyMatch(l -> l.startsWith("patchbay_findings_appeared_total{") && l.contains(CODE) && !l.endsWith(" 0.0")));
    Until.holds("an Event on the node has it", () -> lab.kube().objects().list("events", "default", "").stream()
        .anyMatch(e -> e.path("reason").asText().equals(CODE) && e.path("involvedObject").path("name").asText().equals(node.name())));
    Until.holds("the rule is back", () -> node.exec("ip", "rule").output().contains("512:"));
  }

  @Test
  void whatWasTakenOutWhileNoDaemonWasThereComesBackAtItsStart() {
    Kernel before = kernel();
    node.daemon().stop();
    node.exec("nft", "delete", "table", "inet", "patchbay").orThrow("delete the table");
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    Until.holds("the kernel is as it was before", () -> kernel().equals(before));
  }
}
