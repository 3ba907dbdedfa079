package dev.patchbay.cluster;

import dev.patchbay.cluster.sweep.Sweep;
import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.ClusterSnapshot;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.view.DeclaredObjects;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.ClusterPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known and done while this replica leads without a break. The next term begins with nothing: all that must outlast one is in
 * EC2's tags and in objects.
 */
final class Term {
  /** So long after a change a description of EC2 may still say how it was before. */
  static final long LAG = 30_000;
  private static final int NAMED = 5;

  private final Context context;
  private final Look look;
  private final Sweep sweep;
  private final Work work;
  private final List<Planning> plannings = new ArrayList<>();
  /** What this replica did of late, over what descriptions say. */
  private final Map<String, Change> recent = new HashMap<>();
  private final Map<String, Long> unusedSince = new HashMap<>();
  private ClusterFacts facts = ClusterFacts.NONE;
  private Nodes nodes;
  private Sweep.Found found = new Sweep.Found(List.of(), 0, List.of(), Optional.empty());
  private boolean advancing;
  private boolean again;
  private long obstaclesSeen;

  private record Change(Optional<EniRecord> eni, Optional<AssociationRecord> association, long at) {}

  Term(Context context, List<ModeInstance> modes) {
    this.context = context;
    this.nodes = Nodes.of(context.objects);
    for (ModeInstance mode : modes) {
      plannings.add(new Planning(context, mode, () -> view(mode), this::wants));
    }
    this.look = new Look(context, !plannings.isEmpty(), this::looked);
    this.sweep = new Sweep(context.settings.cluster(), context.settings.graceMillis());
    this.work = new Work(context, this);
  }

  ClusterFacts facts() {
    return facts;
  }

  Nodes nodes() {
    return nodes;
  }

  Sweep.Found found() {
    return found;
  }

  int open() {
    return work.open();
  }

  /** A look is wanted at a time. */
  void lookAt(long time) {
    look.wantedAt(time);
  }

  /** Whether an interface is wanted under a key of a mode. */
  boolean wants(String mode, String key) {
    return work.wants(mode, key);
  }

  /** Objects have changed. */
  void objectsChanged(ObjectKind kind) {
    if (kind.equals(ObjectKind.NODE)) {
      nodes = Nodes.of(context.objects);
      boolean unknown = !plannings.isEmpty() && nodes.instances().values().stream().anyMatch(id -> facts.instance(id).isEmpty());
      if (unknown && facts.known()) {
        look.wantedAt(context.millis());
      }
      examine();
    }
    plannings.forEach(Planning::dirty);
  }

  void advance() {
    if (advancing) {
      again = true;
      return;
    }
    advancing = true;
    do {
      again = false;
      look.advance();
      plannings.forEach(Planning::advance);
      work.advance();
      if (context.obstacles != obstaclesSeen) {
        // Planners tell pods what is in the way of their interfaces.
        obstaclesSeen = context.obstacles;
        plannings.forEach(Planning::dirty);
        again = !plannings.isEmpty();
      }
    } while (again);
    advancing = false;
  }

  /** A call of the work is over. */
  void worked() {
    advance();
  }

  private void looked(ClusterFacts seen) {
    ClusterFacts merged = seen;
    recent.values().removeIf(change -> change.at() + LAG < seen.lookedAt());
    for (Map.Entry<String, Change> change : recent.entrySet()) {
      merged = laid(merged, change.getKey(), change.getValue());
    }
    facts = merged;
    track();
    examine();
    plannings.forEach(Planning::dirty);
  }

  private static ClusterFacts laid(ClusterFacts facts, String id, Change change) {
    return facts.with(id, change.eni().orElse(null)).withAssociation(id, change.association().orElse(null));
  }

  /** This replica has changed an interface; empty: it is gone. */
  void changed(String id, Optional<EniRecord> eni) {
    record(id, new Change(eni, eni.flatMap(e -> facts.association(id)), context.millis()));
  }

  /** This replica has changed what a branch hangs on. */
  void associated(String branch, Optional<AssociationRecord> association) {
    record(branch, new Change(facts.eni(branch), association, context.millis()));
  }

  private void record(String id, Change change) {
    recent.put(id, change);
    facts = laid(facts, id, change);
    track();
    // Planners of modes see what came of their plans.
    if (!plannings.isEmpty()) {
      plannings.forEach(Planning::dirty);
    }
    wants();
  }

  private void track() {
    unusedSince.keySet().retainAll(facts.enis().keySet());
    for (EniRecord eni : facts.enis().values()) {
      if (isUsed(eni)) {
        unusedSince.remove(eni.id());
      } else {
        unusedSince.putIfAbsent(eni.id(), context.now.wall());
      }
    }
  }

