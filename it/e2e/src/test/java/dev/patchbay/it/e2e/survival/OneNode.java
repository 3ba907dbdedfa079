package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests on a lab of one node with 3 interfaces of 10 addresses, one lab for all tests of a class. Each test must leave the node as it
 * found it: no attachment in ledger or kernel, every address accounted for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneNode {
  /** Short, so that an address can be waited for that is free again. */
  static final int COOLDOWN_SECONDS = 5;

  /** All that the instance can have, from the start, so that no interface comes or goes meanwhile. */
  private static final int ADDRESSES = 27;

  private static final Map<String, Object> STOCK =
      Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", ADDRESSES));

  final Lab lab = Labs.start(
      1, "m5.large", Map.of("node", Map.of("cooldown", COOLDOWN_SECONDS + "s"), "modes", List.of(STOCK)));
  final LabNode node = lab.node(0);
  final Sandboxes sandboxes = new Sandboxes(lab);
  private Kernel empty = new Kernel(List.of());

  @BeforeAll
  void settle() {
    Until.holds("all interfaces are there", () -> Reports.lane(node, "free") == ADDRESSES
        && Reports.of(node).at("/node/enis").findValuesAsText("ready").equals(List.of("true", "true", "true")));
    Agreement.await(node, Map.of());
    empty = Kernel.of(node.netns());
  }

  @AfterEach
  void nothingIsLeft() {
    try {
      Agreement.await(node, Map.of());
      assertThat(empty.differences(Kernel.of(node.netns()))).isEmpty();
    } catch (AssertionError left) {
      // Or it would be found in the next test again.
      Reports.of(node).path("attachments").forEach(a -> {
        String container = a.path("attachment").asText().replaceAll("/.*", "");
        Executable.of(node, "DEL", sandboxes.make().withContainerId(container)).run();
      });
      throw left;
    }
  }

  @AfterAll
  void remove() {
    try (lab) {
      sandboxes.close();
    }
  }
}
