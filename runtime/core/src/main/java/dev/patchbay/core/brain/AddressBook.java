package dev.patchbay.core.brain;

import dev.patchbay.core.invariants.NodeLook;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.TreeMap;

/**
 * Every address on the lanes' interfaces, and whether it is free, held or cooling. It is derived: from the facts, what there is;
 * from the ledger, who has it. An address is in exactly one of the three states, or it is not here.
 *
 * <p>Units larger than 2^16 addresses (an /80) are not counted out here; {@link RangeBook} draws from them.
 */
final class AddressBook {
  private static final long LARGEST = 1 << 16;

  private enum State {
    FREE,
    HELD,
    COOLING
  }

  private static final class Address {
    private final Unit unit;
    private State state = State.FREE;
    /** When it has cooled down, or had; 0 if nobody had it that is known. */
    private long until;

    private Address(Unit unit) {
      this.unit = unit;
    }
  }

  /** An address alone or a prefix, on an interface. */
  static final class Unit {
    private final Eni eni;
    private final Cidr cidr;
    private final ArrayDeque<IpAddress> free = new ArrayDeque<>();
    private int held;
    private int cooling;
    private boolean releasing;
    /** Whether it is for one particular attachment, and no stock. */
    private boolean apart;
    /** Whether EC2 no longer lists it: who has it keeps it, and nobody else gets it. */
    private boolean vanished;

    private Unit(Eni eni, Cidr cidr) {
      this.eni = eni;
      this.cidr = cidr;
    }

    Cidr cidr() {
      return cidr;
    }

    String eniId() {
      return eni.id;
    }

    boolean idle() {
      return held == 0 && cooling == 0;
    }

    /** Whether its addresses may be given to others. */
    private boolean open() {
      return !releasing && !vanished;
    }
  }

  /** An interface of a lane. */
  static final class Eni {
    private final String id;
    private final String lane;
    private final Map<Cidr, Unit> units = new TreeMap<>();
    private boolean ready;
    private boolean draining;
    /** Whether the lane has become another since it was made for it, so that only pods that are there use it. */
    private boolean stale;

    /** What was counted since it changed last: a pod that comes or goes changes one interface, however many there are. */
    private final Map<Asked, Sums> sums = new HashMap<>();

    private Eni(String id, String lane) {
      this.id = id;
      this.lane = lane;
    }

    private void changed() {
      sums.clear();
    }

    String id() {
      return id;
    }

    boolean draining() {
      return draining;
    }

    boolean stale() {
      return stale;
    }

    /** Whether pods may still be given its addresses. */
    private boolean open() {
      return !draining && !stale;
    }

    /** Whether it has nothing but its own address. */
    boolean bare() {
      return units.isEmpty();
    }

    /** Whether no pod has an address of it, and none cools down. */
    boolean idle() {
      for (Unit unit : units.values()) {
        if (!unit.idle()) {
          return false;
        }
      }
      return true;
    }
  }

  /** How many addresses are in which state. */
  record Counts(int held, int free, int cooling) {
    int total() {
      return held + free + cooling;
    }
  }

  private record Cooling(IpAddress address, long until) {}

  private record Asked(AddressFamily family, Predicate<Unit> counted) {}

  private record Sums(Counts counts, int idle) {}

  /** Units of every kind. */
  static final Predicate<Unit> ALL = unit -> true;

  /** How many units were looked at so far: what it costs to count and to draw. */
  private long visited;

  private final Map<String, Eni> enis = new LinkedHashMap<>();
  private final Map<IpAddress, Address> addresses = new HashMap<>();
  private final PriorityQueue<Cooling> thaw = new PriorityQueue<>(Comparator.comparingLong(Cooling::until));

  /** The same for a node that borrows no interface. */
  void sync(NodeFacts facts, Ledger ledger, Set<IpAddress> drawn, Predicate<NodeFacts.Eni> fits, long now) {
    sync(facts, ledger, drawn, fits, eni -> false, now);
  }

