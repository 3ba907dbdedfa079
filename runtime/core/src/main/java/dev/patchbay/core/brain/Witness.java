package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the node knows of itself. IMDS and EC2 are witnesses with delays: what they report is taken up; what they no longer report
 * is given up only when EC2 itself has left it out twice, some seconds apart, and never while a pod has it.
 */
final class Witness {
  private static final long METADATA_MILLIS = 30_000;
  private static final long DESCRIBE_MILLIS = 600_000;
  private static final long RETRY_MILLIS = 2_000;
  private static final long LAST_RETRY_MILLIS = 60_000;
  /** EC2's own description may lag by this much behind what it answered before. */
  static final long LAG_MILLIS = 15_000;
  private static final String DESCRIBED = "described";
  /** The tag by which an operator keeps an interface for others. Source: aws-node's documentation. */
  private static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

  private final Context context;
  private final Function<String, Optional<InstanceTypeRecord>> types;
  private final NodeWork work;
  private final Runnable changed;
  private final Map<String, Long> since = new HashMap<>();
  private final Map<String, Long> missingSince = new HashMap<>();
  private final Map<Cidr, Long> addedAt = new HashMap<>();
  private final Map<Long, List<Runnable>> timers = new java.util.TreeMap<>();
  /** Interfaces that were given back a moment ago, since when: descriptions may still have them. */
  private final Map<String, Long> removedAt = new HashMap<>();
  /** Addresses and prefixes that were taken off a moment ago, since when: descriptions may still have them. */
  private final Map<Cidr, Long> unitsRemovedAt = new HashMap<>();
  private final Surroundings surroundings;
  private boolean described;
  /** Whether EC2 describes the interfaces for the first time since the boot: metadata, which came before it, may have left something out. */
  private boolean firstDescription;
  /** When the last description was asked for that came. */
  private long describedAsOf = Long.MIN_VALUE;
  private long startedAt;
  private boolean metadataAsked;
  private boolean looking;
  private boolean describeAsked;
  private long metadataAt;
  private long describeAt;
  /** When somebody wishes to look earlier than that. */
  private long wishedAt = Long.MAX_VALUE;
  /** EC2 did not answer: whatever is wished, it is not asked again before. */
  private long notBefore;
  private int failures;

  Witness(Context context, Function<String, Optional<InstanceTypeRecord>> types, NodeWork work, Runnable changed) {
    this.context = context;
    this.types = types;
    this.work = work;
    this.changed = changed;
    this.surroundings = new Surroundings(context, facts -> {
      take(facts, false);
      changed.run();
    });
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Whether EC2 has been described since so long after a moment that it can't lag behind it any more. */
  boolean describedSince(long moment) {
    return describedAsOf >= moment + LAG_MILLIS;
  }

  /** Security groups that an interface should have. */
  record GroupChange(String eniId, List<String> groups) {}

  /** Whether EC2 has described the interfaces since the start, so that something may be asked of it. */
  boolean known() {
    return described;
  }

  /**
   * The interfaces that have other security groups than their lane: those that follow the primary interface, whoever made them, and
   * those of ours whose lane names its groups.
   */
  List<GroupChange> groupsToSet() {
    NodeFacts facts = context.facts().orElseThrow();
    List<GroupChange> changes = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      Optional<LanePlan> lane = eni.lane().flatMap(context.plan::lane).filter(l -> l.lane().owner() == Lane.Owner.NODE);
      boolean follows = lane.filter(l -> l.lane().groups().isOfPrimary()).isPresent() || context.ledger.made(eni.id()).isPresent();
      if (lane.isEmpty() || !follows || eni.id().equals(facts.primary().id())) {
        continue;
      }
      surroundings.groupsFor(lane.get()).filter(groups -> !new HashSet<>(groups).equals(new HashSet<>(eni.record().groups())))
          .ifPresent(groups -> changes.add(new GroupChange(eni.id(), groups)));
    }
    return changes;
  }

