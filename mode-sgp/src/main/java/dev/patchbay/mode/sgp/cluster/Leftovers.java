package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterView.ClusterEniView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Branches that no pod has: they cool down, so that no node still takes their addresses for those of the pods before; then they are given
 * to other pods, or kept for them for a while, or deleted.
 */
final class Leftovers {
  private final Inventory inventory;
  private final ClusterSettings settings;
  private final long now;
  private final List<ClusterEniView> free;
  private int begun;

  Leftovers(Inventory inventory, ClusterSettings settings, long now) {
    this.inventory = inventory;
    this.settings = settings;
    this.now = now;
    this.free = new ArrayList<>(inventory.free());
  }

  private boolean isCool(ClusterEniView branch) {
    return branch.unusedSince().filter(since -> now - since >= settings.cooldown()).isPresent();
  }

  /** One that may be given to a pod, of those with the same groups if they are given; it is no longer free. */
  Optional<ClusterEniView> take(Place where, Optional<List<String>> groups) {
    Optional<ClusterEniView> found = free.stream().filter(e -> isCool(e) && inventory.hangs(e) && e.subnet().id().equals(where.subnet())
        && groups.map(g -> Set.copyOf(g).equals(Set.copyOf(e.groups()))).orElse(true)).findFirst();
    found.ifPresent(free::remove);
    return found;
  }

  /** How many are being made that EC2 does not show yet. */
  int begun() {
    return begun;
  }

  void begin() {
    begun++;
  }

  ClusterPlan removed(ClusterPlan before) {
    ClusterPlan plan = before;
    Map<Set<String>, Integer> kept = new HashMap<>();
    long again = Long.MAX_VALUE;
    // The one that was used last is kept first: it may be kept for longest.
    for (ClusterEniView branch : free.reversed()) {
      Optional<Long> since = branch.unusedSince();
      if (since.isEmpty()) {
        continue;
      }
      if (!isCool(branch)) {
        again = Math.min(again, since.get() + settings.cooldown());
        continue;
      }
      boolean fresh = now - since.get() < settings.warmFor() && inventory.hangs(branch);
      if (fresh && kept.merge(Set.copyOf(branch.groups()), 1, Integer::sum) <= settings.warm()) {
        again = Math.min(again, since.get() + settings.warmFor());
      } else {
        plan = plan.withRemoval(branch.id(), "No pod has the branch of " + branch.key().orElseThrow() + " any more, and it has been unused for "
            + settings.cooldown() / 1000 + " s at least.");
      }
    }
    return again == Long.MAX_VALUE ? plan : plan.again(again);
  }
}
