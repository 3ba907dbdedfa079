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

  private SubnetSpace(Subnet subnet) {
    this.subnet = subnet;
    this.size = (int) subnet.cidr().size();
    this.taken = new BitSet(size);
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
    return space;
  }

  int free() {
    return size - taken.cardinality();
  }

  int freePrefixes() {
    return freeBlocks().size();
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
    if (free() < count) {
      throw new Ec2Error(
          "InsufficientFreeAddressesInSubnet",
          "The specified subnet does not have enough free addresses to satisfy the request.");
    }
    List<Ip> chosen = new ArrayList<>(count);
    while (chosen.size() < count) {
      int from = placement == Placement.LOWEST ? 0 : random.nextInt(size);
      int free = taken.nextClearBit(from);
      if (free >= size) {
        free = taken.nextClearBit(0);
      }
      taken.set(free);
      chosen.add(subnet.cidr().base().plus(free));
    }
    return chosen;
  }

  /** Takes that many free /28 blocks, or none and refuses: free addresses are of no help if they are scattered. */
  List<Cidr> takePrefixes(int count, Placement placement, SplittableRandom random) {
    List<Integer> blocks = freeBlocks();
    if (blocks.size() < count) {
      throw new Ec2Error(
          "InsufficientCidrBlocks",
          "The specified subnet does not have enough free cidr blocks to satisfy the request.");
    }
    List<Cidr> chosen = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = placement == Placement.LOWEST ? 0 : random.nextInt(blocks.size());
      Cidr prefix = new Cidr(subnet.cidr().base().plus(blocks.remove(index)), 28);
      take(prefix);
      chosen.add(prefix);
    }
    return chosen;
  }

  private List<Integer> freeBlocks() {
    List<Integer> blocks = new ArrayList<>();
    for (int start = 0; start + PREFIX_SIZE <= size; start += PREFIX_SIZE) {
      int next = taken.nextSetBit(start);
      if (next < 0 || next >= start + PREFIX_SIZE) {
        blocks.add(start);
      }
    }
    return blocks;
  }

  private int offset(Ip address) {
    return (int) (address.low() - subnet.cidr().base().low());
  }
}