  long since(String eniId) {
    return since.getOrDefault(eniId, 0L);
  }

  void start() {
    if (!context.ledger.seen().values().isEmpty()) {
      take(NodeFactsFields.read(context.ledger.seen()), false);
    }
    metadataAt = context.millis();
    startedAt = context.millis();
    tick();
  }

  /** When this process started: what an earlier one asked for was asked before. */
  long startedAt() {
    return startedAt;
  }

  void tick() {
    long now = context.millis();
    List.copyOf(timers.keySet()).stream().filter(t -> t <= now)
        .forEach(t -> Objects.requireNonNull(timers.remove(t)).forEach(Runnable::run));
    if (metadataAt <= now && !metadataAsked) {
      readMetadata();
    }
    if (context.facts().isPresent() && nextDescription() <= now && !describeAsked) {
      describe();
    }
    surroundings.tick();
    context.wakeAt(Math.min(metadataAt > now ? metadataAt : Long.MAX_VALUE, nextDescription() > now ? nextDescription() : Long.MAX_VALUE));
    timers.keySet().stream().mapToLong(Long::longValue).min().ifPresent(context::wakeAt);
  }

  /** Runs something at a time. */
  void at(long monotonic, Runnable what) {
    timers.computeIfAbsent(monotonic, t -> new ArrayList<>()).add(what);
    context.wakeAt(monotonic);
  }

  /** Wishes that EC2 is described at a time, or as soon after it as can be. */
  void lookAgain(long at) {
    wishedAt = Math.min(wishedAt, at);
    // While it is being described there is nothing to wake up for.
    if (!describeAsked) {
      context.wakeAt(nextDescription());
    }
  }

  private long nextDescription() {
    return Math.max(notBefore, Math.min(describeAt, wishedAt));
  }

  private void readMetadata() {
    metadataAsked = true;
    context.ask(Effect.ReadMetadata::new, event -> {
      metadataAsked = false;
      switch (event) {
        case Event.MetadataRead m -> {
          metadataAt = context.millis() + METADATA_MILLIS;
          context.findings.remove("metadata");
          metadata(m.metadata());
        }
        case Event.MetadataFailed f -> {
          metadataAt = context.millis() + RETRY_MILLIS;
          Finding why = Finding.of(dev.patchbay.spi.Codes.CLOUD_UNREACHABLE, "Instance metadata does not answer: " + f.reason() + ".",
              "Check that IMDSv2 is on for the instance and its hop limit lets the daemon reach it.");
          context.findings.put("metadata", why);
          if (context.facts().isEmpty()) {
            context.findings.put("node", why);
          }
        }
        default -> throw Context.unexpected(event);
      }
      tick();
    });
  }

  private void metadata(InstanceMetadata m) {
    Optional<NodeFacts> before = context.facts();
    if (before.isEmpty() || !before.get().identity().instanceId().equals(m.identity().instanceId())) {
      Optional<InstanceTypeRecord> type =
          types.apply(m.identity().instanceType()).or(() -> context.ledger.type(m.identity().instanceType()));
      if (type.isEmpty()) {
        learnType(m);
        return;
      }
      List<NodeFacts.Eni> enis = new ArrayList<>();
      m.enis().forEach(e -> enis.add(new NodeFacts.Eni(e, number(enis), Optional.empty())));
      take(new NodeFacts(m.identity(), type.get(), enis, m.subnets(), m.vpcCidrs()), true);
      describeAt = context.millis();
      return;
    }
    NodeFacts facts = before.get();
    if (!new HashSet<>(facts.vpcCidrs()).equals(new HashSet<>(m.vpcCidrs())) && !m.vpcCidrs().isEmpty()) {
      facts = facts.withVpcCidrs(m.vpcCidrs());
      take(facts, false);
    }
    List<SubnetRecord> unknown = m.subnets().stream().filter(n -> context.facts().orElseThrow().subnet(n.id()).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      facts = facts.withSubnets(Surroundings.merged(facts.subnets(), unknown));
      take(facts, false);
    }
    NodeFacts known = facts;
    boolean stranger = m.enis().stream().anyMatch(e -> known.eni(e.id()).isEmpty());
    boolean lost = known.enis().stream().anyMatch(e -> m.enis().stream().noneMatch(s -> s.id().equals(e.id()))
        && context.millis() - since(e.id()) > LAG_MILLIS);
    if (stranger || lost) {
      lookAgain(context.millis());
    }
    m.enis().stream().filter(e -> e.mac().equals(m.identity().primaryMac())).findFirst()
        .ifPresent(primary -> primaryHas(primary.groups()));
  }

