package dev.patchbay.simulation.model;

import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** A subnet: which of its addresses are taken. Five are EC2's own (VPC user guide, "Subnet sizing"). */
final class SubnetModel {
  private final String id;
  private final String zone;
  private final Cidr v4;
  private final Cidr v6;
  private final Map<String, String> tags;
  private final BitSet taken = new BitSet();
  /** What others took, and give back some day. */
  private final BitSet others = new BitSet();
  private final Set<IpAddress> particularV6 = new HashSet<>();
  private final Deque<Left> left = new ArrayDeque<>();
  private long nextV6 = 16;

  /** How many addresses were left since then. */
  private record Left(long since, int free) {}

  SubnetModel(String id, String zone, Cidr v4, Cidr v6, Map<String, String> tags) {
    this.id = id;
    this.zone = zone;
    this.v4 = v4;
    this.v6 = v6;
    this.tags = tags;
    taken.set(0, 4);
    taken.set(size() - 1);
    left.add(new Left(Long.MIN_VALUE, free()));
  }

  /** What is left now is seen by those who see it as of now, or later. */
  void noted(long now) {
    int free = free();
    if (left.getLast().free() != free) {
      left.addLast(new Left(now, free));
      while (left.size() > 2 && second().since() < now - EniModel.LONGEST_LAG_MILLIS) {
        left.removeFirst();
      }
    }
  }

  private Left second() {
    var each = left.iterator();
    each.next();
    return each.next();
  }

  private int freeAt(long time) {
    var each = left.descendingIterator();
    Left found = left.getFirst();
    while (each.hasNext()) {
      found = each.next();
      if (found.since() <= time) {
        return found.free();
      }
    }
    return found.free();
  }

  /** Whether the subnet gives that address to interfaces: it lies within, and EC2 does not keep it to itself. */
  boolean gives(IpAddress address) {
    if (address.family() == v4.family()) {
      long at = address.low() - v4.address().low();
      return v4.contains(address) && at >= 4 && at < size() - 1;
    }
    return v6.contains(address) && address.low() != -1 && Long.compareUnsigned(address.low(), 4) >= 0;
  }

  boolean isTaken(IpAddress v4Address) {
    return taken.get((int) (v4Address.low() - v4.address().low()));
  }

  /** Takes a particular address. */
  void take(IpAddress address) {
    if (address.family() == v4.family()) {
      taken.set((int) (address.low() - v4.address().low()));
    } else {
      particularV6.add(address);
    }
  }

  private int size() {
    return (int) v4.size();
  }

  int free() {
    return size() - taken.cardinality();
  }

  boolean hasBlock() {
    return block(0) >= 0;
  }

  SubnetRecord record(long time) {
    return new SubnetRecord(id, zone, List.of(v4, v6), OptionalInt.of(freeAt(time)), tags);
  }

  SubnetRecord asMetadata() {
    return new SubnetRecord(id, "", List.of(v4, v6), OptionalInt.empty(), Map.of());
  }

  /** Takes addresses of EC2's choice, which looks random; there must be as many. */
  List<IpAddress> take(int count, Chance chance) {
    List<IpAddress> list = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int at = taken.nextClearBit(chance.below(size()));
      if (at >= size()) {
        at = taken.nextClearBit(0);
      }
      taken.set(at);
      list.add(v4.at(at));
    }
    return list;
  }

  private int block(int from) {
    for (int n = 0; n < size() / 16; n++) {
      int at = (from + n) % (size() / 16) * 16;
      if (taken.get(at, at + 16).isEmpty()) {
        return at;
      }
    }
    return -1;
  }

  /** Takes whole blocks of 16, all or none; empty if there are not as many. */
  List<Cidr> takeBlocks(int count, Chance chance) {
    List<Cidr> list = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int at = block(chance.below(Math.max(1, size() / 16)));
      if (at < 0) {
        list.forEach(this::free);
        return List.of();
      }
      taken.set(at, at + 16);
      list.add(new Cidr(v4.at(at), 28));
    }
    return list;
  }

  List<IpAddress> takeV6(int count) {
    List<IpAddress> list = new ArrayList<>();
    while (list.size() < count) {
      IpAddress next = v6.address().plus(nextV6++);
      if (!particularV6.contains(next)) {
        list.add(next);
      }
    }
    return list;
  }

  List<Cidr> takeV6Blocks(int count) {
    List<Cidr> list = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      IpAddress base = v6.address();
      list.add(new Cidr(new IpAddress(base.family(), base.high(), base.low() + (nextV6++ << 48)), 80));
    }
    return list;
  }

  void free(Cidr unit) {
    if (v4.family() == unit.family() && v4.contains(unit)) {
      int at = (int) (unit.address().low() - v4.address().low());
      taken.clear(at, at + (int) unit.size());
    }
  }

  /** Others take addresses until so many are left. */
  void fill(int left, Chance chance) {
    while (free() > left) {
      take(1, chance).forEach(a -> others.set((int) (a.low() - v4.address().low())));
    }
  }

  /** Others take one address of each free block. */
  void fragment() {
    for (int at = block(0); at >= 0; at = block(0)) {
      taken.set(at);
      others.set(at);
    }
  }

  /** Others give back what they took. */
  void empty() {
    taken.andNot(others);
    others.clear();
  }
}
