package dev.patchbay.cluster.sweep;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the interfaces that dead nodes have left. An interface is left over when all of this has been found, without a break, in every
 * look for longer than the grace, and in two looks at least:
 * <ul>
 * <li>it carries this cluster's name and Patchbay's token, no AWS service manages it, and no operator keeps it for others;
 * <li>it is attached to nothing, and hangs on no trunk that is attached to something;
 * <li>it says for which instance it was made, EC2 has described that instance as terminated or knows none of its id;
 * <li>all nodes have been heard of, all tell their instances, and none is that instance.
 * </ul>
 * What can't be shown is left, and said. What is known here is in memory alone: another replica that takes over begins anew, and so
 * takes the longer way, not the shorter one.
 */
public final class Sweep {
  private final String cluster;
  private final long graceMillis;
  private final Map<String, Evidence> evidence = new TreeMap<>();

  private record Evidence(String instance, long since, long lookedAt, int looks) {}

  /**
   * Makes it.
   *
   * @param cluster the cluster's name
   * @param graceMillis how long an interface must have been left over before it goes
   */
  public Sweep(String cluster, long graceMillis) {
    this.cluster = cluster;
    this.graceMillis = graceMillis;
  }

  /**
   * What was found.
   *
   * @param removals what should go
   * @param waiting how many are left over, and wait for the grace to pass
   * @param unproven what is attached to nothing and can't be shown to be left over, in order
   * @param due when a further look can show more, by the clock that never steps; empty if nothing waits
   */
  public record Found(List<Removal> removals, int waiting, List<Unproven> unproven, Optional<Long> due) {
    /**
     * Copies the lists.
     */
    public Found {
      removals = List.copyOf(removals);
      unproven = List.copyOf(unproven);
    }
  }

  /**
   * An interface that should go.
   *
   * @param eni its id
   * @param instance the instance that it was made for
   * @param evidence what shows that nothing uses it, as a sentence
   */
  public record Removal(String eni, String instance, String evidence) {}

  /**
   * An interface that stays because something can't be shown.
   *
   * @param eni its id
   * @param why what can't be shown, as a clause
   */
  public record Unproven(String eni, String why) {}

  /**
   * Looks at what is known now. To be called for each look at EC2, and when nodes are heard of.
   *
   * @param facts what EC2 has said
   * @param nodes the nodes
   * @param now the time, by the clock that never steps
   * @return what was found
   */
  public Found examine(ClusterFacts facts, Nodes nodes, long now) {
    if (!facts.known() || !nodes.complete()) {
      // Nothing that was found before is shown any longer.
      evidence.clear();
      return new Found(List.of(), 0, List.of(), Optional.empty());
    }
    List<Removal> removals = new ArrayList<>();
    List<Unproven> unproven = new ArrayList<>();
    Map<String, Evidence> next = new TreeMap<>();
    Optional<Long> due = Optional.empty();
    for (EniRecord eni : facts.enis().values()) {
      if (!isCandidate(eni, facts)) {
        continue;
      }
      Optional<String> doubt = doubt(eni, facts, nodes);
      if (doubt.isPresent()) {
        doubt.filter(why -> !why.isEmpty()).ifPresent(why -> unproven.add(new Unproven(eni.id(), why)));
        continue;
      }
      String instance = Marks.instance(eni).orElseThrow();
      Evidence seen = add(evidence.get(eni.id()), instance, facts.lookedAt(), now);
      next.put(eni.id(), seen);
      // The look must have begun when the grace was over: what it shows is then later than that.
      if (seen.looks() >= 2 && facts.lookedAt() - seen.since() >= graceMillis) {
        removals.add(new Removal(eni.id(), instance, words(facts.instance(instance), instance, now - seen.since())));
      } else {
        long at = seen.since() + graceMillis;
        due = Optional.of(due.map(d -> Math.min(d, at)).orElse(at));
      }
    }
    evidence.clear();
    evidence.putAll(next);
    return new Found(removals, next.size() - removals.size(), unproven, due);
  }

  private boolean isCandidate(EniRecord eni, ClusterFacts facts) {
    return cluster.equals(eni.tags().get(Marks.CLUSTER)) && Marks.ours(eni) && !"true".equals(eni.tags().get(Marks.NO_MANAGE))
        && eni.attachment().isEmpty() && (eni.status().equals("available") || hangsInTheAir(eni, facts));
  }

  /** A branch whose trunk is attached to nothing: no packet reaches it. */
  private static boolean hangsInTheAir(EniRecord eni, ClusterFacts facts) {
    Optional<String> trunk = facts.association(eni.id()).map(AssociationRecord::trunkId);
    return eni.type().equals("branch") && trunk.flatMap(facts::eni).filter(t -> t.attachment().isEmpty()).isPresent();
  }

  /** What can't be shown, as a clause; empty text if there is nothing to be said about it: its node is there. Empty: nothing is in doubt. */
  private static Optional<String> doubt(EniRecord eni, ClusterFacts facts, Nodes nodes) {
    Optional<String> instance = Marks.instance(eni);
    if (instance.isEmpty()) {
      return Optional.of("no tag " + Marks.INSTANCE + " says for which instance it was made");
    }
    if (nodes.node(instance.get()).isPresent()) {
      return Optional.of("");
    }
    Optional<String> trunk = facts.association(eni.id()).map(AssociationRecord::trunkId);
    if (trunk.isPresent() && !hangsInTheAir(eni, facts)) {
      return Optional.of("it still hangs on the trunk " + trunk.get());
    }
    Optional<InstanceRecord> there = facts.instance(instance.get());
    if (there.filter(i -> !i.terminated()).isPresent()) {
      return Optional.of("its instance " + instance.get() + " is " + there.get().state() + ", though no node is that instance");
    }
    if (!nodes.unnamed().isEmpty()) {
      return Optional.of("the object of node " + nodes.unnamed().getFirst() + " has no spec.providerID, so it may be of its instance "
          + instance.get());
    }
    return Optional.empty();
  }

  private static Evidence add(@Nullable Evidence before, String instance, long lookedAt, long now) {
    if (before == null || !before.instance().equals(instance)) {
      return new Evidence(instance, now, lookedAt, 1);
    }
    return lookedAt > before.lookedAt() ? new Evidence(instance, before.since(), lookedAt, before.looks() + 1) : before;
  }

  private static String words(Optional<InstanceRecord> instance, String id, long millis) {
    return "It is attached to nothing; its instance " + id + (instance.isPresent() ? " is terminated" : " does not exist")
        + " and no node is that instance, and so it has been for " + millis / 1000 + " s.";
  }
}
