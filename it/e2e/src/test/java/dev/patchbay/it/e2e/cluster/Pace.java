package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import java.util.Map;
import java.util.TreeMap;

/** What branches cost, against what they must cost: a call that makes each and one that hangs it on its trunk. */
final class Pace {
  private Pace() {}

  private static Map<String, Long> since(Fleet fleet, Map<String, Long> before) {
    Map<String, Long> since = new TreeMap<>();
    fleet.calls().forEach((action, count) -> {
      long more = count - before.getOrDefault(action, 0L);
      if (more > 0) {
        since.put(action, more);
      }
    });
    return since;
  }

  static void print(String of, Fleet fleet, Map<String, Long> before, long begun, int nodes, int pods) {
    Figures.print(of, "all have their branch after %.1f s; the floor of EC2's published buckets for %d interfaces: %.1f s",
        (System.nanoTime() - begun) / 1e9, nodes + pods, Math.max(0, (nodes + pods - 100) / 5.0));
    Figures.print(of, "the replicas have used %.1f s of processors' time since their starts", fleet.processorSeconds());
    Figures.print(of, "EC2: %s; the floor: %d made, %d hung, %d attached and bound to their instances", since(fleet, before), nodes + pods, pods,
        nodes);
  }

  static void assertNearTheFloor(Fleet fleet, Map<String, Long> before, int nodes, int pods) {
    Map<String, Long> since = since(fleet, before);
    assertThat(since.get("CreateNetworkInterface")).as("made, of what went before, one may be taken over").isBetween(pods - 5L, (nodes + pods) * 11L / 10);
    assertThat(since.get("AssociateTrunkInterface")).isBetween(pods - 5L, pods * 11L / 10);
    assertThat(since.get("AttachNetworkInterface")).isEqualTo(nodes);
    assertThat(since.getOrDefault("CreateTags", 0L)).as("tags of what is taken over or numbered anew").isLessThan(pods / 4);
  }
}
