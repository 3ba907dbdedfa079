package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Keeps the lanes' stock at its target: assigns, releases, makes and frees interfaces, one operation at a time, each sized by
 * what waits and by the target. What EC2 refuses is tried again after a while that grows, with jitter; what it may have done is
 * looked at before anything is done again.
 */
final class Supply {
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long LAST_RETRY_MILLIS = 60_000;
  /** A full subnet stays full for a while: the reference asks again after 120 s too. */
  private static final long SUBNET_PAUSE_MILLIS = 120_000;
  /** More units than an interface carries of any type. */
  private static final int MOST_AT_ONCE = 128;
  private static final long SHRINK_PAUSE_MILLIS = 30_000;
  /** An interface younger than this is not given back, so that a short burst does not make one come and go. */
  private static final long YOUNGEST_MILLIS = 60_000;

  private final Context context;
  private final ToIntFunction<String> demand;
  private final Witness witness;
  private final Interfaces interfaces;
  private final Kinds kinds;
  private final Map<String, Finding> refusals = new HashMap<>();
  private final Map<String, Long> pauses = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  /** How many units of a kind a subnet is asked for at once, where it had not as many. */
  private final Map<String, Integer> atOnce = new HashMap<>();
  /** Wants for which something was asked whose answer was lost, since when. */
  private final Map<String, Long> unsure = new HashMap<>();
  /** Addresses and interfaces that EC2 was asked to take away, since when. */
  private final Map<String, Long> leftAt = new HashMap<>();
  /** What was asked for before, by this process or an earlier one, and may have been done: it can't be taken back. */
  private final Set<String> begun = new HashSet<>();
  private Optional<String> operation = Optional.empty();
  private long shrunk;

  Supply(Context context, ToIntFunction<String> demand, Witness witness) {
    this.context = context;
    this.demand = demand;
    this.witness = witness;
    this.interfaces = new Interfaces(context);
    this.kinds = new Kinds(context);
  }

  Optional<String> operation() {
    return operation;
  }

  /** Why no address will come for a want, if none will: everything is in use, or EC2 refuses for good. */
  Optional<Finding> hopeless(String want) {
    for (LanePlan lane : context.plan.lanes()) {
      for (AddressFamily family : AddressFamily.values()) {
        if (want.equals(Wants.stock(lane.name(), family))) {
          return lane.stock(family).isPresent() ? hopelessStock(lane, family, want) : refusal(want);
        }
        if (want.equals(Wants.slot(lane.name(), family))) {
          return hopelessSlot(lane, family, want);
        }
      }
    }
    return Optional.empty();
  }

  /** Why no more stock comes although it should; empty if nothing hinders. */
  Optional<String> hindrance(LanePlan lane, AddressFamily family) {
    Optional<String> refused = Optional.ofNullable(refusals.get(Wants.stock(lane.name(), family))).map(Finding::cause);
    return refused.or(() -> interfaces.room(lane, family).isEmpty() ? Optional.of("the instance has no room for more") : Optional.empty());
  }

  private Optional<Finding> refusal(String want) {
    return operation.isPresent() ? Optional.empty() : Optional.ofNullable(refusals.get(want));
  }

  private Optional<Finding> hopelessStock(LanePlan lane, AddressFamily family, String want) {
    AddressBook.Counts counts = context.book.counts(lane.name(), family);
    if (counts.cooling() > 0 || context.book.pending(lane.name(), family) > 0 || operation.isPresent()) {
      return Optional.empty();
    }
    Optional<Finding> refusal = Optional.ofNullable(refusals.get(want));
    return interfaces.room(lane, family).isEmpty() ? refusal.or(() -> Optional.of(full(lane, counts))) : refusal;
  }

  private Optional<Finding> hopelessSlot(LanePlan lane, AddressFamily family, String want) {
    boolean comes = operation.isPresent() || interfaces.newInterface(lane, family).isPresent() || !spare(lane, family).isEmpty()
        || context.book.enis(lane.name()).stream().anyMatch(e -> interfaces.freeUnits(e.id(), family) > 0);
    return comes ? refusal(want)
        : Optional.of(refusal(want).orElseGet(() -> full(lane, context.book.counts(lane.name(), family))));
  }

  /** What could be taken off the lane's interfaces to make room. */
  private List<AddressBook.Unit> spare(LanePlan lane, AddressFamily family) {
    List<AddressBook.Unit> spent = ours(context.book.spent(lane.name(), family));
    return spent.isEmpty() ? context.book.releasable(lane.name(), family, context.ledger::ours) : spent;
  }

