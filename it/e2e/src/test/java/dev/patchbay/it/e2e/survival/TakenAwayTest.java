package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Somebody takes an interface with pods on it from a node, behind its daemon's back. */
class TakenAwayTest {
  /** The daemon looks every 30 s; what EC2 leaves out is given up when two looks say so, and no pod has it. */
  private static final Duration NOTICED = Duration.ofMinutes(4);

  @Test
  void anInterfaceThatIsPulledTakesNoOthersWithIt() {
    try (Lab lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", "1s")))) {
      LabNode node = lab.node(0);
      List<LabPod> pods = new ArrayList<>(Pods.add(node, "pod", 12));
      Reports.awaitIdle(node);
      NetworkInterface pulled = pods.stream().map(pod -> Reports.eni(node, pod.address()))
          .filter(eni -> !eni.id().equals(node.interfaces().getFirst().id())).findFirst().orElseThrow();
      List<LabPod> lost = pods.stream().filter(pod -> Reports.eni(node, pod.address()).id().equals(pulled.id())).toList();
      pods.removeAll(lost);
      lab.faults().add("vpc pull=" + pulled.id());
      lab.awaitFabric();
      // Those that stay are as they were, and those that go are deleted like any other.
      assertThat(Probe.seen(pods.get(0).netns(), pods.get(1).netns(), pods.get(1).address()))
          .isEqualTo(Optional.of(pods.get(0).address()));
      Pods.delete(lost);
      Until.holds("the daemon knows that the interface is gone", NOTICED, () -> !enis(node).contains(pulled.id()));
      List<LabPod> others = Pods.add(node, "other", lost.size());
      assertThat(others).allMatch(pod -> Probe.seen(pods.getFirst().netns(), pod.netns(), pod.address())
          .equals(Optional.of(pods.getFirst().address())));
      Map<String, String> told = new TreeMap<>();
      node.pods().forEach(pod -> told.put(pod.sandbox().containerId() + "/eth0", pod.address().getHostAddress()));
      Agreement.await(node, told);
      Figures.print("taken away", "%d pods were on the interface that was pulled, %d were not", lost.size(), pods.size());
    }
  }

  private static Set<String> enis(LabNode node) {
    Set<String> all = new TreeSet<>();
    for (JsonNode eni : Reports.of(node).at("/node/enis")) {
      all.add(eni.path("id").asText());
    }
    return all;
  }
}
