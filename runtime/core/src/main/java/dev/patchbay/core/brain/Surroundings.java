package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The subnets and security groups that lanes name, and that are not the node's own: EC2 is asked for them, and again from time to time. Of
 * subnets among which one is chosen for prefixes it is asked what they reserve.
 */
final class Surroundings {
  private static final long AGAIN_MILLIS = 600_000;
  private static final long RETRY_MILLIS = 5_000;
  private static final long LAST_RETRY_MILLIS = 120_000;
  private static final String SUBNETS = "subnets";

  private final Context context;
  private final Consumer<NodeFacts> learned;
  private final Map<Map<String, String>, List<String>> groups = new HashMap<>();
  private final Set<String> asking = new TreeSet<>();
  private final Map<String, Long> next = new HashMap<>();
  /** When EC2 answered last. */
  private final Map<String, Long> asked = new HashMap<>();
  /** What a lane lacked since then. */
  private final Set<String> missing = new TreeSet<>();
  /** How often in a row EC2 was asked and did not answer. */
  private final Map<String, Integer> failed = new HashMap<>();
  /** How often in a row EC2 did not know what a lane lacked. */
  private final Map<String, Integer> inVain = new HashMap<>();

  Surroundings(Context context, Consumer<NodeFacts> learned) {
    this.context = context;
    this.learned = learned;
  }

  /** The security groups of a lane's interfaces; empty while they are not known. */
  Optional<List<String>> groupsFor(LanePlan lane) {
    if (lane.lane().groups().isOfPrimary()) {
      return Optional.of(context.facts().orElseThrow().primary().record().groups());
    }
    return lane.lane().groups().ids().isEmpty() ? Optional.ofNullable(groups.get(lane.lane().groups().tags()))
        .filter(found -> !found.isEmpty()) : Optional.of(lane.lane().groups().ids());
  }

  /**
   * A lane can't grow for want of a subnet or a group that is known. EC2 is asked again before it would be anyway, since who corrects
   * what defines the lane waits for it; less and less often while that is of no use.
   *
   * @return why, once EC2 has been asked; empty as long as it may know
   */
  Optional<Finding> wanted(LanePlan lane, boolean subnet) {
    String what = subnet ? SUBNETS : groupsKey(lane.lane().groups().tags());
    missing.add(what);
    Optional<Long> last = Optional.ofNullable(asked.get(what));
    last.ifPresent(at -> next.merge(what, at + Math.min(LAST_RETRY_MILLIS, RETRY_MILLIS << Math.min(inVain.getOrDefault(what, 0), 10)),
        Math::min));
    Optional<Finding> why = last.map(at -> Finding.of(Codes.OBJECT_INVALID, "Lane " + lane.name() + " gets no interface: EC2 knows "
        + (subnet ? "no subnet of " + lane.lane().subnets() + " in this VPC and the zone "
            + context.facts().orElseThrow().identity().zone() : "no security group of " + lane.lane().groups()) + ".",
        "Correct " + lane.lane().origin() + ", which defines the lane; Patchbay asks again by itself.").about(lane.name()));
    why.ifPresent(finding -> context.findings.put("surroundings " + lane.name(), finding));
    tick();
    return why;
  }

  /** Whether it is worth waiting for EC2 before a subnet is chosen for an interface of a lane. */
  boolean awaits(LanePlan lane) {
    return reservations(lane).stream().anyMatch(id -> !context.reservesPrefixes.containsKey(id));
  }

  /** The subnets of which it matters to a lane what they reserve. */
  private List<String> reservations(LanePlan lane) {
    if (!Interfaces.needsSubnets(lane) || lane.lane().subnets().order() != SubnetChoice.Order.PREFIX_FRIENDLY) {
      return List.of();
    }
    List<String> ids = Interfaces.candidates(context, lane).stream().map(SubnetRecord::id).toList();
    return ids.size() > 1 ? ids : List.of();
  }

