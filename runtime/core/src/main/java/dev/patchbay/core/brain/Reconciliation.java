package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What EC2 describes beside what is known. What it reports is taken up; what it no longer reports is given up only when it has left it
 * out twice, some seconds apart, and never while a pod has it.
 */
final class Reconciliation {
  private final Context context;
  private final KnownFacts facts;
  private final Descriptions descriptions;
  private final Map<String, Long> missingSince = new HashMap<>();

  Reconciliation(Context context, KnownFacts facts, Descriptions descriptions) {
    this.context = context;
    this.facts = facts;
    this.descriptions = descriptions;
  }

  void with(List<EniRecord> found, long asked) {
    NodeFacts before = context.facts().orElseThrow();
    Map<String, EniRecord> byId = new LinkedHashMap<>();
    found.stream().filter(e -> !e.status().equals("detaching") && !facts.justRemoved(e.id(), asked))
        .forEach(e -> byId.put(e.id(), e));
    List<NodeFacts.Eni> next = new ArrayList<>();
    for (NodeFacts.Eni known : before.enis()) {
      EniRecord now = byId.remove(known.id());
      if (now != null) {
        missingSince.remove(known.id());
        context.findings.remove("vanished " + known.id());
        NodeFacts.Eni merged = new NodeFacts.Eni(merged(known.record(), now, elsewhere(found, now), asked), known.number(), known.lane());
        forgetTaken(merged, asked);
        next.add(merged);
      } else if (keep(known.id(), facts.since(known.id()), asked) || holds(known)) {
        next.add(known);
      }
    }
    byId.values().forEach(e -> {
      next.add(new NodeFacts.Eni(e, facts.number(next), Optional.empty()));
      facts.known(e.id());
    });
    facts.takeDescribed(before.withEnis(next));
  }

  /** Whether something that EC2 left out is kept for now: it is new, or was left out for the first time. */
  private boolean keep(String what, long knownSince, long asked) {
    if (asked - knownSince < Descriptions.LAG_MILLIS) {
      descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
      return true;
    }
    long first = missingSince.computeIfAbsent(what, w -> asked);
    if (asked - first >= Descriptions.LAG_MILLIS) {
      missingSince.remove(what);
      return false;
    }
    descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
    return true;
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
    addresses.removeIf(a -> !known.addresses().contains(a) && facts.justRemoved(a.asCidr(), asked));
    prefixes.removeIf(p -> !known.prefixes().contains(p) && facts.justRemoved(p, asked));
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
    for (AddressFamily family : AddressFamily.values()) {
      now.units(family).forEach(u -> listed(now.id(), u));
    }
    return now.withUnits(addresses, prefixes);
  }

  private void listed(String eniId, Cidr unit) {
    missingSince.remove(unit.toString());
    context.findings.remove("vanished " + unit);
    context.book.vanished(eniId, unit, false);
  }

  /** What we assigned and EC2 does not have any more was taken away by somebody else: there is nothing left to give back. */
  private void forgetTaken(NodeFacts.Eni eni, long asked) {
    List<Cidr> gone = new ArrayList<>();
    for (Cidr unit : context.ledger.units().getOrDefault(eni.id(), Set.of())) {
      boolean apart = unit.size() == 1 && context.ledger.isParticular(eni.id(), unit.address());
      boolean there = eni.record().units(unit.family()).contains(unit) || context.ledger.leaving(eni.id()).contains(unit);
      if (there) {
        missingSince.remove(unit + " of " + eni.id());
      } else if (!apart || neverCame(eni.id(), unit, asked)) {
        gone.add(unit);
      }
    }
    if (!gone.isEmpty()) {
      context.write(List.of(new Entry.UnitsGone(eni.id(), gone)), () -> {}, _ -> {});
    }
  }

  /**
   * A particular address is written down before EC2 is asked for it, and the process may have ended in between. Another interface may have
   * it meanwhile, and a pod may have it from there: that says nothing of this one.
   */
  private boolean neverCame(String eniId, Cidr unit, long asked) {
    boolean held = context.ledger.holder(unit.address()).flatMap(context.ledger::attachment).stream()
        .flatMap(a -> a.addresses().stream())
        .anyMatch(h -> h.address().equals(unit.address()) && h.eniId().equals(Optional.of(eniId)));
    return !held && !context.drawn.containsKey(unit.address()) && !keep(unit + " of " + eniId, facts.addedAt(unit), asked);
  }

  private boolean stays(String eniId, Cidr unit, long asked) {
    boolean late = asked - facts.addedAt(unit) > Descriptions.LAG_MILLIS;
    if (late) {
      // Whether it was taken away, or is only left out this once: until that is known nobody new gets it.
      context.book.vanished(eniId, unit, true);
    }
    if (context.ledger.holds(unit)) {
      if (late) {
        missingSince.putIfAbsent(unit.toString(), asked);
        context.findings.put("vanished " + unit, Finding.of(BrainCodes.ADDRESS_VANISHED,
            "EC2 no longer lists " + unit + " on " + eniId + ", and a pod has it.",
            "Delete the pod that `patchbay explain " + unit.address() + "` names, so that it gets another.").about(unit.toString()));
      }
      return true;
    }
    boolean kept = keep(unit.toString(), facts.addedAt(unit), asked);
    if (!kept) {
      context.findings.remove("vanished " + unit);
    }
    return kept;
  }
}
