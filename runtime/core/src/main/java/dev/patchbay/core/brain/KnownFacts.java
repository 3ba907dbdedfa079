package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The node's facts as they are known at the moment, from whoever knew them last. What is taken up here is assigned to lanes, the book of
 * addresses follows, the node is planned again, and the ledger remembers it.
 */
final class KnownFacts {
  /** That EC2 has described it since the boot, to whichever process: what was seen after that builds on a description. */
  private static final String DESCRIBED = "described";
  /** When something was added of which that is not known. No zero: the clock may count from the boot, and that be a moment ago. */
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  private final Context context;
  private final Descriptions descriptions;
  private final Belonging belonging;
  private final NodeWork work;
  /** The facts that were taken up last, and the same as the ledger has them. */
  private Optional<NodeFacts> written = Optional.empty();
  private Fields asFields = Fields.empty();
  private final Map<String, Long> since = new HashMap<>();
  private final Map<Cidr, Long> addedAt = new HashMap<>();
  /** Interfaces that were given back a moment ago, since when: descriptions may still have them. */
  private final Map<String, Long> removedAt = new HashMap<>();
  /** Addresses and prefixes that were taken off a moment ago, since when: descriptions may still have them. */
  private final Map<Cidr, Long> unitsRemovedAt = new HashMap<>();

  KnownFacts(Context context, Descriptions descriptions, Belonging belonging, NodeWork work) {
    this.context = context;
    this.descriptions = descriptions;
    this.belonging = belonging;
    this.work = work;
  }

  /** Takes up what an earlier process knew. */
  void start() {
    if (!context.ledger.seen().values().isEmpty()) {
      take(NodeFactsFields.read(context.ledger.seen()));
    }
  }

  /** Takes up the first facts of this process. If they are the first of this boot, who had these addresses is not known any more. */
  void takeFirst(NodeFacts facts) {
    take(facts, context.ledger.seen().values().isEmpty() ? cooling(facts, Set.of()) : List.of());
  }

  /** Takes up what EC2 described. If it is the first time since the boot, metadata, which came before it, may have left something out. */
  void takeDescribed(NodeFacts facts) {
    Set<Cidr> known = new HashSet<>();
    context.facts().ifPresent(b -> b.enis().forEach(e -> e.record().units(AddressFamily.IPV4).stream().filter(KnownFacts::rests)
        .forEach(known::add)));
    take(facts, context.ledger.seen().isTrue(DESCRIBED) ? List.of() : cooling(facts, known));
  }

  /** Takes facts up. */
  void take(NodeFacts facts) {
    take(facts, List.of());
  }

  private void take(NodeFacts facts, List<Entry> cooling) {
    NodeFacts laned = belonging.laned(facts);
    context.facts().ifPresent(before -> before.enis().stream().map(NodeFacts.Eni::id).filter(id -> laned.eni(id).isEmpty())
        .forEach(this::forgetFindings));
    context.facts(laned);
    if (!Optional.of(laned).equals(written)) {
      written = Optional.of(laned);
      asFields = NodeFactsFields.of(laned);
    }
    Fields before = context.ledger.seen();
    boolean described = descriptions.known() || before.isTrue(DESCRIBED);
    Fields now = described ? asFields.with(DESCRIBED, true) : asFields;
    List<Entry> entries = new ArrayList<>(described ? left(laned) : List.of());
    if (!before.equals(now)) {
      entries.addAll(cooling);
      entries.add(new Entry.Seen(now));
    }
    if (!entries.isEmpty()) {
      context.write(entries, () -> {}, _ -> {});
    }
    context.findings.remove("node");
    sync();
    work.factsChanged();
  }