  /**
   * Takes over what the facts say there is. What is gone from the facts is gone here, unless a pod holds it. What others have put on an
   * interface that is borrowed is not for pods.
   */
  void sync(NodeFacts facts, Ledger ledger, Set<IpAddress> drawn, Predicate<NodeFacts.Eni> fits, Predicate<NodeFacts.Eni> borrowed,
      long now) {
    Map<String, Eni> before = new LinkedHashMap<>(enis);
    enis.clear();
    for (NodeFacts.Eni fact : facts.enis()) {
      if (fact.lane().isEmpty()) {
        continue;
      }
      Eni known = before.remove(fact.id());
      Eni eni = known != null && known.lane.equals(fact.lane().get()) ? known : new Eni(fact.id(), fact.lane().get());
      if (eni != known) {
        if (known != null) {
          eni.ready = known.ready;
          drop(known);
        }
        eni.draining = ledger.enisLeaving().contains(fact.id());
      }
      eni.stale = !fits.test(fact);
      eni.changed();
      enis.put(eni.id, eni);
      for (AddressFamily family : AddressFamily.values()) {
        List<Cidr> units = fact.record().units(family);
        syncUnits(eni, borrowed.test(fact) ? units.stream().filter(u -> ledger.ours(eni.id, u)).toList() : units, family, ledger, drawn, now);
      }
    }
    before.values().forEach(this::drop);
  }

  private void drop(Eni eni) {
    eni.units.values().forEach(this::forget);
  }

  private void syncUnits(Eni eni, List<Cidr> units, AddressFamily family, Ledger ledger, Set<IpAddress> drawn, long now) {
    for (Cidr cidr : units) {
      if (cidr.size() <= LARGEST && !eni.units.containsKey(cidr)) {
        add(eni, cidr, ledger, drawn, now);
      }
    }
    for (Unit unit : List.copyOf(eni.units.values())) {
      if (unit.cidr.family() == family && !units.contains(unit.cidr) && unit.held == 0) {
        eni.units.remove(unit.cidr);
        forget(unit);
      }
    }
  }

  private void add(Eni eni, Cidr cidr, Ledger ledger, Set<IpAddress> drawn, long now) {
    Unit unit = new Unit(eni, cidr);
    unit.releasing = ledger.leaving(eni.id).contains(cidr);
    unit.apart = cidr.size() == 1 && ledger.isParticular(eni.id, cidr.address());
    eni.units.put(cidr, unit);
    for (long n = 0; n < cidr.size(); n++) {
      IpAddress ip = cidr.at(n);
      Address address = new Address(unit);
      Address elsewhere = addresses.put(ip, address);
      if (elsewhere != null && elsewhere.unit.eni.units.remove(elsewhere.unit.cidr, elsewhere.unit)) {
        // EC2 has it in one place: it was taken off the other interface, and given out again.
        elsewhere.unit.eni.changed();
        forget(elsewhere.unit);
      }
      long until = ledger.coolUntil(ip).orElse(0L);
      address.until = until;
      if (ledger.holder(ip).isPresent() || drawn.contains(ip)) {
        address.state = State.HELD;
        unit.held++;
      } else if (until > now) {
        cool(ip, address, until);
      } else {
        unit.free.add(ip);
      }
    }
  }

  private void forget(Unit unit) {
    for (long n = 0; n < unit.cidr.size(); n++) {
      addresses.computeIfPresent(unit.cidr.at(n), (ip, address) -> address.unit == unit ? null : address);
    }
  }

  private void cool(IpAddress ip, Address address, long until) {
    address.state = State.COOLING;
    address.until = until;
    address.unit.cooling++;
    address.unit.eni.changed();
    thaw.add(new Cooling(ip, until));
  }

  /** Frees what has cooled down. Returns whether anything was. */
  boolean thaw(long now) {
    boolean any = false;
    while (!thaw.isEmpty() && thaw.peek().until <= now) {
      Cooling cooled = thaw.poll();
      Address address = addresses.get(cooled.address);
      // The address may be gone, or cool down a second time by now.
      if (address != null && address.state == State.COOLING && address.until <= now) {
        address.state = State.FREE;
        address.unit.cooling--;
        address.unit.eni.changed();
        address.unit.free.add(cooled.address);
        any = true;
      }
    }
    return any;
  }

  /** When the next address has cooled down. */
  Optional<Long> nextThaw() {
    return Optional.ofNullable(thaw.peek()).map(Cooling::until);
  }

  /**
   * Draws an address: one of the units that are preferred, if there is such. Interfaces are filled in the order in which they were
   * attached, so that the last ones empty first; among the units of an interface the fullest is taken, so that prefixes empty; of
   * equally full ones, as single addresses are, and in a unit, the address that has rested longest.
   */
  Optional<Drawn> draw(String lane, AddressFamily family, Predicate<Unit> preferred) {
    return drawOf(lane, family, preferred).or(() -> drawOf(lane, family, ALL));
  }

