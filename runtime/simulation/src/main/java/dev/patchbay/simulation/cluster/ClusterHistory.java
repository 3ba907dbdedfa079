package dev.patchbay.simulation.cluster;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.simulation.model.Chance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One history of the cluster side: two or three replicas, nodes that come and die, pods, interfaces that nodes make and leave, with
 * faults at every step; then calm. The same history is always told the same.
 *
 * @param seed the seed
 * @param steps how many steps
 * @param modes the modes that plan for the cluster; none: the sweep alone
 * @param scene what objects look like to them
 * @param faults the faults that may happen
 * @param sabotage what is broken on purpose
 */
public record ClusterHistory(long seed, int steps, List<ModeInstance> modes, ClusterScene scene, Set<ClusterFault> faults,
    ClusterSabotage sabotage) {
  /** How many steps a history has. */
  public static final int STEPS = 120;

  private static final int[] RATES = {10, 40, 150, 400};
  /** In calm all is done: the grace, a cooldown, the longest pause, and looks. */
  private static final long CALM_MILLIS = 3_600_000;
  private static final int MOST_NODES = 4;
  private static final int MOST_PODS = 8;
  private static final int MOST_OF_A_NODE = 2;

  /**
   * Copies the collections.
   */
  public ClusterHistory {
    modes = List.copyOf(modes);
    faults = faults.isEmpty() ? EnumSet.noneOf(ClusterFault.class) : EnumSet.copyOf(faults);
  }

  /**
   * {@return a whole history with all faults}
   * @param seed the seed
   * @param modes the modes
   */
  public static ClusterHistory of(long seed, List<ModeInstance> modes) {
    return new ClusterHistory(seed, STEPS, modes, ClusterScene.MARKED, EnumSet.allOf(ClusterFault.class), ClusterSabotage.NONE);
  }

  /**
   * {@return the same with other objects}
   * @param other what they look like
   */
  public ClusterHistory with(ClusterScene other) {
    return new ClusterHistory(seed, steps, modes, other, faults, sabotage);
  }

  /**
   * {@return the same with something broken on purpose}
   * @param what what
   */
  public ClusterHistory with(ClusterSabotage what) {
    return new ClusterHistory(seed, steps, modes, scene, faults, what);
  }

  /**
   * {@return the same with other faults}
   * @param some the faults that may happen
   */
  public ClusterHistory with(Set<ClusterFault> some) {
    return new ClusterHistory(seed, steps, modes, scene, some, sabotage);
  }

  /**
   * Lets it happen.
   *
   * @param told whether the story is wanted as text
   * @return what came of it
   */
  public ClusterOutcome run(boolean told) {
    Chance chance = Chance.of(seed, -1);
    Map<ClusterFault, Integer> rates = new EnumMap<>(ClusterFault.class);
    for (ClusterFault fault : ClusterFault.values()) {
      // Each history has some faults and not others: one that has them all never gets far.
      boolean has = chance.oneIn(2);
      int rate = RATES[chance.below(RATES.length)];
      if (has && faults.contains(fault)) {
        rates.put(fault, rate);
      }
    }
    ClusterWorld world = new ClusterWorld(chance, modes, scene, sabotage, rates, told);
    ClusterJudge judge = new ClusterJudge(world);
    Optional<ClusterOutcome.Violation> violation = Optional.empty();
    try {
      int replicas = chance.oneIn(4) ? 3 : 2;
      for (int i = 0; i < replicas; i++) {
        double rate = rates.containsKey(ClusterFault.CLOCK_RATE) ? 0.95 + chance.below(100) / 1000.0 : 1;
        world.replicas.add(new ReplicaModel(world, judge, i, rate));
      }
      world.replicas.forEach(ReplicaModel::start);
      Moves moves = new Moves(world);
      for (int step = 0; step < steps; step++) {
        world.chance = Chance.of(seed, step);
        moves.take();
        judge.always();
      }
      world.chance = Chance.of(seed, steps);
      world.calm = true;
      world.say("calm");
      moves.calm();
      world.pass(CALM_MILLIS);
      judge.inTheEnd();
    } catch (BrokenClusterException e) {
      violation = Optional.of(new ClusterOutcome.Violation(e.invariant(), String.valueOf(e.getMessage())));
    }
    world.mix(world.events);
    return new ClusterOutcome(seed, world.digest, world.events, world.cloud.deleted, world.terms, world.happened, violation, world.story);
  }

  /** What happens to nodes, pods and replicas. */
  private static final class Moves {
    private final ClusterWorld world;
    /** Nodes whose instance runs, by name, whether their object is there or not. */
    private final Map<String, String> running = new TreeMap<>();
    private final Map<String, List<String>> made = new TreeMap<>();
    private int number;

    Moves(ClusterWorld world) {
      this.world = world;
      addNode();
      addNode();
    }

    void take() {
      Chance chance = world.chance;
      switch (chance.below(21)) {
        case 0, 1 -> addNode();
        case 2, 3 -> some(List.copyOf(running.keySet()), this::makes);
        case 4 -> some(List.copyOf(running.keySet()), this::dies);
        case 5 -> some(List.copyOf(world.api.nodes.keySet()), this::objectGoes);
        case 6, 7, 8 -> some(List.copyOf(world.api.nodes.keySet()), this::addPod);
        case 9, 10 -> some(List.copyOf(world.api.pods.keySet()), this::removePod);
        case 11 -> foreign();
        case 12 -> replica(ClusterFault.KILLED, r -> {
          r.kill();
          world.after(chance.between(1_000, 120_000), r::start);
        });
        case 13 -> replica(ClusterFault.FROZEN, r -> r.freeze(chance.between(1_000, 120_000)));
        case 14 -> replica(ClusterFault.API_AWAY, r -> r.cut(chance.between(1_000, 180_000)));
        case 15 -> world.pass(chance.between(60_000, 400_000));
        case 16, 17 -> world.pass(chance.between(5_000, 40_000));
        case 18 -> world.api.next();
        default -> world.pass(chance.between(50, 3_000));
      }
      world.pass(chance.between(1, 2_000));
    }

    private interface OnName {
      void apply(String name);
    }

    private void some(List<String> names, OnName what) {
      if (!names.isEmpty()) {
        what.apply(world.chance.of(names));
      }
    }

    private interface OnReplica {
      void apply(ReplicaModel replica);
    }

    private void replica(ClusterFault fault, OnReplica what) {
      if (world.has(fault)) {
        world.happened.merge(fault, 1, Integer::sum);
        what.apply(world.chance.of(world.replicas));
      }
    }

    private void addNode() {
      if (running.size() < MOST_NODES) {
        number++;
        String name = "node-" + number;
        String instance = world.cloud.launch();
        running.put(name, instance);
        world.say(name + " comes, " + instance);
        world.api.node(name, instance);
      }
    }

    /** A node makes an interface, and attaches it soon after; or leaves it as it is, if it dies in between. */
    private void makes(String name) {
      String instance = running.get(name);
      List<String> of = made.computeIfAbsent(name, n -> new ArrayList<>());
      if (instance == null || of.size() >= MOST_OF_A_NODE) {
        return;
      }
      String eni = world.cloud.make(world.cloud.tagsOfNode(instance));
      of.add(eni);
      int device = of.size();
      world.say(name + " makes " + eni);
      boolean goes = !world.chance.oneIn(4);
      boolean takesItOff = world.chance.oneIn(5);
      world.after(world.chance.between(500, 20_000), () -> {
        if (running.containsKey(name)) {
          world.cloud.attach(eni, instance, device, goes);
        }
      });
      if (takesItOff) {
        world.after(world.chance.between(60_000, 400_000), () -> {
          if (running.containsKey(name)) {
            world.cloud.detach(eni);
          }
        });
      }
    }

    private void dies(String name) {
      String instance = running.remove(name);
      if (instance != null) {
        world.say(name + " dies");
        world.cloud.terminate(instance);
        world.after(world.chance.between(5_000, 200_000), () -> forget(name));
      }
    }

    private void forget(String name) {
      world.say("the object of " + name + " goes");
      podsOf(name).forEach(pod -> world.api.remove(world.api.pods, pod));
      world.api.forget(name);
    }

    private List<String> podsOf(String node) {
      return world.api.pods.values().stream().filter(p -> p.content().fields("spec").text("nodeName").equals(Optional.of(node)))
          .map((ObjectRecord p) -> p.ref().name()).toList();
    }

    /** Somebody deletes a node's object while the node runs: it comes back, or the node dies. */
    private void objectGoes(String name) {
      String instance = running.get(name);
      if (instance == null || !world.chance.oneIn(2)) {
        return;
      }
      forget(name);
      boolean back = world.chance.oneIn(2);
      world.after(world.chance.between(10_000, 400_000), () -> {
        if (!running.containsKey(name)) {
          return;
        }
        if (back) {
          world.say("the object of " + name + " is back");
          world.api.node(name, instance);
        } else {
          running.remove(name);
          world.cloud.terminate(instance);
        }
      });
    }

    private void addPod(String node) {
      if (running.containsKey(node) && podsOf(node).size() < MOST_PODS) {
        number++;
        world.say("pod-" + number + " is on " + node);
        world.api.pod("pod-" + number, node);
      }
    }

    /** A pod goes; some come again under the same name at once, on whatever node. */
    private void removePod(String name) {
      world.say(name + " goes");
      world.api.remove(world.api.pods, name);
      boolean again = world.chance.oneIn(3);
      if (again && world.scene.namesComeAgain() && !world.api.nodes.isEmpty()) {
        String node = world.chance.of(List.copyOf(world.api.nodes.keySet()));
        if (running.containsKey(node) && podsOf(node).size() < MOST_PODS) {
          world.say(name + " is on " + node);
          world.api.pod(name, node);
        }
      }
    }

    private void foreign() {
      Map<String, String> tags = world.cloud.tagsOfNode("i-%017x".formatted(0xdead));
      if (world.chance.oneIn(2)) {
        tags.put(dev.patchbay.cluster.view.Marks.CLUSTER, "office");
      } else {
        tags.remove(dev.patchbay.cluster.view.Marks.TOKEN);
      }
      world.cloud.make(tags);
    }

    /** All that was broken is whole again, and nodes whose object is gone die. */
    void calm() {
      world.api.first();
      world.replicas.forEach(r -> {
        r.start();
        r.back();
      });
      for (String name : List.copyOf(running.keySet())) {
        if (!world.api.nodes.containsKey(name)) {
          dies(name);
        }
      }
    }
  }
}
