package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Looks at EC2: at what carries the cluster's tag, at the instances of that and of the nodes, and where planners need it at subnets and
 * trunks. A look is whole or counts for nothing.
 */
final class Look {
  private static final String ABOUT = "look";
  /** The most values that a filter of EC2 takes. */
  private static final int BATCH = 200;
  private static final long LEAST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;

  private final Context context;
  private final boolean whole;
  private final Consumer<ClusterFacts> seen;
  private final Pauses pauses;
  private final Deque<CloudCall> todo = new ArrayDeque<>();
  private final List<EniRecord> enis = new ArrayList<>();
  private final List<InstanceRecord> instances = new ArrayList<>();
  private final List<SubnetRecord> subnets = new ArrayList<>();
  private final List<AssociationRecord> associations = new ArrayList<>();
  private boolean underWay;
  private boolean calling;
  private boolean placesAsked;
  private long startedAt;
  private long lastEnd = Long.MIN_VALUE;
  private long next;

  /**
   * Makes it; the first look comes at once.
   *
   * @param whole whether subnets and trunks are looked at, too
   * @param seen takes what was seen
   */
  Look(Context context, boolean whole, Consumer<ClusterFacts> seen) {
    this.context = context;
    this.whole = whole;
    this.seen = seen;
    this.pauses = new Pauses(LEAST_PAUSE, LONGEST_PAUSE, context.random);
    this.next = context.millis();
  }

  /** A look is wanted at a time; not sooner than a second after the last, and not before a failed one is to be repeated. */
  void wantedAt(long time) {
    if (!pauses.failing()) {
      long earliest = lastEnd == Long.MIN_VALUE ? time : Math.max(time, lastEnd + LEAST_PAUSE);
      next = Math.min(next, earliest);
    }
  }

  void advance() {
    if (!underWay && context.millis() >= next) {
      underWay = true;
      placesAsked = false;
      enis.clear();
      instances.clear();
      subnets.clear();
      associations.clear();
      todo.clear();
      todo.add(new CloudCall.DescribeOwned(Marks.CLUSTER, context.settings.cluster()));
      startedAt = Long.MIN_VALUE;
      next = Long.MAX_VALUE;
    }
    if (underWay && !calling) {
      CloudCall call = todo.peekFirst();
      if (call == null) {
        end();
      } else if (context.budgets.take(call.action(), context.millis())) {
        todo.removeFirst();
        calling = true;
        startedAt = startedAt == Long.MIN_VALUE ? context.millis() : startedAt;
        context.call(call, answer -> answered(call, answer));
      } else {
        context.wakeAt(context.budgets.ready(call.action(), context.millis()));
      }
    }
    if (!underWay) {
      context.wakeAt(next);
    }
  }

  private void answered(CloudCall call, CloudAnswer answer) {
    calling = false;
    switch (answer) {
      case CloudAnswer.Interfaces found -> {
        enis.addAll(found.enis());
        batches(new ArrayList<>(instancesOf(found.enis()))).forEach(ids -> todo.add(new CloudCall.DescribeInstances(ids)));
      }
      case CloudAnswer.Instances found -> instances.addAll(found.instances());
      case CloudAnswer.Subnets found -> subnets.addAll(found.subnets());
      case CloudAnswer.Associations found -> associations.addAll(found.associations());
      case CloudAnswer.Failed f when call instanceof CloudCall.DescribeAssociations && f.kind() == CloudAnswer.Kind.DENIED ->
          // Few accounts may ask for these; the tags of branches say the same.
          associations.addAll(tagged());
      case CloudAnswer.Failed f -> {
        failed(call, f);
        return;
      }
      default -> throw new IllegalStateException(call + " was answered with " + answer);
    }
    if (todo.isEmpty() && whole && !placesAsked) {
      placesAsked = true;
      places();
    }
    advance();
  }

  private Set<String> instancesOf(List<EniRecord> found) {
    Set<String> ids = new TreeSet<>();
    found.forEach(eni -> {
      Marks.instance(eni).ifPresent(ids::add);
      eni.attachment().ifPresent(a -> ids.add(a.instanceId()));
    });
    if (whole) {
      ids.addAll(Nodes.of(context.objects).instances().values());
    }
    return ids;
  }

  private void places() {
    instances.stream().filter(i -> !i.vpcId().isEmpty() && !i.zone().isEmpty()).map(i -> new CloudCall.DescribeSubnets(i.vpcId(), i.zone()))
        .distinct().sorted(java.util.Comparator.comparing(CloudCall.DescribeSubnets::toString)).forEach(todo::add);
    List<String> trunks = enis.stream().filter(e -> e.type().equals("trunk")).map(EniRecord::id).sorted().toList();
    batches(trunks).forEach(ids -> todo.add(new CloudCall.DescribeAssociations(ids)));
  }

  /** What branches say of themselves: their status tells whether they hang on a trunk. */
  private List<AssociationRecord> tagged() {
    List<AssociationRecord> all = new ArrayList<>();
    for (EniRecord eni : enis) {
      String trunk = eni.tags().getOrDefault(Marks.TRUNK, "");
      String vlan = eni.tags().getOrDefault(Marks.VLAN, "");
      if (eni.type().equals("branch") && !trunk.isEmpty() && vlan.matches("[0-9]{1,4}") && !eni.status().equals("available")) {
        all.add(new AssociationRecord("", eni.id(), trunk, Integer.parseInt(vlan)));
      }
    }
    return all;
  }

  private static List<List<String>> batches(List<String> ids) {
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += BATCH) {
      batches.add(List.copyOf(ids.subList(from, Math.min(ids.size(), from + BATCH))));
    }
    return batches;
  }

  private void failed(CloudCall call, CloudAnswer.Failed failure) {
    underWay = false;
    lastEnd = context.millis();
    next = context.millis() + pauses.next();
    context.find(ABOUT, CallFindings.of(failure, "look at what the cluster has (" + call.action() + ")").about(call.action()));
    context.wakeAt(next);
  }

  private void end() {
    underWay = false;
    pauses.reset();
    lastEnd = context.millis();
    next = context.millis() + context.settings.lookMillis();
    context.over(ABOUT);
    context.tally.looks++;
    seen.accept(ClusterFacts.of(startedAt, enis, instances, subnets, associations));
  }
}