  /** What was leaving and has left: if it is there again, whoever looks then, somebody else has put it there. */
  private List<Entry> left(NodeFacts facts) {
    List<Entry> entries = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      Set<Cidr> known = context.ledger.left(eni.id());
      List<Cidr> units = context.ledger.leaving(eni.id()).stream()
          .filter(c -> !known.contains(c) && !eni.record().units(c.family()).contains(c)).toList();
      if (!units.isEmpty()) {
        entries.add(new Entry.UnitsLeft(eni.id(), units));
      }
    }
    return entries;
  }

  /** What was told of an interface is over when it is gone. That it could not be given back is told until it is. */
  private void forgetFindings(String eniId) {
    List.of("vanished ", "release ", "groups ", "delete-with-instance ").forEach(about -> context.findings.remove(about + eniId));
  }

  /** Traffic to addresses that somebody may have had before the boot may still be under way. */
  private List<Entry> cooling(NodeFacts facts, Set<Cidr> known) {
    List<Entry> entries = new ArrayList<>();
    long until = context.millis() + context.settings.cooldownMillis();
    for (NodeFacts.Eni eni : facts.enis()) {
      eni.record().units(AddressFamily.IPV4).stream().filter(u -> rests(u) && !known.contains(u)).forEach(u -> {
        for (long n = 0; n < u.size(); n++) {
          IpAddress ip = u.at(n);
          // What was known, be it as part of a block, has rested since then.
          if (context.ledger.holder(ip).isEmpty() && known.stream().noneMatch(k -> k.contains(ip))) {
            entries.add(new Entry.Cools(ip, until));
          }
        }
      });
    }
    return entries;
  }

  /** Whether the addresses of a unit rest one by one; those of large blocks do not. */
  private static boolean rests(Cidr unit) {
    return unit.size() <= 16;
  }

  private void sync() {
    context.book.sync(context.facts().orElseThrow(), context.ledger, context.drawn.keySet(), belonging::fits,
        eni -> Belonging.isBorrowed(context, eni), context.millis());
  }

  /** Lanes changed: interfaces may belong to others now. */
  void lanesChanged() {
    context.facts().ifPresent(facts -> {
      if (belonging.laned(facts).equals(facts)) {
        sync();
      } else {
        take(facts);
      }
    });
  }

  /** Since when an interface is known. */
  long since(String eniId) {
    return since.getOrDefault(eniId, 0L);
  }

  void known(String eniId) {
    since.put(eniId, context.millis());
  }

  /** Since when an address or prefix that was assigned is known. */
  long addedAt(Cidr unit) {
    return addedAt.getOrDefault(unit, LONG_AGO);
  }

  /** Whether an interface was given back so short a time before EC2 was asked that its description may not know. */
  boolean justRemoved(String eniId, long asked) {
    return removedAt.containsKey(eniId) && asked < removedAt.getOrDefault(eniId, 0L) + Descriptions.LAG_MILLIS;
  }

  /** Whether a unit was taken off so short a time before EC2 was asked that its description may not know. */
  boolean justRemoved(Cidr unit, long asked) {
    Long at = unitsRemovedAt.get(unit);
    if (at != null && asked >= at + Descriptions.LAG_MILLIS) {
      unitsRemovedAt.remove(unit);
      return false;
    }
    if (at != null) {
      descriptions.lookAgain(at + Descriptions.LAG_MILLIS);
    }
    return at != null;
  }

  /** A number for an interface that neither the node's have nor these. */
  int number(List<NodeFacts.Eni> others) {
    Set<Integer> used = new HashSet<>();
    others.forEach(e -> used.add(e.number()));
    context.facts().ifPresent(f -> f.enis().forEach(e -> used.add(e.number())));
    int n = 1;
    while (used.contains(n)) {
      n++;
    }
    return n;
  }

  void groupsSet(String eniId, List<String> groups) {
    alter(eniId, r -> r.withGroups(groups));
  }

  /** Whether a unit was assigned is not known: as of now it may have been. */
  void doubtful(Cidr unit) {
    addedAt.put(unit, context.millis());
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

  void goesWithInstance(String eniId) {
    alter(eniId, r -> r.attachment().map(a -> r.withAttachment(a.goingWithInstance(), r.status())).orElse(r));
  }

  void interfaceAdded(EniRecord eni, String lane) {
    NodeFacts facts = context.facts().orElseThrow();
    since.put(eni.id(), context.millis());
    List<Cidr> given = new ArrayList<>(eni.units(AddressFamily.IPV4));
    given.addAll(eni.units(AddressFamily.IPV6));
    List<NodeFacts.Eni> enis = new ArrayList<>(facts.enis().stream().filter(e -> !e.id().equals(eni.id())).map(e -> without(e, given))
        .toList());
    enis.add(new NodeFacts.Eni(eni, number(enis), Optional.of(lane)));
    take(facts.withEnis(enis));
  }

  void interfaceRemoved(String eniId) {
    removedAt.put(eniId, context.millis());
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().filter(e -> !e.id().equals(eniId)).toList()));
  }

  private void alter(String eniId, UnaryOperator<EniRecord> to) {
    NodeFacts facts = context.facts().orElseThrow();
    take(facts.withEnis(facts.enis().stream().map(e -> e.id().equals(eniId)
        ? new NodeFacts.Eni(to.apply(e.record()), e.number(), e.lane()) : e).toList()));
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
      return new NodeFacts.Eni(r.withUnits(addresses, prefixes), e.number(), e.lane());
    }).toList()));
  }

  /** What EC2 gave to one interface just now is on no other any more, whatever was described before. */
  private static NodeFacts.Eni without(NodeFacts.Eni eni, Collection<Cidr> units) {
    EniRecord r = eni.record();
    if (r.addresses().stream().noneMatch(a -> units.contains(a.asCidr())) && r.prefixes().stream().noneMatch(units::contains)) {
      return eni;
    }
    return new NodeFacts.Eni(r.withUnits(r.addresses().stream().filter(a -> !units.contains(a.asCidr())).toList(),
        r.prefixes().stream().filter(p -> !units.contains(p)).toList()), eni.number(), eni.lane());
  }
}