  private List<AddressBook.Unit> ours(List<AddressBook.Unit> units) {
    return units.stream().filter(u -> context.ledger.ours(context.book.eniOf(u), u.cidr())).toList();
  }

  private Finding full(LanePlan lane, AddressBook.Counts counts) {
    NodeFacts facts = context.facts().orElseThrow();
    int card = lane.lane().networkCard();
    int slots = card < facts.type().interfacesPerCard().size() ? facts.type().interfacesPerCard().get(card) : 0;
    boolean prefixes = lane.stock(AddressFamily.IPV4).filter(s -> s.units().getFirst() == Unit.PREFIX).isPresent();
    return Finding.of(Codes.INSTANCE_FULL,
        "All " + counts.held() + " addresses that lane " + lane.name() + " can have on this " + facts.type().name() + " ("
            + slots + " interfaces with " + (facts.type().ipv4PerInterface() - 1)
            + (prefixes ? " prefixes of 16 addresses" : " addresses") + " for pods each) are held by pods.",
        "Run fewer pods on the node (set kubelet's max-pods to what `patchbay status` gives), or use a larger type.");
  }

  /** Looks whether something should be done, and starts it. */
  void decide() {
    if (operation.isPresent() || context.facts().isEmpty() || !witness.known()) {
      return;
    }
    settle();
    for (LanePlan lane : context.plan.lanes()) {
      if (lane.lane().owner() != Lane.Owner.NODE) {
        continue;
      }
      for (AddressFamily family : AddressFamily.values()) {
        if (makeRoom(lane, family) || grow(lane, family)) {
          return;
        }
      }
    }
    if (goOnLeaving() || makeGoWithInstance()) {
      return;
    }
    for (Witness.GroupChange change : witness.groupsToSet()) {
      if (!pauses("groups " + change.eniId())) {
        setGroups(change);
        return;
      }
    }
    shrink();
  }

  StockNeed need(LanePlan lane, AddressFamily family, AddressSource.Stock stock) {
    Predicate<AddressBook.Unit> counted = kinds.counted(lane, family, stock);
    AddressBook.Counts c = context.book.counts(lane.name(), family, counted);
    NodeFacts.Eni first = context.facts().orElseThrow().primary();
    int size = Kinds.size(family, stock.units().getFirst());
    int per = interfaces.unitsPerInterface(family, first) * size;
    int waiting = demand.applyAsInt(Wants.stock(lane.name(), family));
    int elsewhere = context.book.counts(lane.name(), family).free() - c.free();
    OptionalInt cap = context.settings.maxPods();
    return StockNeed.of(stock.targets(), c.held(), c.free(), c.cooling(), context.book.idle(lane.name(), family, counted),
        Math.max(0, waiting - elsewhere), per, size, cap.orElse(Integer.MAX_VALUE));
  }

  /** Whether a want is to be left alone for a while yet. */
  private boolean pauses(String want) {
    Long since = unsure.get(want);
    if (since != null) {
      if (!witness.describedSince(since)) {
        witness.lookAgain(Math.max(context.millis(), since + Witness.LAG_MILLIS));
        return true;
      }
      unsure.remove(want);
    }
    long pause = pauses.getOrDefault(want, 0L);
    if (pause > context.millis()) {
      context.wakeAt(pause);
      return true;
    }
    return false;
  }