  private void learnType(InstanceMetadata m) {
    String name = m.identity().instanceType();
    context.ask(token -> new Effect.Call(token, new CloudCall.DescribeType(name)), event -> {
      switch (event) {
        case Event.Answered(long _, CloudAnswer.Type t) -> {
          context.write(List.of(new Entry.TypeLearned(t.type())), () -> {}, _ -> {});
          context.findings.remove("type");
          metadata(m);
        }
        case Event.Answered(long _, CloudAnswer.Failed f) -> {
          Finding why = CloudFindings.of(f, "describe the instance type " + name);
          context.findings.put("type", why);
          context.findings.put("node", why);
          metadataAt = context.millis() + RETRY_MILLIS;
        }
        default -> throw Context.unexpected(event);
      }
      tick();
    });
  }

  private void describe() {
    describeAsked = true;
    wishedAt = Long.MAX_VALUE;
    long asked = context.millis();
    String instance = context.facts().orElseThrow().identity().instanceId();
    context.ask(token -> new Effect.Call(token, new CloudCall.DescribeAttached(instance)), event -> {
      describeAsked = false;
      switch (event) {
        case Event.Answered(long _, CloudAnswer.Interfaces found) -> {
          firstDescription = !context.ledger.seen().isTrue(DESCRIBED);
          described = true;
          describedAsOf = asked;
          describeAt = context.millis() + DESCRIBE_MILLIS;
          failures = 0;
          context.findings.remove("describe");
          reconcile(found.enis(), asked);
          findOwn();
        }
        case Event.Answered(long _, CloudAnswer.Failed f) -> {
          long pause = Math.min(LAST_RETRY_MILLIS, RETRY_MILLIS << Math.min(10, failures++));
          notBefore = context.millis() + pause + context.random.nextLong(pause / 2 + 1);
          describeAt = notBefore;
          context.findings.put("describe", CloudFindings.of(f, "describe the node's interfaces"));
        }
        default -> throw Context.unexpected(event);
      }
      tick();
      changed.run();
    });
  }

  /** Interfaces that a lost answer or a crash left behind: ours by tag, attached to nothing. They are deleted. */
  private void findOwn() {
    Set<String> attached = new TreeSet<>();
    context.facts().orElseThrow().enis().forEach(e -> attached.add(e.id()));
    boolean loose = context.ledger.intended().keySet().stream().anyMatch(t -> !context.inFlight.contains(t))
        || context.ledger.made().stream().anyMatch(m -> !attached.contains(m.eniId()) && !context.inFlight.contains(m.token()));
    if (!loose || looking) {
      return;
    }
    looking = true;
    long asked = context.millis();
    Map<String, String> intended = new LinkedHashMap<>(context.ledger.intended());
    String instance = context.facts().orElseThrow().identity().instanceId();
    context.ask(token -> new Effect.Call(token,
        new CloudCall.DescribeTagged("node.k8s.amazonaws.com/instance_id", instance)), event -> {
          looking = false;
          if (event instanceof Event.Answered(long _, CloudAnswer.Interfaces found)) {
            clearUp(found.enis(), intended, asked);
          } else {
            lookAgain(context.millis() + LAG_MILLIS);
          }
          changed.run();
        });
  }

