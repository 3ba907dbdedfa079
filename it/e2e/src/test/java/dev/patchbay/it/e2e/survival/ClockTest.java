package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Audit;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.calls.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The wall clock of a node is set while its daemon runs, and between two runs: nothing that is decided depends on it. EC2 refuses what
 * is signed with a wrong time; that is told, and over once the clock is right.
 */
class ClockTest {
  /** Each pod costs a call to EC2, and no address comes back before the test is over. */
  private static final Map<String, Object> CONFIGURATION = Map.of("node", Map.of("cooldown", "1h"),
      "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 3, "minimumIpTarget", 3))));

  private static Lab lab() {
    return Labs.start(1, "m5.large", CONFIGURATION);
  }

  private static Optional<String> told(LabNode node) {
    for (JsonNode finding : Reports.of(node).path("findings")) {
      if (finding.path("name").asText().equals("ClockWrong") || finding.path("code").asText().contains("ClockWrong")) {
        return Optional.of(finding.toString());
      }
    }
    return Optional.empty();
  }

  private static boolean isCooling(LabNode node, String address) {
    return Reports.of(node).path("cooling").has(address);
  }

  private static LabPod added(LabNode node, String name) {
    // Refused with the reason while EC2 refuses and no address is left; kubelet tries again then, too.
    return Until.there("pod " + name + " is made", () -> {
      try {
        return Optional.of(node.addPod(name));
      } catch (CniException later) {
        return Optional.empty();
      }
    });
  }

  @Test
  void podsComeAndGoWhateverTheClockSays() {
    try (Lab lab = lab()) {
      LabNode node = lab.node(0);
      LabPod stays = node.addPod("stays");
      Set<String> used = new HashSet<>();
      for (Map.Entry<String, String> step : List.of(Map.entry("-1h", "60 min behind"), Map.entry("+1h", "60 min ahead of"),
          Map.entry("-1d", "24 h behind"), Map.entry("+3650d", "3650 days ahead of"))) {
        Faults.Standing set = lab.faults().add("node clock=" + node.name() + ":" + step.getKey());
        LabPod pod = added(node, "pod" + used.size());
        String address = pod.address().getHostAddress();
        assertThat(used.add(address)).as("the address of a pod that ended is given out again").isTrue();
        pod.check();
        assertThat(Probe.seen(pod.netns(), stays.netns(), stays.address())).isEqualTo(Optional.of(pod.address()));
        Until.holds("the clock is told, " + step, () -> told(node).filter(t -> t.contains("about " + step.getValue())).isPresent());
        pod.delete();
        assertThat(isCooling(node, address)).isTrue();

        assertThat(lab.faults().remove(set.id())).isTrue();
        LabPod after = added(node, "pod" + used.size());
        assertThat(used.add(after.address().getHostAddress())).isTrue();
        Until.holds("the clock is right again", () -> told(node).isEmpty());
        after.delete();
      }
      used.forEach(address -> assertThat(isCooling(node, address)).as(address).isTrue());
      stays.check();
      Audit.await(node);
      Figures.print("clock", "%d pods came and went while the clock was set by hours, days and years", used.size());
    }
  }

  @Test
  void whatTheClockSaysBetweenTwoRunsDecidesNothing() {
    try (Lab lab = lab(); Sandboxes sandboxes = new Sandboxes(lab)) {
      LabNode node = lab.node(0);
      LabPod pod = node.addPod("short");
      String address = pod.address().getHostAddress();
      pod.delete();
      // The daemon's clock was ahead when it made the attachment, and is right when the DEL comes and when it takes the note.
      Faults.Standing ahead = lab.faults().add("node clock=" + node.name() + ":+1h");
      Sandbox sandbox = sandboxes.make();
      Executable.of(node, "ADD", sandbox).run().orThrow();
      Sandbox again = sandboxes.make();
      Executable.of(node, "ADD", again).run().orThrow();
      node.daemon().kill();
      assertThat(Executable.of(node, "DEL", sandbox).run().exit()).isZero();
      assertThat(lab.faults().remove(ahead.id())).isTrue();
      assertThat(Executable.of(node, "DEL", again).run().exit()).isZero();
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      Agreement.await(node, Map.of());
      assertThat(isCooling(node, address)).isTrue();

      for (String step : List.of("+1d", "-2d", "-3650d")) {
        node.daemon().stop();
        lab.faults().add("node clock=" + node.name() + ":" + step);
        node.daemon().start();
        node.daemon().awaitServing(Until.LONG);
        assertThat(isCooling(node, address)).as("after %s", step).isTrue();
      }
      lab.faults().clear();
      assertThat(node.daemon().clockAhead()).isZero();
      Audit.await(node);
    }
  }

  @Test
  void aStepThatIsNoneIsRefusedInWords() {
    try (Lab lab = Labs.start(0, "m5.large", Map.of())) {
      assertThatThrownBy(() -> lab.faults().add("node clock=node-7:-1h")).hasMessageContaining("there is no node node-7");
      assertThatThrownBy(() -> lab.faults().add("node clock=node-7")).hasMessageContaining("such as node-0:-1h");
      assertThatThrownBy(() -> lab.faults().add("node clock=node-7:1h")).hasMessageContaining("with its sign");
      assertThatThrownBy(() -> lab.faults().add("node clock=node-7:+soon")).hasMessageContaining("a length of time is needed");
    }
  }
}