  private void askForReservations(String id) {
    ask("reservations of " + id, new CloudCall.DescribeReservations(id), answer -> {
      if (answer instanceof CloudAnswer.Reservations r) {
        context.reservesPrefixes.put(id, !r.forPrefixes().isEmpty());
      } else {
        // It is chosen by the rest of what is known.
        context.reservesPrefixes.putIfAbsent(id, false);
      }
    });
  }

  private static String groupsKey(Map<String, String> tags) {
    return "groups " + tags;
  }

  /** Asks for what is due. */
  void tick() {
    if (context.facts().isEmpty()) {
      return;
    }
    NodeFacts facts = context.facts().get();
    boolean unknown = facts.enis().stream().anyMatch(e -> e.lane().isPresent() && facts.subnet(e.record().subnetId()).isEmpty());
    if (unknown || context.plan.lanes().stream().anyMatch(Interfaces::needsSubnets)) {
      ask(SUBNETS, new CloudCall.DescribeSubnets(facts.identity().vpcId(), facts.identity().zone()), answer -> {
        if (answer instanceof CloudAnswer.Subnets s) {
          subnets(s.subnets());
        }
      });
    }
    for (LanePlan lane : context.plan.lanes()) {
      Map<String, String> tags = lane.lane().groups().tags();
      if (!tags.isEmpty()) {
        ask(groupsKey(tags), new CloudCall.DescribeGroups(facts.identity().vpcId(), tags), answer -> {
          if (answer instanceof CloudAnswer.Groups g) {
            groups.put(tags, g.ids());
          }
        });
      }
      reservations(lane).forEach(this::askForReservations);
    }
  }

  private void ask(String what, CloudCall call, Consumer<CloudAnswer> then) {
    long due = next.getOrDefault(what, 0L);
    if (asking.contains(what)) {
      // The answer comes by itself: there is nothing to wake up for.
      return;
    }
    if (due > context.millis()) {
      context.wakeAt(due);
      return;
    }
    asking.add(what);
    context.ask(token -> new Effect.Call(token, call), event -> {
      asking.remove(what);
      if (!(event instanceof Event.Answered a)) {
        throw Context.unexpected(event);
      }
      if (a.answer() instanceof CloudAnswer.Failed f) {
        long pause = Math.min(LAST_RETRY_MILLIS, RETRY_MILLIS << Math.min(failed.merge(what, 1, Integer::sum) - 1, 10));
        next.put(what, context.millis() + pause + context.random.nextLong(RETRY_MILLIS));
        context.findings.put("describe " + what, CloudFindings.of(f, "describe " + what));
        then.accept(f);
      } else {
        next.put(what, context.millis() + AGAIN_MILLIS);
        asked.put(what, context.millis());
        failed.remove(what);
        inVain.compute(what, (of, times) -> missing.remove(what) ? (times == null ? 1 : times + 1) : 0);
        context.findings.remove("describe " + what);
        context.findings.keySet().removeIf(key -> key.startsWith("surroundings "));
        then.accept(a.answer());
      }
      context.wakeAt(next.getOrDefault(what, 0L));
      learned.accept(context.facts().orElseThrow());
      // Of a subnet that has become known there may be more to ask.
      tick();
    });
  }

  private void subnets(List<SubnetRecord> described) {
    NodeFacts facts = context.facts().orElseThrow();
    context.facts(facts.withSubnets(merged(facts.subnets(), described)));
  }

  /** Later knowledge of a subnet replaces earlier; what is only in the earlier stays. */
  static List<SubnetRecord> merged(List<SubnetRecord> before, List<SubnetRecord> later) {
    Map<String, SubnetRecord> byId = new LinkedHashMap<>();
    before.forEach(s -> byId.put(s.id(), s));
    later.forEach(s -> byId.put(s.id(), s));
    return new ArrayList<>(byId.values());
  }
}