  /** What was made for a key is used as long as a plan wants it, or may want it; anything else, as long as it is attached. */
  private boolean isUsed(EniRecord eni) {
    Optional<Planning> planning = plannings.stream().filter(p -> p.mode().equals(eni.tags().get(Marks.MODE))).findFirst();
    return planning.map(p -> eni.attachment().isPresent() || !p.complete() || p.wants(eni.tags().getOrDefault(Marks.KEY, "")))
        .orElseGet(() -> facts.inUse(eni));
  }

  private Optional<ClusterSnapshot> view(ModeInstance mode) {
    List<ObjectKind> kinds = List.copyOf(mode.descriptor().clusterReads());
    // Who would see half of the objects would think that the other half is gone.
    if (!facts.known() || !kinds.stream().allMatch(context.objects::complete)) {
      return Optional.empty();
    }
    return Optional.of(new ClusterSnapshot(new ClusterSnapshot.Source(context.settings.cluster(), context.now.wall(), mode.id(),
        new DeclaredObjects(context.objects, kinds), facts, nodes, unusedSince, context.settings.types(), kinds,
        obstacles(mode.id()))));
  }

  /** What stands in the way of what a mode wants, by the keys of that. */
  private Map<String, Finding> obstacles(String mode) {
    String name = Wanted.Present.name(mode, "");
    Map<String, Finding> all = new HashMap<>();
    context.findings.forEach((about, finding) -> {
      int at = about.indexOf(name);
      if (at >= 0 && (at == 0 || about.substring(0, at).endsWith(" of "))) {
        all.putIfAbsent(about.substring(at + name.length()), finding);
      }
    });
    return all;
  }

  private void examine() {
    found = sweep.examine(facts, nodes, context.millis());
    found.due().ifPresent(due -> look.wantedAt(Math.max(due, context.millis())));
    if (found.unproven().isEmpty()) {
      context.over("sweep");
    } else {
      List<String> words = found.unproven().stream().limit(NAMED).map(u -> u.eni() + ": " + u.why()).toList();
      int more = found.unproven().size() - words.size();
      context.find("sweep", Finding.of(ControllerCodes.UNPROVEN, "Interfaces are attached to nothing, and it can't be shown that their nodes"
          + " are dead: " + String.join("; ", words) + (more > 0 ? "; and " + more + " more" : "") + ".",
          "They are left alone. Delete those that you know to be left over (`aws ec2 delete-network-interface`), or end their instances.")
          .withValue(found.unproven().size()));
    }
    wants();
  }

  private void wants() {
    List<Wanted> all = new ArrayList<>();
    for (Planning planning : plannings) {
      planning.plans().forEach((key, plan) -> {
        for (ClusterPlan.DesiredEni eni : plan.enis()) {
          all.add(new Wanted.Present(planning.mode(), eni));
          duplicates(planning.mode(), eni, all);
        }
        plan.removals().forEach(removal -> removal(planning, key, removal, all));
      });
    }
    found.removals().forEach(r -> all.add(new Wanted.Absent(r.eni(), r.instance(), r.evidence(), true)));
    work.want(all);
    track();
    again = true;
  }

  /** Made twice because of a lost answer: the one in use stays. */
  private void duplicates(String mode, ClusterPlan.DesiredEni wanted, List<Wanted> all) {
    List<EniRecord> made = facts.madeFor(mode, wanted.key());
    made.stream().skip(1).filter(eni -> !facts.inUse(eni)).forEach(eni -> all.add(new Wanted.Absent(eni.id(), wanted.node(),
        "It was made a second time for " + wanted.key() + ", which has " + made.getFirst().id() + ".", false)));
  }

  private void removal(Planning planning, String key, ClusterPlan.Removal removal, List<Wanted> all) {
    String mode = planning.mode();
    Optional<EniRecord> eni = facts.eni(removal.id());
    if (eni.isEmpty()) {
      return;
    }
    if (!Marks.ours(eni.get()) || !mode.equals(eni.get().tags().get(Marks.MODE))) {
      context.find("mode " + mode + " removes " + removal.id(), Finding.of(ControllerCodes.PLANNER_FAILED, "The mode " + mode
          + " wants " + removal.id() + " deleted, which was not made for it.", "It stays. Report it to the mode's maker.").about(mode));
      return;
    }
    if (planning.isAsPlanned(eni.get())) {
      all.add(new Wanted.Absent(removal.id(), eni.get().tags().getOrDefault(Marks.NODE, key), removal.evidence(), false));
    }
  }
}
