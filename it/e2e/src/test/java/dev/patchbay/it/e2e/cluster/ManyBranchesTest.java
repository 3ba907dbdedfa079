package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.RateLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many nodes with branches at the pace that EC2 lets an account have, and many killed leaders. */
class ManyBranchesTest {
  private static Fleet start(Duration cooldown, String lease) {
    Fleet fleet = Fleet.start(cooldown, Map.of("warmBranchesFor", "20s"), lease);
    fleet.policy("red", List.of(fleet.group("red")));
    return fleet;
  }

  @Test
  @Tag("bench")
  void aThousandPodsOnAHundredNodes() {
    try (Fleet fleet = start(Duration.ofSeconds(30), "30s")) {
      Until.there("a leader", fleet::leader);
      fleet.lab.ec2().behave(new Ec2Server.Behaviour(RateLimits.PUBLISHED, Duration.ZERO, Duration.ZERO, Map.of()));
      Map<String, Long> before = fleet.calls();
      long begun = System.nanoTime();
      List<String> nodes = fleet.addNodes(100, "m5.xlarge");
      for (int i = 0; i < 1_000; i++) {
        fleet.pod("p" + i, nodes.get(i % nodes.size()), "red");
      }
      fleet.awaitBranches(Duration.ofMinutes(15));
      Pace.print("1000 pods", fleet, before, begun, 100, 1_000);
      fleet.assertAllIsAsTold();
      Pace.assertNearTheFloor(fleet, before, 100, 1_000);
      long deleted = System.nanoTime();
      fleet.pods().forEach(fleet::delete);
      Until.holds("all branches are gone", Duration.ofMinutes(15), () -> fleet.ours("branch").isEmpty());
      Figures.print("1000 pods", "nothing is left %.1f s after all were deleted; the floor: %.1f s and the cool-down", (System.nanoTime() - deleted)
          / 1e9, (1_000 - 100) / 5.0);
      assertThat(fleet.lab.model().state().associations()).isEmpty();
      assertThat(fleet.breaches()).isEmpty();
    }
  }

  @Test
  @Tag("soak")
  void fiftyKilledLeaders() {
    try (Fleet fleet = start(Duration.ofSeconds(3), "12s")) {
      fleet.addNodes(4, "m5.xlarge");
      for (int i = 0; i < 20; i++) {
        fleet.pod("p" + i, "n" + i % 4, "red");
      }
      fleet.awaitBranches(Duration.ofMinutes(2));
      Kills.kill(fleet, 50, "n0", "n1", "n2", "n3");
      fleet.pods().forEach(fleet::delete);
      Until.holds("all branches are gone", Duration.ofMinutes(3), () -> fleet.ours("branch").isEmpty());
    }
  }
}
