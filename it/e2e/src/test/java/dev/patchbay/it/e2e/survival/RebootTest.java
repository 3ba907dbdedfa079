package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A node ends without notice and boots. What lay under /run is gone, so nobody knows who had which address: whoever had one may
 * still be spoken to by others, so every address found on the node's interfaces cools down first. What Patchbay made is known.
 */
class RebootTest {
  private static final int PODS = 16;

  @Test
  void everyAddressFoundCoolsDownAndWhatWasMadeIsKnown() {
    // Nothing thaws while this test runs, however slow the machine is.
    try (Lab lab = Labs.start(2, "m5.xlarge", Map.of("node", Map.of("cooldown", "30m")))) {
      LabNode node = lab.node(0);
      List<LabPod> before = Pods.add(node, "before", PODS);
      LabPod far = lab.node(1).addPod("far");
      Reports.awaitIdle(node);
      Set<String> made = made(node);
      assertThat(made).as("16 pods need a second interface").isNotEmpty();
      Set<String> found = secondary(node);

      lab.faults().add("node reboot=" + node.name());
      node.daemon().awaitServing(Until.LONG);

      assertThat(node.pods()).isEmpty();
      assertThat(before).noneMatch(pod -> pod.netns().exists());
      assertThat(Kernel.of(node.netns()).devices()).isEmpty();
      assertThat(Reports.of(node).path("attachments")).isEmpty();
      Until.holds("every address found cools down", () -> cooling(node).containsAll(found));
      assertThat(made(node)).containsAll(made);
      String links = node.exec("ip", "-o", "link", "show").orThrow("list devices");
      assertThat(node.interfaces()).hasSizeGreaterThan(1).allMatch(eni -> links.contains(" " + eni.mac() + " "));

      LabPod after = node.addPod("after");
      assertThat(found).doesNotContain(after.address().getHostAddress());
      assertThat(Probe.seen(after.netns(), far.netns(), far.address())).isEqualTo(Optional.of(after.address()));
      assertThat(Probe.seen(far.netns(), after.netns(), after.address())).isEqualTo(Optional.of(far.address()));
      Figures.print("reboot", "%d addresses found, all of them cooling; the next pod got %s", found.size(),
          after.address().getHostAddress());
    }
  }

  @Test
  void anUnknownNodeIsNotRebooted() {
    try (Lab lab = Labs.start(0, "m5.large", Map.of())) {
      assertThatThrownBy(() -> lab.faults().add("node reboot=node-7"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there is no node node-7");
      assertThatThrownBy(() -> lab.faults().add("node reboot=node-7 for=1m")).hasMessageContaining("can't be undone");
    }
  }

  private static Set<String> made(LabNode node) {
    Set<String> made = new TreeSet<>();
    for (JsonNode eni : Reports.of(node).at("/node/enis")) {
      if (eni.path("madeByPatchbay").asBoolean()) {
        made.add(eni.path("id").asText());
      }
    }
    return made;
  }

  private static Set<String> cooling(LabNode node) {
    Set<String> cooling = new TreeSet<>();
    Reports.of(node).path("cooling").properties().forEach(each -> cooling.add(each.getKey()));
    return cooling;
  }

  /** All addresses of the node's interfaces that pods may have. */
  private static Set<String> secondary(LabNode node) {
    Set<String> all = new TreeSet<>();
    for (NetworkInterface eni : node.interfaces()) {
      eni.ipv4Addresses().stream().filter(ip -> !eni.primary().equals(Optional.of(ip))).forEach(ip -> all.add(ip.toString()));
    }
    return all;
  }
}
