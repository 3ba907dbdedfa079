package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** Which IPv4 addresses of one subnet are taken, at one moment. Never shared. */
final class SubnetSpace {
  /** Addresses in a prefix that EC2 gives to an interface: a /28. */
  static final int PREFIX_SIZE = 16;

  private final Subnet subnet;
  private final BitSet taken;
  private final int size;

  /** Kept for a use: no single address of EC2's choice comes from here. */
  private final BitSet kept;

  /** Of those kept, the ones that are kept for prefixes. */
  private final BitSet keptForPrefixes;

  private SubnetSpace(Subnet subnet) {
    this.subnet = subnet;
    this.size = (int) subnet.cidr().size();
    this.taken = new BitSet(size);
    this.kept = new BitSet(size);
    this.keptForPrefixes = new BitSet(size);
    taken.set(0, Subnet.RESERVED_FIRST);
    taken.set(size - Subnet.RESERVED_LAST, size);
  }

  static SubnetSpace of(VpcState state, Subnet subnet) {
    SubnetSpace space = new SubnetSpace(subnet);
    for (NetworkInterface each : state.interfaces().values()) {
      if (each.subnetId().equals(subnet.id())) {
        each.ipv4Addresses().forEach(space::take);
        each.ipv4Prefixes().forEach(space::take);
      }
    }
    state.reservationsOf(subnet.id()).filter(each -> !each.cidr().six()).forEach(space::keep);
    return space;
  }

  private void keep(CidrReservation reservation) {
    int start = offset(reservation.cidr().base());
    int end = start + (int) reservation.cidr().size();
    kept.set(start, end);
    if (reservation.kind() == CidrReservation.Kind.PREFIX) {
      keptForPrefixes.set(start, end);
    }
  }

  int free() {
    return size - taken.cardinality();
  }

  int freePrefixes() {
    return blocks(new BitSet()).size();
  }

  boolean isFree(Ip address) {
    return !taken.get(offset(address));
  }

  boolean isFree(Cidr prefix) {
    int start = offset(prefix.base());
    int next = taken.nextSetBit(start);
    return next < 0 || next >= start + prefix.size();
  }

  void take(Ip address) {
    taken.set(offset(address));
  }

  void take(Cidr prefix) {
    int start = offset(prefix.base());
    taken.set(start, start + (int) prefix.size());
  }

  /** Takes that many free addresses, or none and refuses. */
  List<Ip> takeAddresses(int count, Placement placement, SplittableRandom random) {
    BitSet closed = (BitSet) taken.clone();
    closed.or(kept);
    if (size - closed.cardinality() < count) {
      throw new Ec2Error(
          "InsufficientFreeAddressesInSubnet",
          "The specified subnet does not have enough free addresses to satisfy the request.");
    }
    List<Ip> chosen = new ArrayList<>(count);
    while (chosen.size() < count) {
      int from = placement == Placement.LOWEST ? 0 : random.nextInt(size);
      int free = closed.nextClearBit(from);
      if (free >= size) {
        free = closed.nextClearBit(0);
      }
      closed.set(free);
      taken.set(free);
      chosen.add(subnet.cidr().base().plus(free));
    }
    return chosen;
  }

  /** All free addresses, in order, whatever they are kept for. */
  List<Ip> freeAddresses() {
    List<Ip> all = new ArrayList<>();
    for (int free = taken.nextClearBit(0); free < size; free = taken.nextClearBit(free + 1)) {
      all.add(subnet.cidr().base().plus(free));
    }
    return all;
  }

  /** All free /28 blocks, in order, whatever they are kept for. */
  List<Cidr> freeBlocks() {
    return blocks(new BitSet()).stream().map(start -> new Cidr(subnet.cidr().base().plus(start), 28)).toList();
  }

  /**
   * Takes that many free /28 blocks, or none and refuses: free addresses are of no help if they are scattered. Blocks that are
   * kept for prefixes go first.
   */
  List<Cidr> takePrefixes(int count, Placement placement, SplittableRandom random) {
    List<Integer> blocks = new ArrayList<>();
    List<Integer> open = blocks(kept);
    if (!keptForPrefixes.isEmpty()) {
      BitSet others = new BitSet(size);
      others.set(0, size);
      others.andNot(keptForPrefixes);
      blocks.addAll(blocks(others));
    }
    int first = blocks.size();
    blocks.addAll(open);
    if (blocks.size() < count) {
      throw new Ec2Error(
          "InsufficientCidrBlocks",
          "The specified subnet does not have enough free cidr blocks to satisfy the request.");
    }
    List<Cidr> chosen = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int choices = first > 0 ? first-- : blocks.size();
      int index = placement == Placement.LOWEST ? 0 : random.nextInt(choices);
      Cidr prefix = new Cidr(subnet.cidr().base().plus(blocks.remove(index)), 28);
      take(prefix);
      chosen.add(prefix);
    }
    return chosen;
  }

  /** Where free /28 blocks begin that have nothing of what is closed. */
  private List<Integer> blocks(BitSet closed) {
    List<Integer> blocks = new ArrayList<>();
    for (int start = 0; start + PREFIX_SIZE <= size; start += PREFIX_SIZE) {
      int end = start + PREFIX_SIZE;
      int next = taken.nextSetBit(start);
      int shut = closed.nextSetBit(start);
      if ((next < 0 || next >= end) && (shut < 0 || shut >= end)) {
        blocks.add(start);
      }
    }
    return blocks;
  }

  private int offset(Ip address) {
    return (int) (address.low() - subnet.cidr().base().low());
  }
}
