package dev.patchbay.core.brain;

import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What is more than a lane needs, and goes: an interface that no family of the lane has use for, units that have emptied. */
final class Shrinking {
  private static final long SHRINK_PAUSE_MILLIS = 30_000;
  /** An interface younger than this is not given back, so that a short burst does not make one come and go. */
  private static final long YOUNGEST_MILLIS = 60_000;

  private final Context context;
  private final Needs needs;
  private final KnownFacts facts;
  private final GivingBack givingBack;
  private final Interfaces interfaces;
  private long shrunk;

  Shrinking(Context context, Needs needs, KnownFacts facts, GivingBack givingBack) {
    this.context = context;
    this.needs = needs;
    this.facts = facts;
    this.givingBack = givingBack;
    this.interfaces = new Interfaces(context);
  }

  void shrink() {
    if (releaseSpent() || releaseLeft()) {
      return;
    }
    if (shrunk != 0 && context.millis() < shrunk + SHRINK_PAUSE_MILLIS) {
      context.wakeAt(shrunk + SHRINK_PAUSE_MILLIS);
      return;
    }
    for (LanePlan lane : context.plan.lanes()) {
      if (Interfaces.isSupplied(lane)) {
        Map<AddressFamily, StockNeed> need = needs.of(lane);
        if (!need.isEmpty() && (freeInterface(lane, need) || releaseUnits(lane, need))) {
          return;
        }
      }
    }
  }

  /** Gives an interface back that no family of the lane has use for. */
  private boolean freeInterface(LanePlan lane, Map<AddressFamily, StockNeed> need) {
    boolean grows = need.values().stream().anyMatch(n -> n.grow() > 0);
    for (AddressBook.Eni eni : context.book.enis(lane.name()).reversed()) {
      boolean ours = context.ledger.made(eni.id()).isPresent();
      // One that lies elsewhere than the lane wants gives it nothing, and may have the slot that it needs to grow.
      if (ours && !eni.draining() && isIdle(eni) && (grows ? eni.stale() : isSurplus(eni, lane, need))) {
        if (context.millis() - facts.since(eni.id()) < YOUNGEST_MILLIS) {
          context.wakeAt(facts.since(eni.id()) + YOUNGEST_MILLIS);
          continue;
        }
        shrunk = context.millis();
        givingBack.free(eni.id());
        return true;
      }
    }
    return false;
  }

  /** Whether no pod has an address of it, or is about to, of its units as of a block that is not counted out, and none cools down. */
  private boolean isIdle(AddressBook.Eni eni) {
    List<Cidr> prefixes = context.facts().flatMap(f -> f.eni(eni.id())).map(e -> e.record().prefixes()).orElse(List.of());
    return eni.idle() && !context.reserved.containsKey(eni.id())
        && context.ledger.attachments().stream().flatMap(a -> a.addresses().stream()).noneMatch(h -> h.eniId().equals(Optional.of(eni.id())))
        && context.ledger.cooling().keySet().stream().noneMatch(ip -> prefixes.stream().anyMatch(p -> p.contains(ip)));
  }

  private boolean isSurplus(AddressBook.Eni eni, LanePlan lane, Map<AddressFamily, StockNeed> of) {
    if (eni.stale()) {
      return true;
    }
    if (carriesRange(eni, lane)) {
      return false;
    }
    // One without addresses is no part of the stock, and holds a slot of the instance and an address of the subnet.
    boolean spared = eni.bare();
    for (Map.Entry<AddressFamily, StockNeed> need : of.entrySet()) {
      AddressBook.Counts c = context.book.countsOf(eni, need.getKey(), AddressBook.ALL);
      int stock = context.book.countsOf(eni, need.getKey(), needs.counted(lane, need.getKey())).free();
      if (stock > need.getValue().surplus()) {
        return false;
      }
      spared |= need.getValue().surplus() > 0 || (stock == 0 && c.free() > 0);
    }
    return spared;
  }

  /** Whether the block lies on an interface from which the lane draws without counting. */
  private boolean carriesRange(AddressBook.Eni eni, LanePlan lane) {
    List<Cidr> prefixes = context.facts().flatMap(f -> f.eni(eni.id())).map(e -> e.record().prefixes()).orElse(List.of());
    return lane.sources().entrySet().stream().anyMatch(source -> source.getValue() instanceof AddressSource.Range range
        && prefixes.stream().anyMatch(p -> p.family() == source.getKey() && p.length() == range.length()));
  }

