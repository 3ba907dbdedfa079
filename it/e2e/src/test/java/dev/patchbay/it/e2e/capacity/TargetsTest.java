package dev.patchbay.it.e2e.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Ec2Calls;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=5 on a t3.small (3 interfaces of 4 addresses), as the reference's documentation works it out:
 * 5 addresses for no pod (3 and 2), 7 for 5 pods (3, 3 and 1), 9 for 9; and back.
 */
@Order(Labs.EARLY)
class TargetsTest {
  private static final Duration COOLDOWN = Duration.ofSeconds(3);
  /** Two rounds of shrinking, half a minute apart, and the minute for which a young interface is kept. */
  private static final Duration SHRINKING = Duration.ofSeconds(180);

  @Test
  void stockFollowsItsTargetsUpAndDown() {
    Map<String, Object> mode = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 2, "minimumIpTarget", 5));
    try (Lab lab = Labs.start(1, "t3.small",
        Map.of("node", Map.of("cooldown", COOLDOWN.toSeconds() + "s"), "modes", List.of(mode)))) {
      LabNode node = lab.node(0);
      awaitAddresses(node, 5);
      assertThat(spread(node)).containsExactly(3, 2);

      List<LabPod> pods = new ArrayList<>(Pods.add(node, "a", 5));
      awaitAddresses(node, 7);
      assertThat(spread(node)).containsExactly(3, 3, 1);

      pods.addAll(Pods.add(node, "b", 4));
      awaitAddresses(node, 9);
      assertThat(spread(node)).containsExactly(3, 3, 3);
      Ec2Calls grown = Ec2Calls.of(lab, node);
      Figures.print("targets", "0, 5 and 9 pods have 5, 7 and 9 addresses: %s", grown.changes().actions());
      assertThat(grown.changes().of("CreateNetworkInterface").all()).hasSize(2);

      Pods.delete(pods);
      Until.holds("5 addresses on two interfaces", SHRINKING, () -> spread(node).equals(List.of(3, 2)));
      Reports.awaitIdle(node);
      Ec2Calls shrunk = grown.since(lab, node).changes();
      Figures.print("targets", "no pod has 5 again: %s", shrunk.actions());
      assertThat(shrunk.counts().keySet())
          .isSubsetOf("UnassignPrivateIpAddresses", "DetachNetworkInterface", "DeleteNetworkInterface");
      assertThat(shrunk.of("DeleteNetworkInterface").all()).hasSize(1);
      assertThat(Reports.lane(node, "free")).isEqualTo(5);
    }
  }

  private static void awaitAddresses(LabNode node, int count) {
    Until.holds(count + " addresses", () -> spread(node).stream().mapToInt(Integer::intValue).sum() == count);
    Reports.awaitIdle(node);
  }

  /** How many addresses for pods EC2 has given to each interface. */
  private static List<Integer> spread(LabNode node) {
    return node.interfaces().stream().map(eni -> eni.ipv4Addresses().size() - 1).toList();
  }
}
