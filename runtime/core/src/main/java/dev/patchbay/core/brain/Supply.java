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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
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
  /** EC2 describes what it did some seconds late; what a lost answer did is looked at after that. */
  private static final long DESCRIBE_LAG_MILLIS = 5_000;
  private static final long SHRINK_PAUSE_MILLIS = 30_000;
  /** An interface younger than this is not given back, so that a short burst does not make one come and go. */
  private static final long YOUNGEST_MILLIS = 60_000;

  private final Context context;
  private final ToIntFunction<String> demand;
  private final Witness witness;
  private final Interfaces interfaces;
  private final Map<String, Finding> refusals = new HashMap<>();
  private final Map<String, Long> pauses = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  /** Units of a lane that its subnet can't give for now, by the time until which. */
  private final Map<String, Long> unitPauses = new HashMap<>();
  private Optional<String> operation = Optional.empty();
  private long notBefore;
  private long shrunk;

  Supply(Context context, ToIntFunction<String> demand, Witness witness) {
    this.context = context;
    this.demand = demand;
    this.witness = witness;
    this.interfaces = new Interfaces(context);
  }

  Optional<String> operation() {
    return operation;
  }

  static Finding finding(CloudAnswer.Failed f, String what) {
    return switch (f.kind()) {
      case THROTTLED -> Finding.of(Codes.CLOUD_THROTTLED, "EC2 asked to slow down when Patchbay tried to " + what + ".",
          "Patchbay tries again by itself; if it lasts, raise the account's API limits or the warm targets.");
      case DENIED -> Finding.of(Codes.CLOUD_DENIED, "EC2 does not let this node " + what + ": " + f + ".",
          "Give the node's role the actions that `patchbay modes --iam` prints.");
      case SUBNET_FULL -> Finding.of(Codes.SUBNET_FULL, "The subnet has no free address to " + what + ": " + f + ".",
          "Free addresses in the subnet, or let pods use another subnet.");
      case SUBNET_FRAGMENTED -> Finding.of(Codes.SUBNET_FRAGMENTED,
          "The subnet has no free block of the size of a prefix to " + what + ": " + f + ".",
          "Reserve a range for prefixes in the subnet (CreateSubnetCidrReservation), or use another subnet.");
      case UNREACHABLE, UNKNOWN -> Finding.of(Codes.CLOUD_UNREACHABLE,
          "EC2 did not answer when Patchbay tried to " + what + ": " + f + ".",
          "Check the way from the node to the EC2 endpoint; Patchbay tries again by itself.");
      case LIMIT, NOT_FOUND, STATE, REFUSED -> Finding.of(Codes.CLOUD_REFUSED, "EC2 refused to " + what + ": " + f + ".",
          "Patchbay looks at what EC2 has and tries again by itself.");
    };
  }

  /** Why no address will come for a want, if none will: everything is in use, or EC2 refuses for good. */
  Optional<Finding> hopeless(String want) {
    for (LanePlan lane : context.plan.lanes()) {
      for (AddressFamily family : AddressFamily.values()) {
        if (!want.equals(lane.name() + " " + family) || lane.stock(family).isEmpty()) {
          continue;
        }
        AddressBook.Counts counts = context.book.counts(lane.name(), family);
        if (counts.cooling() > 0 || context.book.pending(lane.name(), family) > 0 || operation.isPresent()) {
          return Optional.empty();
        }
        if (interfaces.room(lane, family).isEmpty()) {
          return Optional.of(full(lane, counts));
        }
        return Optional.ofNullable(refusals.get(lane.name() + " " + family));
      }
    }
    return Optional.empty();
  }

  private Finding full(LanePlan lane, AddressBook.Counts counts) {
    NodeFacts facts = context.facts().orElseThrow();
    return Finding.of(Codes.INSTANCE_FULL,
        "All " + counts.held() + " addresses that lane " + lane.name() + " can have on this " + facts.type().name() + " ("
            + facts.type().interfacesPerCard().get(lane.lane().networkCard()) + " interfaces with "
            + (facts.type().ipv4PerInterface() - 1) + " addresses for pods each) are held by pods.",
        "Run fewer pods on the node (set kubelet's max-pods to what `patchbay status` gives), or use a larger type.");
  }

  /** Looks whether something should be done, and starts it. */
  void decide() {
    if (operation.isPresent() || context.facts().isEmpty() || !witness.known()) {
      return;
    }
    if (context.millis() < notBefore) {
      context.wakeAt(notBefore);
      return;
    }
    for (LanePlan lane : context.plan.lanes()) {
      if (lane.lane().owner() != Lane.Owner.NODE) {
        continue;
      }
      for (AddressFamily family : AddressFamily.values()) {
        if (grow(lane, family)) {
          return;
        }
      }
    }
    if (witness.groupsToSet().isPresent()) {
      setGroups(witness.groupsToSet().get());
      return;
    }
    shrink();
  }

  StockNeed need(LanePlan lane, AddressFamily family, AddressSource.Stock stock) {
    AddressBook.Counts c = context.book.counts(lane.name(), family);
    NodeFacts.Eni first = context.facts().orElseThrow().primary();
    int per = interfaces.unitsPerInterface(family, first) * size(family, stock.units().getFirst());
    int waiting = demand.applyAsInt(lane.name() + " " + family);
    OptionalInt cap = context.settings.maxPods();
    return StockNeed.of(stock.targets(), c.held(), c.free(), c.cooling(), context.book.idlePrefixes(lane.name(), family), waiting,
        per, size(family, stock.units().getFirst()), cap.orElse(Integer.MAX_VALUE));
  }

  private static int size(AddressFamily family, Unit unit) {
    return unit == Unit.SINGLE || family == AddressFamily.IPV6 ? 1 : 16;
  }

  private boolean grow(LanePlan lane, AddressFamily family) {
    String want = lane.name() + " " + family;
    Optional<AddressSource.Stock> stock = lane.stock(family);
    long pause = pauses.getOrDefault(want, 0L);
    if (pause > context.millis()) {
      context.wakeAt(pause);
      return false;
    }
    if (lane.sources().get(family) instanceof AddressSource.Range range && range.block().isEmpty()) {
      return growRange(lane, family, range.length(), want);
    }
    if (stock.isEmpty()) {
      return false;
    }
    StockNeed need = need(lane, family, stock.get());
    if (need.grow() == 0) {
      refusals.remove(want);
      return false;
    }
    Unit unit = unitNow(want, stock.get());
    int units = Math.ceilDiv(need.grow(), size(family, unit));
    Optional<Interfaces.Room> room = interfaces.room(lane, family);
    if (room.isEmpty()) {
      return false;
    }
    switch (room.get()) {
      case Interfaces.Room.OnInterface on ->
          assign(lane, family, on.eniId(), unit, need.whole() ? on.units() : Math.min(units, on.units()), want);
      case Interfaces.Room.NewInterface fresh ->
          create(lane, family, unit, need.whole() ? fresh.units() : Math.min(units, fresh.units()), fresh, want);
    }
    return true;
  }

  /** The first unit in the order of preference that the subnet is not known to lack. */
  private Unit unitNow(String want, AddressSource.Stock stock) {
    for (Unit unit : stock.units()) {
      if (unitPauses.getOrDefault(want + " " + unit, 0L) <= context.millis()) {
        return unit;
      }
    }
    return stock.units().getLast();
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
    call(call, answer -> {
      switch (answer) {
        case CloudAnswer.Assigned a -> {
          succeeded(want);
          context.write(List.of(new Entry.UnitsMade(eniId, a.units())), () -> {
            witness.unitsAdded(eniId, a.units());
            end();
          }, _ -> {
            // Without provenance it is used and never released: nothing is lost but the right to give it back.
            witness.unitsAdded(eniId, a.units());
            end();
          });
        }
        case CloudAnswer.Failed f -> failed(want, unit, f, "assign addresses to " + eniId);
        default -> throw new IllegalStateException("an assignment was answered with " + answer);
      }
    });
  }

  private void create(LanePlan lane, AddressFamily family, Unit unit, int count, Interfaces.Room.NewInterface room, String want) {
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
        interfaces.subnetFor(lane), interfaces.groupsFor(lane), "patchbay " + facts.identity().instanceId(), tags, family,
        unit == Unit.SINGLE ? count : 0, unit == Unit.PREFIX ? count : 0);
    context.write(List.of(new Entry.EniIntended(token, lane.name())), () -> make(call, room, lane, unit, want, 0), reason -> {
      context.ledger.apply(new Entry.EniGone(token));
      retryLater(want);
      end();
    });
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
          context.write(entries, () -> attach(made.eni(), room, lane, want), _ -> attach(made.eni(), room, lane, want));
        }
        // With its token it can be asked for again, and is made once.
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN && tries < 3 ->
            make(call, room, lane, unit, want, tries + 1);
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN -> {
          witness.lookAgain(context.millis() + DESCRIBE_LAG_MILLIS);
          failed(want, unit, f, "make an interface");
        }
        case CloudAnswer.Failed f -> {
          context.write(List.of(new Entry.EniGone(call.clientToken())), () -> {}, _ -> {});
          failed(want, unit, f, "make an interface");
        }
        default -> throw new IllegalStateException("a creation was answered with " + answer);
      }
    });
  }

  private void attach(EniRecord eni, Interfaces.Room.NewInterface room, LanePlan lane, String want) {
    String instance = context.facts().orElseThrow().identity().instanceId();
    call(new CloudCall.AttachInterface(eni.id(), instance, room.deviceIndex(), room.networkCard()), answer -> {
      switch (answer) {
        case CloudAnswer.Attached a -> {
          succeeded(want);
          EniRecord attached = new EniRecord(eni.id(), eni.mac(), eni.type(), eni.subnetId(), eni.groups(), eni.primary(),
              eni.addresses(), eni.prefixes(), Optional.of(new EniRecord.Attachment(a.attachmentId(), instance,
                  room.deviceIndex(), room.networkCard(), false)), eni.tags(), eni.description(), "in-use");
          witness.interfaceAdded(attached, lane.name());
          call(new CloudCall.DeleteWithInstance(eni.id(), a.attachmentId()), done -> {
            if (done instanceof CloudAnswer.Failed f) {
              context.findings.put("delete-with-instance " + eni.id(),
                  finding(f, "let " + eni.id() + " go with its instance").about(eni.id()));
            }
            end();
          });
        }
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN -> {
          witness.lookAgain(context.millis() + DESCRIBE_LAG_MILLIS);
          failed(want, Unit.SINGLE, f, "attach " + eni.id());
        }
        case CloudAnswer.Failed f -> call(new CloudCall.Delete(eni.id()), deleted -> {
          boolean gone = !(deleted instanceof CloudAnswer.Failed d) || d.kind() == CloudAnswer.Kind.NOT_FOUND;
          if (gone) {
            context.ledger.made(eni.id()).ifPresent(
                m -> context.write(List.of(new Entry.EniGone(m.token())), () -> {}, _ -> {}));
          }
          witness.lookAgain(context.millis());
          failed(want, Unit.SINGLE, f, "attach " + eni.id());
        });
        default -> throw new IllegalStateException("an attachment was answered with " + answer);
      }
    });
  }

  private void setGroups(Witness.GroupChange change) {
    begin("give " + change.eniId() + " the security groups of the primary interface");
    call(new CloudCall.SetGroups(change.eniId(), change.groups()), answer -> {
      if (answer instanceof CloudAnswer.Failed f) {
        Finding why = finding(f, "set the security groups of " + change.eniId()).about(change.eniId());
        context.findings.put("groups " + change.eniId(), why);
        notBefore = context.millis() + backoff("groups " + change.eniId());
      } else {
        context.findings.remove("groups " + change.eniId());
        attempts.remove("groups " + change.eniId());
        witness.groupsSet(change);
      }
      end();
    });
  }

  private void shrink() {
    if (shrunk != 0 && context.millis() < shrunk + SHRINK_PAUSE_MILLIS) {
      context.wakeAt(shrunk + SHRINK_PAUSE_MILLIS);
      return;
    }
    for (LanePlan lane : context.plan.lanes()) {
      if (lane.lane().owner() != Lane.Owner.NODE) {
        continue;
      }
      for (AddressFamily family : AddressFamily.values()) {
        Optional<AddressSource.Stock> stock = lane.stock(family);
        if (stock.isPresent() && shrinkLane(lane, family, need(lane, family, stock.get()))) {
          return;
        }
      }
    }
  }

  private boolean shrinkLane(LanePlan lane, AddressFamily family, StockNeed need) {
    if (need.grow() > 0) {
      return false;
    }
    for (AddressBook.Eni eni : context.book.enis(lane.name()).reversed()) {
      AddressBook.Counts c = interfaces.countsOf(eni, family);
      boolean ours = context.ledger.made(eni.id()).isPresent();
      long age = context.millis() - witness.since(eni.id());
      // One without addresses is no part of the stock, and holds a slot of the instance and an address of the subnet.
      boolean surplus = need.surplus() == 0 ? eni.bare() : c.free() <= need.surplus();
      if (ours && eni.idle() && !eni.draining() && surplus) {
        if (age < YOUNGEST_MILLIS) {
          context.wakeAt(witness.since(eni.id()) + YOUNGEST_MILLIS);
          continue;
        }
        shrunk = context.millis();
        free(eni);
        return true;
      }
    }
    if (need.surplus() == 0 || need.whole()) {
      return false;
    }
    List<AddressBook.Unit> units = new ArrayList<>();
    int rest = need.surplus();
    String of = "";
    for (AddressBook.Unit unit : context.book.releasable(lane.name(), family, context.ledger::ours)) {
      String eni = context.book.eniOf(unit);
      if (unit.cidr().size() <= rest && (of.isEmpty() || of.equals(eni))) {
        of = eni;
        units.add(unit);
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

  private void release(String eniId, List<AddressBook.Unit> units) {
    begin("release " + units.size() + " addresses or prefixes of " + eniId);
    context.book.releasing(units, true);
    List<Cidr> cidrs = units.stream().map(AddressBook.Unit::cidr).toList();
    call(new CloudCall.Unassign(eniId, cidrs), answer -> {
      switch (answer) {
        case CloudAnswer.Done _ -> context.write(List.of(new Entry.UnitsGone(eniId, cidrs)), () -> {
          witness.unitsRemoved(eniId, cidrs);
          end();
        }, _ -> {
          witness.unitsRemoved(eniId, cidrs);
          end();
        });
        case CloudAnswer.Failed f -> {
          // They may be gone: they stay out of use until EC2 has been looked at.
          if (f.kind() != CloudAnswer.Kind.UNKNOWN) {
            context.book.releasing(units, false);
          }
          witness.lookAgain(context.millis() + DESCRIBE_LAG_MILLIS);
          context.findings.put("release " + eniId, finding(f, "release addresses of " + eniId).about(eniId));
          notBefore = context.millis() + backoff("release " + eniId);
          end();
        }
        default -> throw new IllegalStateException("a release was answered with " + answer);
      }
    });
  }

  private void free(AddressBook.Eni eni) {
    begin("give back " + eni.id());
    context.book.drain(eni.id(), true);
    NodeFacts.Eni fact = context.facts().orElseThrow().eni(eni.id()).orElseThrow();
    String attachment = fact.record().attachment().map(EniRecord.Attachment::id).orElse("");
    witness.applyNode(() -> call(new CloudCall.Detach(eni.id(), attachment), answer -> {
      if (answer instanceof CloudAnswer.Failed f && f.kind() != CloudAnswer.Kind.NOT_FOUND) {
        context.book.drain(eni.id(), false);
        witness.applyNode(() -> {});
        context.findings.put("free " + eni.id(), finding(f, "detach " + eni.id()).about(eni.id()));
        notBefore = context.millis() + backoff("free " + eni.id());
        witness.lookAgain(context.millis() + DESCRIBE_LAG_MILLIS);
        end();
      } else {
        witness.interfaceRemoved(eni.id());
        delete(eni.id(), 0);
      }
    }));
  }

  /** A detachment takes seconds; until it is over the interface can't be deleted. */
  private void delete(String eniId, int tries) {
    call(new CloudCall.Delete(eniId), answer -> {
      boolean gone = !(answer instanceof CloudAnswer.Failed f) || f.kind() == CloudAnswer.Kind.NOT_FOUND;
      if (gone) {
        context.findings.remove("free " + eniId);
        context.ledger.made(eniId).ifPresent(m -> context.write(List.of(new Entry.EniGone(m.token())), () -> {}, _ -> {}));
        end();
      } else if (tries < 12) {
        long at = context.millis() + Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(tries, 6));
        witness.at(at, () -> delete(eniId, tries + 1));
      } else {
        context.findings.put("free " + eniId, finding((CloudAnswer.Failed) answer, "delete " + eniId).about(eniId));
        witness.lookAgain(context.millis() + LAST_RETRY_MILLIS);
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

  private void succeeded(String want) {
    refusals.remove(want);
    attempts.remove(want);
    context.findings.remove("supply " + want);
  }

  private void failed(String want, Unit unit, CloudAnswer.Failed f, String what) {
    Finding why = finding(f, what).about(want);
    context.findings.put("supply " + want, why);
    switch (f.kind()) {
      case SUBNET_FRAGMENTED -> {
        unitPauses.put(want + " " + unit, context.millis() + SUBNET_PAUSE_MILLIS);
        refusals.put(want, why);
      }
      case SUBNET_FULL -> {
        refusals.put(want, why);
        pauses.put(want, context.millis() + SUBNET_PAUSE_MILLIS);
      }
      case DENIED -> {
        refusals.put(want, why);
        retryLater(want);
      }
      case THROTTLED, UNREACHABLE, REFUSED -> retryLater(want);
      case LIMIT, NOT_FOUND, STATE, UNKNOWN -> {
        witness.lookAgain(context.millis() + (f.kind() == CloudAnswer.Kind.UNKNOWN ? DESCRIBE_LAG_MILLIS : 0));
        retryLater(want);
      }
    }
    end();
  }

  private void retryLater(String want) {
    long at = context.millis() + backoff(want);
    // What a lost answer did is known only when EC2 describes it; nothing is asked for again before.
    pauses.put(want, Math.max(at, witness.looksAgainAt()));
    context.wakeAt(at);
  }

  private long backoff(String what) {
    int n = attempts.merge(what, 1, Integer::sum);
    long base = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(n - 1, 10));
    return base + context.random.nextLong(base / 4 + 1);
  }
}