  private void clearUp(List<EniRecord> found, Map<String, String> intended, long asked) {
    Set<String> there = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (EniRecord eni : found) {
      String token = eni.tags().getOrDefault("patchbay.dev/token", "");
      there.add(token);
      ids.add(eni.id());
      if (context.inFlight.contains(token)) {
        continue;
      }
      if (intended.containsKey(token) && context.ledger.intended().containsKey(token)) {
        context.write(List.of(new Entry.EniMade(token, eni.id(), intended.getOrDefault(token, ""))), () -> {}, _ -> {});
      }
      boolean ours = context.ledger.made(eni.id()).map(Ledger.Made::token).equals(Optional.of(token));
      boolean leaving = context.ledger.enisLeaving().contains(eni.id());
      if (ours && !leaving && eni.attachment().isEmpty() && eni.status().equals("available")) {
        deleteLoose(eni.id(), token);
      }
    }
    // A token that EC2 has nothing for, although it was used longer ago than EC2 lags, made nothing; an interface that EC2 does not
    // have, although it was made longer ago than that, is gone.
    for (String token : intended.keySet()) {
      if (!there.contains(token) && !context.inFlight.contains(token) && context.ledger.intended().containsKey(token)) {
        settle(token, asked);
      }
    }
    for (Ledger.Made made : List.copyOf(context.ledger.made())) {
      boolean attached = context.facts().orElseThrow().eni(made.eniId()).isPresent();
      if (!ids.contains(made.eniId()) && !attached && !context.inFlight.contains(made.token())) {
        settle(made.token(), asked);
      }
    }
  }

  private void settle(String token, long asked) {
    if (asked >= missingSince.computeIfAbsent("token " + token, t -> asked) + LAG_MILLIS) {
      missingSince.remove("token " + token);
      context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
    } else {
      lookAgain(context.millis() + LAG_MILLIS);
    }
  }

  private void deleteLoose(String eniId, String token) {
    context.inFlight.add(token);
    context.ask(t -> new Effect.Call(t, new CloudCall.Delete(eniId)), event -> {
      context.inFlight.remove(token);
      // EC2 may not find yet what it has just made: if it is not there, later descriptions won't have it either.
      if (event instanceof Event.Answered a && !(a.answer() instanceof CloudAnswer.Failed)) {
        context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
      } else {
        lookAgain(context.millis() + DESCRIBE_MILLIS / 10);
      }
    });
  }

  private void reconcile(List<EniRecord> found, long asked) {
    NodeFacts facts = context.facts().orElseThrow();
    Map<String, EniRecord> byId = new LinkedHashMap<>();
    found.stream().filter(e -> !e.status().equals("detaching") && asked >= removedAt.getOrDefault(e.id(), asked - LAG_MILLIS) + LAG_MILLIS)
        .forEach(e -> byId.put(e.id(), e));
    List<NodeFacts.Eni> next = new ArrayList<>();
    for (NodeFacts.Eni known : facts.enis()) {
      EniRecord now = byId.remove(known.id());
      if (now != null) {
        missingSince.remove(known.id());
        NodeFacts.Eni merged = new NodeFacts.Eni(merged(known.record(), now, elsewhere(found, now), asked), known.number(), known.lane());
        forgetTaken(merged);
        next.add(merged);
      } else if (keep(known.id(), since(known.id()), asked) || holds(known)) {
        next.add(known);
      }
    }
    byId.values().forEach(e -> {
      next.add(new NodeFacts.Eni(e, number(next), Optional.empty()));
      since.put(e.id(), context.millis());
    });
    take(facts.withEnis(next), false);
    firstDescription = false;
  }