  private Optional<Drawn> drawOf(String lane, AddressFamily family, Predicate<Unit> wanted) {
    for (Eni eni : enis.values()) {
      if (!eni.lane.equals(lane) || !eni.ready || countsOf(eni, family, ALL).free == 0) {
        continue;
      }
      Unit best = null;
      for (Unit unit : eni.units.values()) {
        visited++;
        if (unit.cidr.family() == family && !unit.apart && unit.open() && !unit.free.isEmpty()
            && (best == null || isBefore(unit, best)) && wanted.test(unit)) {
          best = unit;
        }
      }
      if (best != null) {
        IpAddress ip = best.free.removeFirst();
        Address address = addresses.get(ip);
        if (address == null || address.state != State.FREE) {
          throw new IllegalStateException(ip + " is among the free addresses and not free");
        }
        address.state = State.HELD;
        best.held++;
        eni.changed();
        return Optional.of(new Drawn(ip, eni.id));
      }
    }
    return Optional.empty();
  }

  private boolean isBefore(Unit unit, Unit best) {
    return unit.held > best.held || (unit.held == best.held && restingSince(unit) < restingSince(best));
  }

  /** Since when the address rests that would be drawn from a unit. */
  private long restingSince(Unit unit) {
    Address next = addresses.get(unit.free.peekFirst());
    return next == null ? Long.MAX_VALUE : next.until;
  }

  /** Draws one particular address, if it is free on a lane's interface. */
  Optional<Drawn> drawThis(String lane, IpAddress ip) {
    Address address = addresses.get(ip);
    if (address == null || address.state != State.FREE || !address.unit.open()) {
      return Optional.empty();
    }
    Eni eni = address.unit.eni;
    if (!eni.lane.equals(lane) || !eni.ready || !eni.open()) {
      return Optional.empty();
    }
    address.state = State.HELD;
    address.unit.held++;
    eni.changed();
    address.unit.free.remove(ip);
    return Optional.of(new Drawn(ip, eni.id));
  }

  /** Whether an address is on one of the lanes' interfaces. */
  boolean has(IpAddress ip) {
    return addresses.containsKey(ip);
  }

  /** Whether an address is on its way off its interface, or its interface on its way off the node. */
  boolean isLeaving(IpAddress ip) {
    Address address = addresses.get(ip);
    return address != null && (address.unit.releasing || address.unit.eni.draining);
  }

  /** From now on an address is for one particular attachment, and no stock. */
  void keepApart(IpAddress ip) {
    Address address = addresses.get(ip);
    if (address != null && address.unit.cidr.size() == 1) {
      address.unit.apart = true;
      address.unit.eni.changed();
    }
  }

  /** The addresses of a lane that were for one particular attachment, which is gone: they are of no use to any other. */
  List<Unit> spent(String lane, AddressFamily family) {
    List<Unit> spent = new ArrayList<>();
    for (Eni eni : enis.values()) {
      if (eni.lane.equals(lane)) {
        for (Unit unit : eni.units.values()) {
          if (unit.apart && unit.cidr.family() == family && unit.idle() && unit.open()) {
            spent.add(unit);
          }
        }
      }
    }
    return spent;
  }

  /** An address that was drawn. */
  record Drawn(IpAddress address, String eniId) {}

  /** Takes back an address that nobody was ever told of: it need not cool down. */
  void putBack(IpAddress ip) {
    Address address = addresses.get(ip);
    if (address != null && address.state == State.HELD) {
      address.state = State.FREE;
      address.unit.held--;
      address.unit.eni.changed();
      address.unit.free.addFirst(ip);
    }
  }

  /** Takes back an address that a pod had. */
  void release(IpAddress ip, long coolUntil) {
    Address address = addresses.get(ip);
    if (address != null && address.state == State.HELD) {
      address.unit.held--;
      cool(ip, address, coolUntil);
    }
  }

  Counts counts(String lane, AddressFamily family) {
    return counts(lane, family, ALL);
  }

  /** The same, with free addresses of some units alone. */
  Counts counts(String lane, AddressFamily family, Predicate<Unit> counted) {
    int held = 0;
    int free = 0;
    int cooling = 0;
    for (Eni eni : enis.values()) {
      if (eni.lane.equals(lane)) {
        Counts c = countsOf(eni, family, counted);
        held += c.held;
        free += c.free;
        cooling += c.cooling;
      }
    }
    return new Counts(held, free, cooling);
  }

  /** What is on an interface, with free addresses of some units alone. */
  Counts countsOf(Eni eni, AddressFamily family, Predicate<Unit> counted) {
    return sums(eni, family, counted).counts;
  }

  private Sums sums(Eni eni, AddressFamily family, Predicate<Unit> counted) {
    Asked asked = new Asked(family, counted);
    Sums known = eni.sums.get(asked);
    if (known == null) {
      known = count(eni, asked);
      eni.sums.put(asked, known);
    }
    return known;
  }

