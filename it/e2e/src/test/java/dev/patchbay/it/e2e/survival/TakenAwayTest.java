package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Somebody takes an interface with pods on it from a node, or the address of a pod, behind its daemon's back. */
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

  @Test
  void anAddressThatIsTakenIsToldAndNeverGivenOutAgain() {
    try (Lab lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", "1s")))) {
      LabNode node = lab.node(0);
      LabPod victim = node.addPod("victim");
      LabPod stays = node.addPod("stays");
      String address = victim.address().getHostAddress();
      Reports.awaitIdle(node);
      // What metadata lacks of what was assigned a moment ago is no reason to ask EC2; a daemon that starts has assigned nothing yet.
      node.daemon().stop();
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      long start = System.nanoTime();
      lab.faults().add("vpc take=" + address);
      Until.holds("it is told", NOTICED, () -> told(node, address));
      long noticed = System.nanoTime() - start;
      Until.holds("an Event on the pod says so", () -> events(lab, "victim").stream().anyMatch(event ->
          event.path("reason").asText().equals("AddressVanished") && event.path("message").asText().contains(address)));
      assertThat(events(lab, "stays")).noneMatch(event -> event.path("reason").asText().equals("AddressVanished"));
      stays.check();

      victim.delete();
      for (int number = 0; number < 15; number++) {
        LabPod next = node.addPod("next" + number);
        assertThat(next.address().getHostAddress()).isNotEqualTo(address);
        next.delete();
      }
      Until.holds("it is over", NOTICED, () -> !told(node, address));
      Agreement.await(node, Map.of(stays.sandbox().containerId() + "/eth0", stays.address().getHostAddress()));
      Figures.print("taken away", "noticed after %.1f s that somebody else has the address of a pod", noticed / 1e9);
    }
  }

  private static boolean told(LabNode node, String address) {
    for (JsonNode finding : Reports.of(node).path("findings")) {
      if (finding.path("name").asText().equals("AddressVanished") && finding.path("cause").asText().contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<ObjectNode> events(Lab lab, String pod) {
    return lab.kube().objects().list("events", "default", "").stream()
        .filter(event -> event.at("/involvedObject/kind").asText().equals("Pod") && event.at("/involvedObject/name").asText().equals(pod))
        .toList();
  }

  private static Set<String> enis(LabNode node) {
    Set<String> all = new TreeSet<>();
    for (JsonNode eni : Reports.of(node).at("/node/enis")) {
      all.add(eni.path("id").asText());
    }
    return all;
  }
}
