package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Replica;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** The leader is killed in the middle of its work, again and again; what it had begun, the other finishes. */
final class Kills {
  private static final int AT_ONCE = 8;

  private Kills() {}

  static void kill(Fleet fleet, int times, String... nodes) {
    SplittableRandom random = new SplittableRandom(11);
    int number = 0;
    for (int round = 0; round < times; round++) {
      Replica leader = Until.there("a leader", fleet::leader);
      List<String> there = fleet.pods();
      // As many go as come, so that branches are made, taken over and deleted at the same time.
      for (int i = 0; i < Math.min(AT_ONCE, there.size()); i++) {
        String gone = there.get(random.nextInt(there.size()));
        if (fleet.pods().contains(gone)) {
          fleet.delete(gone);
        }
      }
      int calls = fleet.all().size();
      for (int i = 0; i < AT_ONCE; i++) {
        fleet.pod("k" + number++, nodes[random.nextInt(nodes.length)], "red");
      }
      int some = 1 + random.nextInt(2 * AT_ONCE);
      Until.holds("the leader is in the middle", () -> fleet.all().size() >= calls + some);
      leader.kill();
      leader.start();
      assertThat(fleet.breaches()).isEmpty();
      if (round % 10 == 9) {
        Figures.print("kills", "%d so far", round + 1);
      }
    }
    long begun = System.nanoTime();
    fleet.awaitBranches(Duration.ofMinutes(3));
    fleet.assertAllIsAsTold();
    Figures.print("kills", "%d of the leader; the last pods had their branches %.1f s after the last", times, (System.nanoTime() - begun) / 1e9);
  }
}