  private Sums count(Eni eni, Asked asked) {
    int held = 0;
    int free = 0;
    int cooling = 0;
    int idle = 0;
    for (Unit unit : eni.units.values()) {
      visited++;
      if (unit.cidr.family() == asked.family && !unit.apart) {
        held += unit.held;
        cooling += unit.cooling;
        if (unit.open() && eni.open() && asked.counted.test(unit)) {
          free += unit.free.size();
          idle += unit.idle() ? unit.free.size() : 0;
        }
      }
    }
    return new Sums(new Counts(held, free, cooling), idle);
  }

  /** Addresses that are free on an interface whose datapath is not ready yet, and will be servable then. */
  int pending(String lane, AddressFamily family) {
    int pending = 0;
    for (Eni eni : enis.values()) {
      if (eni.lane.equals(lane) && !eni.ready && eni.open()) {
        for (Unit unit : eni.units.values()) {
          pending += unit.cidr.family() == family && !unit.apart && !unit.vanished ? unit.free.size() : 0;
        }
      }
    }
    return pending;
  }

  /** The addresses of units of which nothing is held and nothing cools down. */
  int idle(String lane, AddressFamily family, Predicate<Unit> counted) {
    int idle = 0;
    for (Eni eni : enis.values()) {
      if (eni.lane.equals(lane)) {
        idle += sums(eni, family, counted).idle;
      }
    }
    return idle;
  }

  /** How many units were looked at so far. */
  long visited() {
    return visited;
  }

  List<Eni> enis(String lane) {
    List<Eni> those = new ArrayList<>(enis.size());
    for (Eni eni : enis.values()) {
      if (eni.lane.equals(lane)) {
        those.add(eni);
      }
    }
    return those;
  }

  Optional<Eni> eni(String id) {
    return Optional.ofNullable(enis.get(id));
  }

  void ready(String id, boolean ready) {
    eni(id).ifPresent(e -> e.ready = ready);
  }

  boolean isReady(String id) {
    return eni(id).map(e -> e.ready).orElse(false);
  }

  void drain(String id, boolean draining) {
    eni(id).ifPresent(e -> {
      e.draining = draining;
      e.changed();
    });
  }

  /** Units that could be released: idle, and the caller's test holds. The last interfaces first, so that they empty. */
  List<Unit> releasable(String lane, AddressFamily family, java.util.function.BiPredicate<String, Cidr> may) {
    List<Unit> units = new ArrayList<>();
    for (Eni eni : enis(lane).reversed()) {
      for (Unit unit : eni.units.values()) {
        if (unit.cidr.family() == family && !unit.apart && unit.idle() && unit.open() && may.test(eni.id, unit.cidr)) {
          units.add(unit);
        }
      }
    }
    return units;
  }

  /** Takes units out of use, or back into it. */
  void releasing(String eniId, List<Cidr> units, boolean releasing) {
    eni(eniId).ifPresent(eni -> units.forEach(cidr -> {
      Unit unit = eni.units.get(cidr);
      if (unit != null) {
        unit.releasing = releasing;
        eni.changed();
      }
    }));
  }

  /** EC2 no longer lists a unit, or lists it again. */
  void vanished(String eniId, Cidr cidr, boolean vanished) {
    eni(eniId).flatMap(eni -> Optional.ofNullable(eni.units.get(cidr))).ifPresent(unit -> {
      unit.vanished = vanished;
      unit.eni.changed();
    });
  }

  String eniOf(Unit unit) {
    return unit.eni.id;
  }

  /** Every address, where it is and how. */
  Map<IpAddress, NodeLook.Place> places() {
    Map<IpAddress, NodeLook.Place> places = new TreeMap<>();
    addresses.forEach((ip, address) -> {
      Eni eni = address.unit.eni;
      NodeLook.State state = switch (address.state) {
        case FREE -> NodeLook.State.FREE;
        case HELD -> NodeLook.State.HELD;
        case COOLING -> NodeLook.State.COOLING;
      };
      places.put(ip, new NodeLook.Place(eni.id, eni.lane, state, !address.unit.open() || eni.draining));
    });
    return places;
  }

  /** The addresses that cool down, for how long yet. */
  Map<IpAddress, Long> cooling(long now) {
    Map<IpAddress, Long> rest = new TreeMap<>();
    Iterator<Cooling> each = thaw.iterator();
    while (each.hasNext()) {
      Cooling c = each.next();
      Address address = addresses.get(c.address);
      if (address != null && address.state == State.COOLING && address.until == c.until) {
        rest.put(c.address, Math.max(0, c.until - now));
      }
    }
    return rest;
  }
}