  /** What came of asking for addresses is known once EC2 has been described long enough afterwards. */
  private void settle() {
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      if (context.ledger.isUnsettled(eni.id()) && !pauses("units of " + eni.id())) {
        context.write(List.of(new Entry.UnitsSettled(eni.id())), () -> {}, _ -> {});
      }
    }
  }

  /** Particular addresses wait for room: a new interface makes some, or else an idle address goes. */
  private boolean makeRoom(LanePlan lane, AddressFamily family) {
    String want = Wants.slot(lane.name(), family);
    boolean has = context.book.enis(lane.name()).stream().anyMatch(e -> interfaces.freeUnits(e.id(), family) > 0);
    if (demand.applyAsInt(want) == 0 || has || pauses(want)) {
      return false;
    }
    Optional<Interfaces.Room> room = interfaces.newInterface(lane, family);
    if (room.isPresent() && room.get() instanceof Interfaces.Room.NewInterface fresh) {
      return create(lane, family, Unit.SINGLE, 0, fresh, want);
    }
    List<AddressBook.Unit> spare = spare(lane, family);
    if (spare.isEmpty()) {
      return false;
    }
    release(context.book.eniOf(spare.getFirst()), List.of(spare.getFirst().cidr()));
    return true;
  }

  private boolean grow(LanePlan lane, AddressFamily family) {
    String want = Wants.stock(lane.name(), family);
    Optional<AddressSource.Stock> stock = lane.stock(family);
    boolean delegated = lane.sources().get(family) instanceof AddressSource.Range range && range.block().isEmpty();
    if ((stock.isEmpty() && !delegated) || pauses(want)) {
      return false;
    }
    if (lane.sources().get(family) instanceof AddressSource.Range range) {
      return growRange(lane, family, range.length(), want);
    }
    StockNeed need = need(lane, family, stock.orElseThrow());
    if (need.grow() == 0) {
      refusals.remove(want);
      return false;
    }
    Unit unit = kinds.next(lane, family, stock.orElseThrow());
    Optional<Interfaces.Room> room = interfaces.room(lane, family);
    if (room.isEmpty()) {
      return false;
    }
    int asked = atOnce.getOrDefault(interfaces.growsIn(lane, family).orElse("") + " " + unit, Integer.MAX_VALUE);
    int units = Math.min(asked, Math.ceilDiv(need.grow(), Kinds.size(family, unit)));
    // Room that particular addresses wait for is not filled up.
    int kept = demand.applyAsInt(Wants.slot(lane.name(), family));
    return switch (room.get()) {
      case Interfaces.Room.OnInterface on -> {
        int most = on.units() - kept;
        if (most > 0) {
          assign(lane, family, on.eniId(), unit, need.whole() ? Math.min(asked, most) : Math.min(units, most), want);
        }
        yield most > 0;
      }
      case Interfaces.Room.NewInterface fresh ->
          create(lane, family, unit, need.whole() ? Math.min(asked, fresh.units()) : Math.min(units, fresh.units()), fresh, want);
    };
  }

  private boolean growRange(LanePlan lane, AddressFamily family, int length, String want) {
    List<AddressBook.Eni> enis = context.book.enis(lane.name());
    boolean there = enis.stream().map(e -> context.facts().orElseThrow().eni(e.id())).flatMap(Optional::stream)
        .flatMap(e -> e.record().prefixes().stream()).anyMatch(p -> p.family() == family && p.length() == length);
    if (there || enis.isEmpty()) {
      return false;
    }
    assign(lane, family, enis.getFirst().id(), Unit.PREFIX, 1, want);
    return true;
  }

  private void assign(LanePlan lane, AddressFamily family, String eniId, Unit unit, int count, String want) {
    begin("assign " + count + (unit == Unit.SINGLE ? " addresses" : " prefixes") + " to " + eniId);
    CloudCall call = new CloudCall.AssignAddresses(eniId, family, unit == Unit.SINGLE ? count : 0, unit == Unit.PREFIX ? count : 0);
    context.write(List.of(new Entry.UnitsIntended(eniId)), () -> assign(call, eniId, unit, count, want), reason -> {
      context.ledger.apply(new Entry.UnitsSettled(eniId));
      retryLater(want);
      end();
    });
  }

  private void assign(CloudCall call, String eniId, Unit unit, int count, String want) {
    call(call, answer -> {
      switch (answer) {
        case CloudAnswer.Assigned a -> {
          succeeded(want, unit, subnetOf(eniId).orElse(""));
          context.write(List.of(new Entry.UnitsMade(eniId, a.units())), () -> {
            witness.unitsAdded(eniId, a.units());
            end();
          }, _ -> {
            // Without provenance it is used and never released: nothing is lost but the right to give it back.
            witness.unitsAdded(eniId, a.units());
            end();
          });
        }
        case CloudAnswer.Failed f -> {
          if (f.kind() == CloudAnswer.Kind.UNKNOWN) {
            unsure.put("units of " + eniId, context.millis());
          } else {
            context.write(List.of(new Entry.UnitsSettled(eniId)), () -> {}, _ -> {});
          }
          failed(want, unit, count, f, "assign addresses to " + eniId, subnetOf(eniId).orElse(""));
        }
        default -> throw new IllegalStateException("an assignment was answered with " + answer);
      }
    });
  }

  private boolean create(LanePlan lane, AddressFamily family, Unit unit, int count, Interfaces.Room.NewInterface room,
      String want) {
    Optional<String> subnet = interfaces.subnetFor(lane);
    Optional<List<String>> groups = witness.surroundings().groupsFor(lane);
    if (subnet.isEmpty() || groups.isEmpty()) {
      // Nobody waits for an interface that can't be made until somebody has corrected what defines the lane.
      witness.surroundings().wanted(lane, subnet.isEmpty()).ifPresent(why -> refusals.put(want, why));
      return false;
    }
    begin("make an interface with " + count + (unit == Unit.SINGLE ? " addresses" : " prefixes") + " for lane " + lane.name());
    NodeFacts facts = context.facts().orElseThrow();
    String token = "pb-" + facts.identity().instanceId() + "-" + Long.toHexString(context.random.nextLong());
    Map<String, String> tags = new TreeMap<>(context.settings.tags());
    tags.put("node.k8s.amazonaws.com/instance_id", facts.identity().instanceId());
    tags.put("patchbay.dev/token", token);
    tags.put("patchbay.dev/lane", lane.name());
    if (!context.settings.clusterName().isEmpty()) {
      tags.put("cluster.k8s.amazonaws.com/name", context.settings.clusterName());
    }
    CloudCall.CreateInterface call = new CloudCall.CreateInterface(token, lane.lane().interfaceType(),
        subnet.get(), groups.get(), "patchbay " + facts.identity().instanceId(), tags, family,
        unit == Unit.SINGLE ? count : 0, unit == Unit.PREFIX ? count : 0);
    context.inFlight.add(token);
    context.write(List.of(new Entry.EniIntended(token, lane.name())), () -> make(call, room, lane, unit, want, 0), reason -> {
      context.ledger.apply(new Entry.EniGone(token));
      context.inFlight.remove(token);
      retryLater(want);
      end();
    });
    return true;
  }

  private void make(CloudCall.CreateInterface call, Interfaces.Room.NewInterface room, LanePlan lane, Unit unit, String want,
      int tries) {
    call(call, answer -> {
      switch (answer) {
        case CloudAnswer.Made made -> {
          List<Entry> entries = new ArrayList<>();
          entries.add(new Entry.EniMade(call.clientToken(), made.eni().id(), lane.name()));
          List<Cidr> units = made.eni().units(call.family());
          if (!units.isEmpty()) {
            entries.add(new Entry.UnitsMade(made.eni().id(), units));
          }
          Runnable next = () -> attach(made.eni(), call.clientToken(), room, lane, want);
          context.write(entries, next, _ -> next.run());
        }
        // With its token it can be asked for again, and is made once.
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN && tries < 3 ->
            make(call, room, lane, unit, want, tries + 1);
        // Whatever the last try says, one before may have made it: it stays intended until EC2 has been looked at.
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN || tries > 0 -> {
          context.inFlight.remove(call.clientToken());
          witness.lookAgain(context.millis() + Witness.LAG_MILLIS);
          failed(want, unit, Math.max(call.addresses(), call.prefixes()), f, "make an interface in " + call.subnetId(), call.subnetId());
        }
        case CloudAnswer.Failed f -> {
          context.inFlight.remove(call.clientToken());
          context.write(List.of(new Entry.EniGone(call.clientToken())), () -> {}, _ -> {});
          if (f.kind() == CloudAnswer.Kind.NOT_FOUND) {
            // What defines the lane names what is not there: nobody waits until that is corrected.
            refusals.put(want, Finding.of(Codes.OBJECT_INVALID, "EC2 makes no interface for lane " + lane.name() + ": " + f + ".",
                "Correct " + lane.lane().origin() + ", which defines the lane; Patchbay tries again by itself.").about(lane.name()));
          }
          failed(want, unit, Math.max(call.addresses(), call.prefixes()), f, "make an interface in " + call.subnetId(), call.subnetId());
        }
        default -> throw new IllegalStateException("a creation was answered with " + answer);
      }
    });
  }

  private void attach(EniRecord eni, String token, Interfaces.Room.NewInterface room, LanePlan lane, String want) {
    String instance = context.facts().orElseThrow().identity().instanceId();
    call(new CloudCall.AttachInterface(eni.id(), instance, room.deviceIndex(), room.networkCard()), answer -> {
      switch (answer) {
        case CloudAnswer.Attached a -> {
          context.inFlight.remove(token);
          succeeded(want, eni.prefixes().isEmpty() ? Unit.SINGLE : Unit.PREFIX, eni.subnetId());
          EniRecord attached = new EniRecord(eni.id(), eni.mac(), eni.type(), eni.subnetId(), eni.groups(), eni.primary(),
              eni.addresses(), eni.prefixes(), Optional.of(new EniRecord.Attachment(a.attachmentId(), instance,
                  room.deviceIndex(), room.networkCard(), false)), eni.tags(), eni.description(), "in-use");
          witness.interfaceAdded(attached, lane.name());
          goWithInstance(attached);
        }
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN -> {
          context.inFlight.remove(token);
          failed(want, Unit.SINGLE, 1, f, "attach " + eni.id(), eni.subnetId());
        }
        case CloudAnswer.Failed f -> call(new CloudCall.Delete(eni.id()), deleted -> {
          context.inFlight.remove(token);
          // EC2 may not find yet what it has just made: only that it did delete it says that it is gone.
          if (!(deleted instanceof CloudAnswer.Failed)) {
            context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
          }
          witness.lookAgain(context.millis());
          failed(want, Unit.SINGLE, 1, f, "attach " + eni.id(), eni.subnetId());
        });
        default -> throw new IllegalStateException("an attachment was answered with " + answer);
      }
    });
  }

  /** An interface of ours that would stay when the instance is terminated: an attachment was cut off, or what follows it failed. */
  private boolean makeGoWithInstance() {
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      boolean ours = context.ledger.made(eni.id()).isPresent() && !context.ledger.enisLeaving().contains(eni.id());
      boolean stays = eni.record().attachment().filter(a -> !a.deleteOnTermination() && !a.id().isEmpty()).isPresent();
      if (ours && stays && !pauses("delete-with-instance " + eni.id())) {
        begin("let " + eni.id() + " go with its instance");
        goWithInstance(eni.record());
        return true;
      }
    }
    return false;
  }

  private void goWithInstance(EniRecord eni) {
    String what = "delete-with-instance " + eni.id();
    call(new CloudCall.DeleteWithInstance(eni.id(), eni.attachment().map(EniRecord.Attachment::id).orElse("")), done -> {
      if (done instanceof CloudAnswer.Failed f) {
        context.findings.put(what, CloudFindings.of(f, "let " + eni.id() + " go with its instance").about(eni.id()));
        pause(what);
      } else {
        context.findings.remove(what);
        attempts.remove(what);
        witness.goesWithInstance(eni.id());
      }
      end();
    });
  }

  private void setGroups(Witness.GroupChange change) {
    begin("give " + change.eniId() + " the security groups of the primary interface");
    call(new CloudCall.SetGroups(change.eniId(), change.groups()), answer -> {
      if (answer instanceof CloudAnswer.Failed f) {
        Finding why = CloudFindings.of(f, "set the security groups of " + change.eniId()).about(change.eniId());
        context.findings.put("groups " + change.eniId(), why);
        pause("groups " + change.eniId());
      } else {
        context.findings.remove("groups " + change.eniId());
        attempts.remove("groups " + change.eniId());
        witness.groupsSet(change);
      }
      end();
    });
  }

  private void shrink() {
    if (releaseSpent()) {
      return;
    }
    if (shrunk != 0 && context.millis() < shrunk + SHRINK_PAUSE_MILLIS) {
      context.wakeAt(shrunk + SHRINK_PAUSE_MILLIS);
      return;
    }
    for (LanePlan lane : context.plan.lanes()) {
      if (lane.lane().owner() == Lane.Owner.NODE && (freeInterface(lane) || releaseUnits(lane))) {
        return;
      }
    }
  }

  private Map<AddressFamily, StockNeed> needs(LanePlan lane) {
    Map<AddressFamily, StockNeed> needs = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      lane.stock(family).ifPresent(stock -> needs.put(family, need(lane, family, stock)));
    }
    return needs;
  }

  /** Gives an interface back that no family of the lane has use for. */
  private boolean freeInterface(LanePlan lane) {
    Map<AddressFamily, StockNeed> needs = needs(lane);
    if (needs.isEmpty() || needs.values().stream().anyMatch(need -> need.grow() > 0)) {
      return false;
    }
    for (AddressBook.Eni eni : context.book.enis(lane.name()).reversed()) {
      boolean ours = context.ledger.made(eni.id()).isPresent();
      if (ours && isIdle(eni) && !eni.draining() && isSurplus(eni, lane, needs)) {
        if (context.millis() - witness.since(eni.id()) < YOUNGEST_MILLIS) {
          context.wakeAt(witness.since(eni.id()) + YOUNGEST_MILLIS);
          continue;
        }
        shrunk = context.millis();
        free(eni.id());
        return true;
      }
    }
    return false;
  }

  /** Whether no pod has an address of it, of its units as of a block that is not counted out, and none cools down. */
  private boolean isIdle(AddressBook.Eni eni) {
    List<Cidr> prefixes = context.facts().flatMap(f -> f.eni(eni.id())).map(e -> e.record().prefixes()).orElse(List.of());
    return eni.idle()
        && context.ledger.attachments().stream().flatMap(a -> a.addresses().stream()).noneMatch(h -> h.eniId().equals(Optional.of(eni.id())))
        && context.ledger.cooling().keySet().stream().noneMatch(ip -> prefixes.stream().anyMatch(p -> p.contains(ip)));
  }

  private boolean isSurplus(AddressBook.Eni eni, LanePlan lane, Map<AddressFamily, StockNeed> needs) {
    if (eni.stale()) {
      return true;
    }
    if (carriesRange(eni, lane)) {
      return false;
    }
    // One without addresses is no part of the stock, and holds a slot of the instance and an address of the subnet.
    boolean spared = eni.bare();
    for (Map.Entry<AddressFamily, StockNeed> need : needs.entrySet()) {
      AddressBook.Counts c = context.book.countsOf(eni, need.getKey(), unit -> true);
      int stock = context.book.countsOf(eni, need.getKey(), counted(lane, need.getKey())).free();
      if (stock > need.getValue().surplus()) {
        return false;
      }
      spared |= need.getValue().surplus() > 0 || (stock == 0 && c.free() > 0);
    }
    return spared;
  }

  private Predicate<AddressBook.Unit> counted(LanePlan lane, AddressFamily family) {
    return kinds.counted(lane, family, lane.stock(family).orElseThrow());
  }

  /** Whether the block lies on an interface from which the lane draws without counting. */
  private boolean carriesRange(AddressBook.Eni eni, LanePlan lane) {
    List<Cidr> prefixes = context.facts().flatMap(f -> f.eni(eni.id())).map(e -> e.record().prefixes()).orElse(List.of());
    return lane.sources().entrySet().stream().anyMatch(source -> source.getValue() instanceof AddressSource.Range range
        && prefixes.stream().anyMatch(p -> p.family() == source.getKey() && p.length() == range.length()));
  }

  /** Gives back what is more than the target, and what of another kind than the stock's has emptied. */
  private boolean releaseUnits(LanePlan lane) {
    for (Map.Entry<AddressFamily, StockNeed> of : needs(lane).entrySet()) {
      AddressFamily family = of.getKey();
      StockNeed need = of.getValue();
      Predicate<AddressBook.Unit> counted = counted(lane, family);
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
    release(of, units);
    return true;
  }

  /** Addresses that were for one attachment, which is gone, go back as soon as they have cooled down. */
  private boolean releaseSpent() {
    for (LanePlan lane : context.plan.lanes()) {
      for (AddressFamily family : AddressFamily.values()) {
        List<AddressBook.Unit> spent = ours(context.book.spent(lane.name(), family));
        if (!spent.isEmpty()) {
          String eni = context.book.eniOf(spent.getFirst());
          shrunk = context.millis();
          release(eni, spent.stream().filter(u -> context.book.eniOf(u).equals(eni)).map(AddressBook.Unit::cidr).toList());
          return true;
        }
      }
    }
    return false;
  }

  /** Goes on with what was on its way when the daemon was cut off, or when an answer was lost. */
  private boolean goOnLeaving() {
    NodeFacts facts = context.facts().orElseThrow();
    for (String eni : context.ledger.enisLeaving()) {
      if (left("free " + eni)) {
        if (facts.eni(eni).isPresent()) {
          begun.add("free " + eni);
          free(eni);
        } else {
          begin("give back " + eni);
          delete(eni, 0);
        }
        return true;
      }
    }
    for (NodeFacts.Eni eni : facts.enis()) {
      Set<Cidr> leaving = context.ledger.leaving(eni.id());
      if (leaving.isEmpty() || !left("release " + eni.id())) {
        continue;
      }
      List<Cidr> gone = leaving.stream().filter(c -> !eni.record().units(c.family()).contains(c)).toList();
      if (!gone.isEmpty()) {
        context.write(List.of(new Entry.UnitsGone(eni.id(), gone)), () -> {}, _ -> {});
      }
      List<Cidr> rest = List.copyOf(context.ledger.leaving(eni.id()));
      if (!rest.isEmpty()) {
        AddressFamily family = rest.getFirst().family();
        begun.add("release " + eni.id());
        release(eni.id(), rest.stream().filter(c -> c.family() == family).toList());
        return true;
      }
    }
    return false;
  }

  /** Whether EC2 has been described long enough after it was asked to take something away, by this process or one before. */
  private boolean left(String what) {
    long since = leftAt.getOrDefault(what, witness.startedAt());
    if (!witness.describedSince(since)) {
      witness.lookAgain(Math.max(context.millis(), since + Witness.LAG_MILLIS));
      return false;
    }
    return !pauses(what);
  }

  /** Takes addresses off an interface; from the moment that it is written down nobody is given any of them. */
  private void release(String eniId, List<Cidr> cidrs) {
    begin("release " + cidrs.size() + " addresses or prefixes of " + eniId);
    context.book.releasing(eniId, cidrs, true);
    context.write(List.of(new Entry.UnitsLeaving(eniId, cidrs)), () -> unassign(eniId, cidrs), reason -> {
      if (!begun.contains("release " + eniId)) {
        stay(eniId, cidrs);
      }
      pause("release " + eniId);
      end();
    });
  }

  private void stay(String eniId, List<Cidr> cidrs) {
    context.book.releasing(eniId, cidrs, false);
    context.write(List.of(new Entry.UnitsStay(eniId, cidrs)), () -> {}, _ -> {});
  }

  private void unassign(String eniId, List<Cidr> cidrs) {
    call(new CloudCall.Unassign(eniId, cidrs), answer -> {
      switch (answer) {
        case CloudAnswer.Done _ -> {
          attempts.remove("release " + eniId);
          begun.remove("release " + eniId);
          context.findings.remove("release " + eniId);
          // Descriptions may have them for a while yet: they are leaving until one does not.
          leftAt.put("release " + eniId, context.millis());
          witness.unitsRemoved(eniId, cidrs);
          end();
        }
        case CloudAnswer.Failed f -> {
          context.findings.put("release " + eniId, CloudFindings.of(f, "release addresses of " + eniId).about(eniId));
          boolean nothingDone = f.kind() == CloudAnswer.Kind.THROTTLED || f.kind() == CloudAnswer.Kind.DENIED
              || f.kind() == CloudAnswer.Kind.UNREACHABLE;
          if (nothingDone && !begun.contains("release " + eniId)) {
            stay(eniId, cidrs);
          } else {
            // They may be gone, each or all: they stay out of use until EC2 has been looked at.
            leftAt.put("release " + eniId, context.millis());
          }
          pause("release " + eniId);
          end();
        }
        default -> throw new IllegalStateException("a release was answered with " + answer);
      }
    });
  }

  private void pause(String what) {
    long at = context.millis() + backoff(what);
    pauses.put(what, at);
    context.wakeAt(at);
  }

  /** Gives an interface back; from the moment that it is written down nobody is given an address of it. */
  private void free(String eniId) {
    begin("give back " + eniId);
    context.book.drain(eniId, true);
    NodeFacts.Eni fact = context.facts().orElseThrow().eni(eniId).orElseThrow();
    String attachment = fact.record().attachment().map(EniRecord.Attachment::id).orElse("");
    context.write(List.of(new Entry.EniLeaving(eniId)),
        () -> witness.applyNode(() -> detach(eniId, attachment)), reason -> {
          if (!begun.contains("free " + eniId)) {
            remains(eniId);
          }
          pause("free " + eniId);
          end();
        });
  }

  private void remains(String eniId) {
    context.book.drain(eniId, false);
    context.write(List.of(new Entry.EniStays(eniId)), () -> {}, _ -> {});
    witness.applyNode(() -> {});
  }

  private void detach(String eniId, String attachment) {
    call(new CloudCall.Detach(eniId, attachment), answer -> {
      if (answer instanceof CloudAnswer.Failed f && f.kind() != CloudAnswer.Kind.NOT_FOUND) {
        context.findings.put("free " + eniId, CloudFindings.of(f, "detach " + eniId).about(eniId));
        leftAt.put("free " + eniId, context.millis());
        if (f.kind() != CloudAnswer.Kind.UNKNOWN && f.kind() != CloudAnswer.Kind.STATE && !begun.contains("free " + eniId)) {
          remains(eniId);
        }
        pause("free " + eniId);
        end();
      } else {
        begun.remove("free " + eniId);
        witness.interfaceRemoved(eniId);
        delete(eniId, 0);
      }
    });
  }

  /** A detachment takes seconds; until it is over the interface can't be deleted. */
  private void delete(String eniId, int tries) {
    call(new CloudCall.Delete(eniId), answer -> {
      boolean gone = !(answer instanceof CloudAnswer.Failed f) || f.kind() == CloudAnswer.Kind.NOT_FOUND;
      if (gone) {
        context.findings.remove("free " + eniId);
        attempts.remove("free " + eniId);
        context.ledger.made(eniId).ifPresent(m -> context.write(List.of(new Entry.EniGone(m.token())), () -> {}, _ -> {}));
        if (context.ledger.enisLeaving().contains(eniId)) {
          context.write(List.of(new Entry.EniStays(eniId)), () -> {}, _ -> {});
        }
        end();
      } else if (tries < 12) {
        long at = context.millis() + Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(tries, 6));
        witness.at(at, () -> delete(eniId, tries + 1));
      } else {
        context.findings.put("free " + eniId, CloudFindings.of((CloudAnswer.Failed) answer, "delete " + eniId).about(eniId));
        witness.lookAgain(context.millis() + LAST_RETRY_MILLIS);
        pause("free " + eniId);
        end();
      }
    });
  }

  private void begin(String what) {
    operation = Optional.of(what);
  }

  private void end() {
    operation = Optional.empty();
    witness.suppliesChanged();
  }

  private void call(CloudCall call, java.util.function.Consumer<CloudAnswer> then) {
    context.ask(token -> new Effect.Call(token, call), event -> {
      if (event instanceof Event.Answered a) {
        then.accept(a.answer());
      } else {
        throw Context.unexpected(event);
      }
    });
  }

  private static String unitFinding(String subnet) {
    return "supply prefixes in " + subnet;
  }

  private void succeeded(String want, Unit unit, String subnet) {
    if (unit == Unit.PREFIX) {
      context.fragmentedSubnets.remove(subnet);
      context.findings.remove(unitFinding(subnet));
    }
    // What has been freed meanwhile is found by asking for more each time.
    atOnce.computeIfPresent(subnet + " " + unit, (of, count) -> count > MOST_AT_ONCE / 2 ? null : Integer.valueOf(2 * count));
    refusals.remove(want);
    attempts.remove(want);
    context.findings.remove("supply " + want);
  }

  private Optional<String> subnetOf(String eniId) {
    return context.facts().flatMap(f -> f.eni(eniId)).map(e -> e.record().subnetId());
  }

  private void failed(String want, Unit unit, int count, CloudAnswer.Failed f, String what, String subnet) {
    Finding why = Optional.ofNullable(refusals.get(want)).filter(r -> f.kind() == CloudAnswer.Kind.NOT_FOUND)
        .orElseGet(() -> CloudFindings.of(f, what).about(want));
    boolean lacksRoom = f.kind() == CloudAnswer.Kind.SUBNET_FRAGMENTED || f.kind() == CloudAnswer.Kind.SUBNET_FULL;
    if (lacksRoom && count > 1) {
      // Fewer may be there: nobody waits while there is one.
      atOnce.put(subnet + " " + unit, count / 2);
      end();
      return;
    }
    if (lacksRoom && unit == Unit.PREFIX) {
      lacksBlocks(want, subnet, why);
      end();
      return;
    }
    context.findings.put("supply " + want, why);
    switch (f.kind()) {
      case SUBNET_FULL, SUBNET_FRAGMENTED -> {
        atOnce.remove(subnet + " " + unit);
        context.fullSubnets.put(subnet, context.millis() + SUBNET_PAUSE_MILLIS);
        refusals.put(want, why);
        context.wakeAt(context.millis() + SUBNET_PAUSE_MILLIS);
      }
      case DENIED -> {
        refusals.put(want, why);
        retryLater(want);
      }
      case THROTTLED, UNREACHABLE, REFUSED -> retryLater(want);
      case LIMIT, NOT_FOUND, STATE -> {
        witness.lookAgain(context.millis());
        retryLater(want);
      }
      case UNKNOWN -> {
        // What a lost answer did is known only when EC2 describes it; nothing is asked for again before.
        unsure.put(want, context.millis());
        witness.lookAgain(context.millis() + Witness.LAG_MILLIS);
        retryLater(want);
      }
    }
    end();
  }

  /** A subnet has no block for a prefix. Where single addresses will do they are asked for next; else there is nothing to wait for. */
  private void lacksBlocks(String want, String subnet, Finding why) {
    long until = context.millis() + SUBNET_PAUSE_MILLIS;
    atOnce.remove(subnet + " " + Unit.PREFIX);
    context.fragmentedSubnets.put(subnet, until);
    // It holds on when single addresses were fetched, until a prefix can be again.
    context.findings.remove("supply " + want);
    context.findings.put(unitFinding(subnet), why);
    context.wakeAt(until);
    if (!fallsBack(want)) {
      // Of no use to those who take nothing else, so that another subnet is asked if there is one.
      context.fullSubnets.put(subnet, until);
      refusals.put(want, why);
    }
  }

  private boolean fallsBack(String want) {
    return context.plan.lanes().stream().flatMap(l -> java.util.Arrays.stream(AddressFamily.values())
        .filter(family -> Wants.stock(l.name(), family).equals(want)).flatMap(family -> l.stock(family).stream()))
        .anyMatch(stock -> stock.units().contains(Unit.SINGLE));
  }

  private void retryLater(String want) {
    pause(want);
  }

  private long backoff(String what) {
    int n = attempts.merge(what, 1, Integer::sum);
    long base = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(n - 1, 10));
    return base + context.random.nextLong(base / 4 + 1);
  }
}