  /** Whether something that EC2 left out is kept for now: it is new, or was left out for the first time. */
  private boolean keep(String what, long knownSince, long asked) {
    if (asked - knownSince < LAG_MILLIS) {
      lookAgain(context.millis() + LAG_MILLIS);
      return true;
    }
    long first = missingSince.computeIfAbsent(what, w -> asked);
    boolean sure = asked - first >= LAG_MILLIS;
    if (!sure) {
      lookAgain(context.millis() + LAG_MILLIS);
    }
    return !sure;
  }

  private boolean holds(NodeFacts.Eni eni) {
    boolean holds = context.book.eni(eni.id()).map(e -> !e.idle()).orElse(false);
    if (holds) {
      context.findings.put("vanished " + eni.id(), Finding.of(BrainCodes.ADDRESS_VANISHED,
          "EC2 no longer lists " + eni.id() + " on this instance, and pods have its addresses.",
          "Delete the pods that `patchbay explain " + eni.id() + "` lists, so that they get other addresses.").about(eni.id()));
    }
    return holds;
  }

  private static Set<Cidr> elsewhere(List<EniRecord> found, EniRecord but) {
    Set<Cidr> units = new HashSet<>();
    for (EniRecord eni : found) {
      if (!eni.id().equals(but.id())) {
        for (AddressFamily family : AddressFamily.values()) {
          units.addAll(eni.units(family));
        }
      }
    }
    return units;
  }

  private EniRecord merged(EniRecord known, EniRecord now, Set<Cidr> elsewhere, long asked) {
    List<IpAddress> addresses = new ArrayList<>(now.addresses());
    List<Cidr> prefixes = new ArrayList<>(now.prefixes());
    addresses.removeIf(a -> !known.addresses().contains(a) && justRemoved(a.asCidr(), asked));
    prefixes.removeIf(p -> !known.prefixes().contains(p) && justRemoved(p, asked));
    for (IpAddress a : known.addresses()) {
      if (!addresses.contains(a) && !elsewhere.contains(a.asCidr()) && stays(now.id(), a.asCidr(), asked)) {
        addresses.add(a);
      }
    }
    for (Cidr p : known.prefixes()) {
      if (!prefixes.contains(p) && !elsewhere.contains(p) && stays(now.id(), p, asked)) {
        prefixes.add(p);
      }
    }
    now.units(AddressFamily.IPV4).forEach(u -> missingSince.remove(u.toString()));
    return new EniRecord(now.id(), now.mac(), now.type(), now.subnetId(), now.groups(), now.primary(), addresses, prefixes,
        now.attachment(), now.tags(), now.description(), now.status());
  }

  /** Whether a unit was taken off so short a time before EC2 was asked that its description may not know. */
  private boolean justRemoved(Cidr unit, long asked) {
    Long at = unitsRemovedAt.get(unit);
    if (at != null && asked >= at + LAG_MILLIS) {
      unitsRemovedAt.remove(unit);
      return false;
    }
    if (at != null) {
      lookAgain(at + LAG_MILLIS);
    }
    return at != null;
  }

  /** What we assigned and EC2 does not have any more was taken away by somebody else: there is nothing left to give back. */
  private void forgetTaken(NodeFacts.Eni eni) {
    List<Cidr> gone = new ArrayList<>();
    for (Cidr unit : context.ledger.units().getOrDefault(eni.id(), Set.of())) {
      boolean apart = unit.size() == 1 && context.ledger.isParticular(eni.id(), unit.address());
      if (!apart && !eni.record().units(unit.family()).contains(unit) && !context.ledger.leaving(eni.id()).contains(unit)) {
        gone.add(unit);
      }
    }
    if (!gone.isEmpty()) {
      context.write(List.of(new Entry.UnitsGone(eni.id(), gone)), () -> {}, _ -> {});
    }
  }

