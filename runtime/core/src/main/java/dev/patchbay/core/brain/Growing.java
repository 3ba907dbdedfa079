package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Fetches what a lane lacks: room for particular addresses, stock, the block of a range; sized by what waits and by the target. */
final class Growing {
  private final Context context;
  private final Dealings dealings;
  private final Needs needs;
  private final Outlook outlook;
  private final Lessons lessons;
  private final KnownFacts facts;
  private final InterfaceMaking making;
  private final GivingBack givingBack;
  private final Interfaces interfaces;
  private final Kinds kinds;
  /** What was on interfaces of others when an answer was lost. */
  private final Map<String, Set<Cidr>> before = new HashMap<>();

  Growing(Context context, Dealings dealings, Needs needs, Outlook outlook, Lessons lessons, KnownFacts facts,
      InterfaceMaking making, GivingBack givingBack) {
    this.context = context;
    this.dealings = dealings;
    this.needs = needs;
    this.outlook = outlook;
    this.lessons = lessons;
    this.facts = facts;
    this.making = making;
    this.givingBack = givingBack;
    this.interfaces = new Interfaces(context);
    this.kinds = new Kinds(context);
  }

  /** What came of asking for addresses is known once EC2 has been described long enough afterwards. */
  void settle() {
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      if (context.ledger.isUnsettled(eni.id()) && !dealings.pauses("units of " + eni.id())) {
        context.write(List.of(new Entry.UnitsSettled(eni.id())), () -> {}, _ -> {});
        Optional.ofNullable(before.remove(eni.id())).ifPresent(known -> account(eni, known));
      }
    }
  }

  private static Set<Cidr> units(NodeFacts.Eni eni) {
    Set<Cidr> units = new TreeSet<>(eni.record().units(AddressFamily.IPV4));
    units.addAll(eni.record().units(AddressFamily.IPV6));
    return units;
  }

  /** On an interface of our own what came is used; on one of others it may be theirs. */
  private void account(NodeFacts.Eni eni, Set<Cidr> known) {
    Set<Cidr> came = units(eni);
    came.removeAll(known);
    came.removeIf(unit -> context.ledger.ours(eni.id(), unit));
    if (!came.isEmpty()) {
      String addresses = came.stream().map(c -> c.address().toString()).collect(Collectors.joining(", "));
      context.findings.put("unaccounted " + eni.id(), Finding.of(BrainCodes.ADDRESS_UNACCOUNTED, "While EC2's answer to Patchbay was"
          + " lost, these addresses came to " + eni.id() + ", which others manage: " + addresses + ". Whose they are can't be told, and"
          + " no pod gets them.", "Where nobody uses them, take them off the interface.").about(eni.id()));
    }
  }

  /** Particular addresses wait for room: a new interface makes some, or else an idle address goes. */
  boolean makeRoom(LanePlan lane, AddressFamily family) {
    String want = Wants.slot(lane.name(), family);
    if (needs.waiting(want) == 0
        || context.book.enis(lane.name()).stream().anyMatch(e -> interfaces.freeUnits(e.id(), family) > 0) || dealings.pauses(want)) {
      return false;
    }
    Optional<Interfaces.Room> room = interfaces.newInterface(lane, family);
    if (room.isPresent() && room.get() instanceof Interfaces.Room.NewInterface fresh) {
      return making.create(lane, family, Unit.SINGLE, 0, fresh, want);
    }
    List<AddressBook.Unit> spare = needs.spare(lane, family);
    if (spare.isEmpty() || givingBack.pauses(context.book.eniOf(spare.getFirst()))) {
      return false;
    }
    givingBack.release(context.book.eniOf(spare.getFirst()), List.of(spare.getFirst().cidr()));
    return true;
  }

  boolean grow(LanePlan lane, AddressFamily family) {
    String want = Wants.stock(lane.name(), family);
    Optional<AddressSource.Stock> stock = lane.stock(family);
    boolean delegated = lane.sources().get(family) instanceof AddressSource.Range range && range.block().isEmpty();
    if ((stock.isEmpty() && !delegated) || dealings.pauses(want)) {
      return false;
    }
    if (lane.sources().get(family) instanceof AddressSource.Range range) {
      return growRange(lane, family, range.length(), want);
    }
    StockNeed need = needs.of(lane, family, stock.orElseThrow());
    if (need.grow() == 0) {
      outlook.reopen(want);
      if (context.fullSubnets.values().stream().noneMatch(until -> until > context.millis())) {
        // The time to try again has come, and there is nothing to try: whether it still holds nobody knows.
        context.findings.remove("supply " + want);
      }
      return false;
    }
    Unit unit = kinds.next(lane, family, stock.orElseThrow());
    Optional<Interfaces.Room> room = interfaces.room(lane, family);
    if (room.isEmpty()) {
      return false;
    }
    int asked = lessons.atOnce(interfaces.growsIn(lane, family).orElse(""), unit);
    int units = Math.min(asked, Math.ceilDiv(need.grow(), Kinds.size(family, unit)));
    // Room that particular addresses wait for is not filled up.
    int kept = needs.waiting(Wants.slot(lane.name(), family));
    return switch (room.get()) {
      case Interfaces.Room.OnInterface on -> {
        int most = on.units() - kept;
        if (most > 0) {
          assign(lane, family, on.eniId(), unit, need.whole() ? Math.min(asked, most) : Math.min(units, most), want);
        }
        yield most > 0;
      }
      case Interfaces.Room.NewInterface fresh ->
          making.create(lane, family, unit, need.whole() ? Math.min(asked, fresh.units()) : Math.min(units, fresh.units()), fresh, want);
    };
  }

  private boolean growRange(LanePlan lane, AddressFamily family, int length, String want) {
    List<AddressBook.Eni> enis = context.book.enis(lane.name());
    if (enis.isEmpty()) {
      return false;
    }
    for (AddressBook.Eni eni : enis) {
      for (Cidr prefix : context.facts().orElseThrow().eni(eni.id()).map(e -> e.record().prefixes()).orElse(List.of())) {
        if (prefix.family() == family && prefix.length() == length) {
          return false;
        }
      }
    }
    assign(lane, family, enis.getFirst().id(), Unit.PREFIX, 1, want);
    return true;
  }

  private void assign(LanePlan lane, AddressFamily family, String eniId, Unit unit, int count, String want) {
    dealings.begin("assign " + count + (unit == Unit.SINGLE ? " addresses" : " prefixes") + " to " + eniId);
    CloudCall call = new CloudCall.AssignAddresses(eniId, family, unit == Unit.SINGLE ? count : 0, unit == Unit.PREFIX ? count : 0);
    context.write(List.of(new Entry.UnitsIntended(eniId)), () -> assign(call, eniId, unit, count, want), reason -> {
      context.ledger.apply(new Entry.UnitsSettled(eniId));
      dealings.pause(want);
      dealings.end();
    });
  }

  private void assign(CloudCall call, String eniId, Unit unit, int count, String want) {
    dealings.call(call, answer -> {
      switch (answer) {
        case CloudAnswer.Assigned a -> {
          lessons.succeeded(want, unit, subnetOf(eniId).orElse(""));
          context.write(List.of(new Entry.UnitsMade(eniId, a.units())), () -> {
            facts.unitsAdded(eniId, a.units());
            dealings.end();
          }, _ -> {
            // Without provenance it is used and never released: nothing is lost but the right to give it back.
            facts.unitsAdded(eniId, a.units());
            dealings.end();
          });
        }
        case CloudAnswer.Failed f -> {
          if (f.kind() == CloudAnswer.Kind.UNKNOWN) {
            dealings.unsure("units of " + eniId);
            context.facts().flatMap(known -> known.eni(eniId)).filter(eni -> Belonging.isBorrowed(context, eni))
                .ifPresent(eni -> before.putIfAbsent(eniId, units(eni)));
          } else {
            context.write(List.of(new Entry.UnitsSettled(eniId)), () -> {}, _ -> {});
          }
          lessons.failed(want, unit, count, f, "assign addresses to " + eniId, subnetOf(eniId).orElse(""));
        }
        default -> throw new IllegalStateException("an assignment was answered with " + answer);
      }
    });
  }

  private Optional<String> subnetOf(String eniId) {
    return context.facts().flatMap(f -> f.eni(eniId)).map(e -> e.record().subnetId());
  }
}