  /** Gives back what is more than the target, and what of another kind than the stock's has emptied. */
  private boolean releaseUnits(LanePlan lane, Map<AddressFamily, StockNeed> needed) {
    for (Map.Entry<AddressFamily, StockNeed> of : needed.entrySet()) {
      AddressFamily family = of.getKey();
      StockNeed need = of.getValue();
      Predicate<AddressBook.Unit> counted = needs.counted(lane, family);
      List<AddressBook.Unit> releasable = context.book.releasable(lane.name(), family, context.ledger::ours);
      List<AddressBook.Unit> others = releasable.stream().filter(counted.negate()).toList();
      if (need.grow() > 0) {
        // They are of use until there is better, or until they are in the way of it.
        int size = Kinds.size(family, lane.stock(family).orElseThrow().units().getFirst());
        if (!others.isEmpty() && interfaces.isOutOfSlots(lane, family)
            && release(others.subList(0, Math.min(others.size(), Math.ceilDiv(need.grow(), size))), Integer.MAX_VALUE)) {
          return true;
        }
      } else if (release(others, Integer.MAX_VALUE)
          || (!need.whole() && release(releasable.stream().filter(counted).toList(), need.surplus()))) {
        return true;
      }
    }
    return false;
  }

  /** Releases units of one interface with so many addresses at most. */
  private boolean release(List<AddressBook.Unit> from, int most) {
    List<Cidr> units = new ArrayList<>();
    int rest = most;
    String of = "";
    for (AddressBook.Unit unit : from) {
      String eni = context.book.eniOf(unit);
      if (unit.cidr().size() <= rest && (of.isEmpty() || of.equals(eni))) {
        of = eni;
        units.add(unit.cidr());
        rest -= (int) unit.cidr().size();
      }
    }
    if (units.isEmpty()) {
      return false;
    }
    shrunk = context.millis();
    givingBack.release(of, units);
    return true;
  }

  /** Addresses that were for one attachment, which is gone, go back as soon as they have cooled down. */
  private boolean releaseSpent() {
    for (LanePlan lane : context.plan.lanes()) {
      for (AddressFamily family : AddressFamily.values()) {
        List<AddressBook.Unit> spent = needs.spent(lane, family).stream().filter(u -> !givingBack.pauses(context.book.eniOf(u))).toList();
        if (!spent.isEmpty()) {
          String eni = context.book.eniOf(spent.getFirst());
          shrunk = context.millis();
          givingBack.release(eni, spent.stream().filter(u -> context.book.eniOf(u).equals(eni)).map(AddressBook.Unit::cidr).toList());
          return true;
        }
      }
    }
    return false;
  }

  /** Addresses that we assigned on an interface of others that no lane uses any more go when nobody has them and they have cooled down. */
  private boolean releaseLeft() {
    NodeFacts known = context.facts().orElseThrow();
    for (NodeFacts.Eni eni : known.enis()) {
      boolean others = eni.lane().isEmpty() && context.ledger.made(eni.id()).isEmpty() && !eni.id().equals(known.primary().id());
      if (!others || givingBack.pauses(eni.id())) {
        continue;
      }
      List<Cidr> left = context.ledger.units().getOrDefault(eni.id(), Set.of()).stream()
          .filter(unit -> eni.record().units(unit.family()).contains(unit) && !context.ledger.leaving(eni.id()).contains(unit)
              && !context.ledger.holds(unit) && context.drawn.keySet().stream().noneMatch(unit::contains) && !cools(unit)).toList();
      if (!left.isEmpty()) {
        shrunk = context.millis();
        AddressFamily family = left.getFirst().family();
        givingBack.release(eni.id(), left.stream().filter(unit -> unit.family() == family).toList());
        return true;
      }
    }
    return false;
  }

  private boolean cools(Cidr unit) {
    long until = context.ledger.cooling().entrySet().stream().filter(e -> unit.contains(e.getKey())).mapToLong(Map.Entry::getValue).max()
        .orElse(0);
    if (until > context.millis()) {
      context.wakeAt(until);
    }
    return until > context.millis();
  }
}