  private boolean stays(String eniId, Cidr unit, long asked) {
    boolean held = false;
    for (long n = 0; n < Math.min(unit.size(), 16) && !held; n++) {
      held = context.ledger.holder(unit.at(n)).isPresent();
    }
    if (held) {
      if (asked - addedAt.getOrDefault(unit, 0L) > LAG_MILLIS) {
        context.findings.put("vanished " + unit, Finding.of(BrainCodes.ADDRESS_VANISHED,
            "EC2 no longer lists " + unit + " on " + eniId + ", and a pod has it.",
            "Delete the pod that `patchbay explain " + unit.address() + "` names, so that it gets another.").about(unit.toString()));
      }
      return true;
    }
    return keep(unit.toString(), addedAt.getOrDefault(unit, 0L), asked);
  }

  private int number(List<NodeFacts.Eni> others) {
    Set<Integer> used = new HashSet<>();
    others.forEach(e -> used.add(e.number()));
    context.facts().ifPresent(f -> f.enis().forEach(e -> used.add(e.number())));
    int n = 1;
    while (used.contains(n)) {
      n++;
    }
    return n;
  }

  /** Takes facts up: lanes are assigned, the book follows, the node is planned again, and the ledger remembers. */
  private void take(NodeFacts facts, boolean fresh) {
    Optional<NodeFacts> before = context.facts();
    context.facts(laned(facts));
    boolean boot = fresh && context.ledger.seen().values().isEmpty();
    List<Entry> entries = new ArrayList<>();
    if (boot || firstDescription) {
      // Who had these addresses before the boot is not known any more; traffic to them may still be under way.
      Set<Cidr> known = new HashSet<>();
      before.filter(b -> !boot).ifPresent(b -> b.enis().forEach(e -> known.addAll(e.record().units(AddressFamily.IPV4))));
      cool(facts, known, entries);
    }
    Fields seen = NodeFactsFields.of(context.facts().orElseThrow());
    entries.add(new Entry.Seen(described ? seen.with(DESCRIBED, true) : seen));
    if (!context.ledger.seen().equals(((Entry.Seen) entries.getLast()).facts())) {
      context.write(entries, () -> {}, _ -> {});
    }
    context.findings.remove("node");
    sync();
    work.factsChanged();
  }

  private void cool(NodeFacts facts, Set<Cidr> known, List<Entry> entries) {
    long until = context.millis() + context.settings.cooldownMillis();
    for (NodeFacts.Eni eni : facts.enis()) {
      eni.record().units(AddressFamily.IPV4).stream().filter(u -> u.size() <= 16 && !known.contains(u)).forEach(u -> {
        for (long n = 0; n < u.size(); n++) {
          if (context.ledger.holder(u.at(n)).isEmpty()) {
            entries.add(new Entry.Cools(u.at(n), until));
          }
        }
      });
    }
  }

  private void sync() {
    context.book.sync(context.facts().orElseThrow(), context.ledger, context.drawn.keySet(), this::fits, context.millis());
  }

  /** Lanes changed: interfaces may belong to others now. */
  void lanesChanged() {
    context.facts().ifPresent(facts -> {
      NodeFacts next = laned(facts);
      if (next.equals(facts)) {
        sync();
      } else {
        take(next, false);
      }
    });
    surroundings.tick();
  }

