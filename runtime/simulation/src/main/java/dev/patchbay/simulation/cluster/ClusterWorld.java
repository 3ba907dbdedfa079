package dev.patchbay.simulation.cluster;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.spi.ObjectKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** What the parts of one history share: the time, chance, what is due, what has happened. */
final class ClusterWorld {
  /** Less than the controllers' Lease leaves for a call. */
  static final long CALL_LIMIT = 7_000;
  static final long GRACE = 180_000;

  final List<ModeInstance> modes;
  final ClusterScene scene;
  final ClusterSabotage sabotage;
  final Map<ClusterFault, Integer> rates;
  final Map<ClusterFault, Integer> happened = new EnumMap<>(ClusterFault.class);
  final List<String> story = new ArrayList<>();
  final List<ReplicaModel> replicas = new ArrayList<>();
  final CloudOfCluster cloud;
  final ApiModel api;
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final boolean told;
  Chance chance;
  long now = 1_000_000;
  long digest = 17;
  long events;
  int terms;
  boolean calm;
  private long number;

  private record Due(long at, long number, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  ClusterWorld(Chance chance, List<ModeInstance> modes, ClusterScene scene, ClusterSabotage sabotage, Map<ClusterFault, Integer> rates, boolean told) {
    this.chance = chance;
    this.modes = modes;
    this.scene = scene;
    this.sabotage = sabotage;
    this.rates = rates;
    this.told = told;
    this.cloud = new CloudOfCluster(this);
    this.api = new ApiModel(this);
  }

  /** The kinds that replicas watch, in one order. */
  List<ObjectKind> kinds() {
    List<ObjectKind> kinds = new ArrayList<>(List.of(ObjectKind.NODE, ObjectKind.POD));
    scene.kinds().stream().sorted(Comparator.comparing(ObjectKind::kind)).forEach(kinds::add);
    return kinds;
  }

  void at(long time, Runnable what) {
    number++;
    queue.add(new Due(Math.max(time, now), number, what));
  }

  void after(long millis, Runnable what) {
    at(now + millis, what);
  }

  /** Lets time pass, with all that is due meanwhile. */
  void pass(long millis) {
    long end = now + millis;
    for (Due next = queue.peek(); next != null && next.at() <= end; next = queue.peek()) {
      queue.remove();
      now = next.at();
      next.what().run();
    }
    now = end;
  }

  /** Whether a fault happens now. The same numbers are drawn whether it can or not. */
  boolean happens(ClusterFault fault) {
    int drawn = chance.below(1000);
    boolean happens = !calm && drawn < rates.getOrDefault(fault, 0);
    if (happens) {
      happened.merge(fault, 1, Integer::sum);
      mix(fault.ordinal());
    }
    return happens;
  }

  boolean has(ClusterFault fault) {
    return !calm && rates.containsKey(fault);
  }

  void mix(long value) {
    digest = digest * 0x9e3779b97f4a7c15L + value + (digest >>> 29);
  }

  void say(String what) {
    mix(what.hashCode());
    mix(now);
    if (told) {
      story.add("%,10d  %s".formatted(now - 1_000_000, what));
    }
  }

  BrokenClusterException broken(ClusterInvariant invariant, String what) {
    say("VIOLATED " + invariant + ": " + what);
    return new BrokenClusterException(invariant, what);
  }
}