  private NodeFacts laned(NodeFacts facts) {
    String primary = facts.primary().id();
    List<NodeFacts.Eni> enis = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      enis.add(new NodeFacts.Eni(eni.record(), eni.number(), laneOf(facts, eni, eni.id().equals(primary))));
    }
    return facts.withEnis(enis);
  }

  private Optional<String> laneOf(NodeFacts facts, NodeFacts.Eni eni, boolean primary) {
    if (primary) {
      return context.plan.lanes().stream().filter(l -> l.lane().primary()).map(LanePlan::name).findFirst();
    }
    Optional<String> made = context.ledger.made(eni.id()).map(Ledger.Made::lane);
    if (made.isPresent()) {
      return made.filter(name -> context.plan.lane(name).isPresent());
    }
    if ("true".equals(eni.record().tags().get(NO_MANAGE)) || !described) {
      return Optional.empty();
    }
    // Somebody else's interface of the kind that a lane has is used by it, as the reference does, and never released.
    return context.plan.lanes().stream().filter(l -> adopts(l.lane(), eni, facts)).map(LanePlan::name).findFirst();
  }

  /** Whether an interface lies where its lane now wants its interfaces. What is not known does not count against it. */
  private boolean fits(NodeFacts.Eni eni) {
    NodeFacts facts = context.facts().orElseThrow();
    Optional<LanePlan> lane = eni.lane().flatMap(context.plan::lane);
    if (lane.isEmpty() || eni.id().equals(facts.primary().id())) {
      return true;
    }
    SubnetChoice subnets = lane.get().lane().subnets();
    String subnet = eni.record().subnetId();
    boolean there = subnets.isOfNode() ? subnet.equals(facts.primary().record().subnetId())
        : subnets.ids().isEmpty() || subnets.ids().contains(subnet);
    return there && lane.get().lane().interfaceType().equals(eni.record().type());
  }

  private boolean adopts(Lane lane, NodeFacts.Eni eni, NodeFacts facts) {
    int card = eni.record().attachment().map(EniRecord.Attachment::networkCard).orElse(0);
    if (!lane.interfaceType().equals(eni.record().type()) || lane.networkCard() != card) {
      return false;
    }
    if (lane.subnets().isOfNode()) {
      // Where whoever makes a lane's interfaces puts them is not for the node to say.
      return lane.owner() != Lane.Owner.NODE
          || (lane.pods() && eni.record().subnetId().equals(facts.primary().record().subnetId()));
    }
    return lane.subnets().ids().contains(eni.record().subnetId()) || (!lane.subnets().tags().isEmpty()
        && facts.subnet(eni.record().subnetId()).filter(s -> s.tags().entrySet().containsAll(lane.subnets().tags().entrySet()))
            .isPresent());
  }

  /** Why no pod gets an address of an interface; empty if pods may. */
  Optional<String> leftAlone(NodeFacts.Eni eni) {
    NodeFacts facts = context.facts().orElseThrow();
    if (eni.lane().isPresent()) {
      return context.plan.lane(eni.lane().get()).filter(l -> !l.lane().pods())
          .map(l -> "its lane " + l.name() + " carries no pods itself");
    }
    if (eni.id().equals(facts.primary().id())) {
      return Optional.of("no lane of the modes in force takes addresses of the primary interface");
    }
    Optional<String> made = context.ledger.made(eni.id()).map(Ledger.Made::lane);
    if (made.isPresent()) {
      return Optional.of("Patchbay made it for lane " + made.get() + ", which no mode plans any more");
    }
    if ("true".equals(eni.record().tags().get(NO_MANAGE))) {
      return Optional.of("it has the tag " + NO_MANAGE + "=true, by which an operator keeps it for others");
    }
    return Optional.of(described ? "Patchbay did not make it (nothing in its ledger says so), and no lane takes interfaces of type "
        + eni.record().type() + " in subnet " + eni.record().subnetId()
        : "EC2 has not described it since the daemon's start, so its tags are not known");
  }

  private void primaryHas(List<String> groups) {
    NodeFacts facts = context.facts().orElseThrow();
    if (!facts.primary().record().groups().equals(groups)) {
      groupsSet(new GroupChange(facts.primary().id(), groups));
      changed.run();
    }
  }

  private static EniRecord withGroups(EniRecord r, List<String> groups) {
    return new EniRecord(r.id(), r.mac(), r.type(), r.subnetId(), groups, r.primary(), r.addresses(), r.prefixes(),
        r.attachment(), r.tags(), r.description(), r.status());
  }

  void groupsSet(GroupChange change) {
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().map(e -> e.id().equals(change.eniId())
        ? new NodeFacts.Eni(withGroups(e.record(), change.groups()), e.number(), e.lane()) : e).toList()), false);
  }

  void unitsAdded(String eniId, List<Cidr> units) {
    units.forEach(u -> {
      addedAt.put(u, context.millis());
      unitsRemovedAt.remove(u);
    });
    units(eniId, units, List.of());
  }

  void unitsRemoved(String eniId, List<Cidr> units) {
    units.forEach(u -> unitsRemovedAt.put(u, context.millis()));
    units(eniId, List.of(), units);
  }

  private void units(String eniId, List<Cidr> more, List<Cidr> less) {
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().map(e -> {
      if (!e.id().equals(eniId)) {
        return without(e, more);
      }
      EniRecord r = e.record();
      List<IpAddress> addresses = new ArrayList<>(r.addresses());
      List<Cidr> prefixes = new ArrayList<>(r.prefixes());
      for (Cidr unit : more) {
        boolean single = unit.length() == unit.family().bits();
        if (single && !addresses.contains(unit.address())) {
          addresses.add(unit.address());
        } else if (!single && !prefixes.contains(unit)) {
          prefixes.add(unit);
        }
      }
      less.forEach(u -> {
        addresses.remove(u.address());
        prefixes.remove(u);
      });
      return new NodeFacts.Eni(new EniRecord(r.id(), r.mac(), r.type(), r.subnetId(), r.groups(), r.primary(), addresses,
          prefixes, r.attachment(), r.tags(), r.description(), r.status()), e.number(), e.lane());
    }).toList()), false);
  }

  /** What EC2 gave to one interface just now is on no other any more, whatever was described before. */
  private static NodeFacts.Eni without(NodeFacts.Eni eni, Collection<Cidr> units) {
    EniRecord r = eni.record();
    if (r.addresses().stream().noneMatch(a -> units.contains(a.asCidr())) && r.prefixes().stream().noneMatch(units::contains)) {
      return eni;
    }
    return new NodeFacts.Eni(new EniRecord(r.id(), r.mac(), r.type(), r.subnetId(), r.groups(), r.primary(),
        r.addresses().stream().filter(a -> !units.contains(a.asCidr())).toList(),
        r.prefixes().stream().filter(p -> !units.contains(p)).toList(), r.attachment(), r.tags(), r.description(), r.status()),
        eni.number(), eni.lane());
  }

  void goesWithInstance(String eniId) {
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().map(e -> e.id().equals(eniId) ? new NodeFacts.Eni(terminating(e.record()), e.number(),
        e.lane()) : e).toList()), false);
  }

  private static EniRecord terminating(EniRecord r) {
    return new EniRecord(r.id(), r.mac(), r.type(), r.subnetId(), r.groups(), r.primary(), r.addresses(), r.prefixes(),
        r.attachment().map(a -> new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), a.networkCard(), true)), r.tags(),
        r.description(), r.status());
  }

  void interfaceAdded(EniRecord eni, String lane) {
    NodeFacts facts = context.facts().orElseThrow();
    since.put(eni.id(), context.millis());
    List<Cidr> given = new ArrayList<>(eni.units(AddressFamily.IPV4));
    given.addAll(eni.units(AddressFamily.IPV6));
    List<NodeFacts.Eni> enis = new ArrayList<>(facts.enis().stream().filter(e -> !e.id().equals(eni.id())).map(e -> without(e, given))
        .toList());
    enis.add(new NodeFacts.Eni(eni, number(enis), Optional.of(lane)));
    List<SubnetRecord> subnets = facts.subnets();
    take(facts.withSubnets(subnets).withEnis(enis), false);
  }

  void interfaceRemoved(String eniId) {
    removedAt.put(eniId, context.millis());
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().filter(e -> !e.id().equals(eniId)).toList()), false);
  }

  void applyNode(Runnable then) {
    work.apply(then);
  }

  void suppliesChanged() {
    changed.run();
  }
}
