package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Gives addresses and prefixes to interfaces and takes them back. */
public final class AddressOperations {
  private static final int IPV6_PREFIX = 80;
  private static final int MOST_TRIES = 1000;

  private final VpcModel model;

  AddressOperations(VpcModel model) {
    this.model = model;
  }

  /** Assigns IPv4 addresses or /28 prefixes (EC2 API reference, AssignPrivateIpAddresses). */
  public Assigned assignIpv4(String interfaceId, AddressRequest request) {
    return model.change(
        draft -> {
          InterfaceOperations.ownersOwn(draft.state(), interfaceId);
          return assignIpv4(draft, interfaceId, request);
        });
  }

  /** Assigns IPv6 addresses or /80 prefixes (EC2 API reference, AssignIpv6Addresses). */
  public Assigned assignIpv6(String interfaceId, AddressRequest request) {
    return model.change(
        draft -> {
          InterfaceOperations.ownersOwn(draft.state(), interfaceId);
          return assignIpv6(draft, interfaceId, request);
        });
  }

  /** Takes IPv4 addresses and /28 prefixes away (EC2 API reference, UnassignPrivateIpAddresses). */
  public void unassignIpv4(String interfaceId, List<Ip> addresses, List<Cidr> prefixes) {
    model.change(
        draft -> {
          NetworkInterface holder = InterfaceOperations.ownersOwn(draft.state(), interfaceId);
          requireOne(addresses.size() + prefixes.size());
          NetworkInterface.Edit edit = holder.edit();
          if (addresses.stream().anyMatch(a -> holder.primary().filter(a::equals).isPresent())) {
            throw new Ec2Error(
                "InvalidParameterValue",
                "The primary IP address of the interface " + interfaceId + " cannot be unassigned.");
          }
          removeAll(edit.secondaries, addresses, interfaceId);
          removeAll(edit.ipv4Prefixes, prefixes, interfaceId);
          draft.put(edit.done());
          return holder;
        });
  }

  /** Takes IPv6 addresses and /80 prefixes away (EC2 API reference, UnassignIpv6Addresses). */
  public void unassignIpv6(String interfaceId, List<Ip> addresses, List<Cidr> prefixes) {
    model.change(
        draft -> {
          NetworkInterface holder = InterfaceOperations.ownersOwn(draft.state(), interfaceId);
          requireOne(addresses.size() + prefixes.size());
          NetworkInterface.Edit edit = holder.edit();
          removeAll(edit.ipv6Addresses, addresses, interfaceId);
          removeAll(edit.ipv6Prefixes, prefixes, interfaceId);
          draft.put(edit.done());
          return holder;
        });
  }

  Assigned assignIpv4(Draft draft, String interfaceId, AddressRequest request) {
    requireOne(request.slots());
    VpcState state = draft.state();
    NetworkInterface holder = state.networkInterface(interfaceId);
    Subnet subnet = state.subnet(holder.subnetId());
    SubnetSpace space = SubnetSpace.of(state, subnet);
    NetworkInterface.Edit edit = holder.edit();

    List<Ip> addresses = new ArrayList<>();
    for (Ip wanted : new LinkedHashSet<>(request.addresses())) {
      checkInSubnet(subnet, wanted);
      if (!edit.secondaries.contains(wanted) && !holder.primary().filter(wanted::equals).isPresent()) {
        if (!space.isFree(wanted)) {
          takeFromOther(draft, subnet, wanted, request.reassign());
        }
        space.take(wanted);
        addresses.add(wanted);
      }
    }
    List<Cidr> prefixes = new ArrayList<>();
    for (Cidr wanted : new LinkedHashSet<>(request.prefixes())) {
      checkPrefix(subnet.cidr(), wanted, 28);
      if (!space.isFree(wanted)) {
        throw new Ec2Error("InvalidIPAddress.InUse", "The prefix " + wanted + " is in use.");
      }
      space.take(wanted);
      prefixes.add(wanted);
    }
    int more = addresses.size() + prefixes.size() + request.count() + request.prefixCount();
    if (holder.ipv4Slots() + more > model.interfaces().ipv4Limit(state, holder)) {
      throw limitExceeded();
    }
    if (!prefixes.isEmpty() || request.prefixCount() > 0) {
      requirePrefixSupport(state, holder);
    }
    Placement placement = model.behaviour().placement();
    SplittableRandom random = model.ids().random();
    addresses.addAll(space.takeAddresses(request.count(), placement, random));
    prefixes.addAll(space.takePrefixes(request.prefixCount(), placement, random));
    edit.secondaries.addAll(addresses);
    edit.ipv4Prefixes.addAll(prefixes);
    draft.put(edit.done());
    return new Assigned(addresses, prefixes);
  }

  Assigned assignIpv6(Draft draft, String interfaceId, AddressRequest request) {
    requireOne(request.slots());
    VpcState state = draft.state();
    NetworkInterface holder = state.networkInterface(interfaceId);
    Cidr block =
        state
            .subnet(holder.subnetId())
            .ipv6()
            .orElseThrow(
                () ->
                    new Ec2Error(
                        "InvalidParameterValue",
                        "The subnet " + holder.subnetId() + " does not have an IPv6 CIDR block associated with it."));
    Subnet subnet = state.subnet(holder.subnetId());
    Set<Cidr> taken = new LinkedHashSet<>();
    for (NetworkInterface other : state.interfaces().values()) {
      if (other.subnetId().equals(subnet.id())) {
        other.ipv6Addresses().forEach(address -> taken.add(Cidr.of(address)));
        taken.addAll(other.ipv6Prefixes());
      }
    }
    List<Cidr> wanted = new ArrayList<>();
    for (Ip address : request.addresses()) {
      if (!block.contains(address) || subnet.reserved(address)) {
        throw outside(address.toString());
      }
      wanted.add(Cidr.of(address));
    }
    for (Cidr prefix : request.prefixes()) {
      checkPrefix(block, prefix, IPV6_PREFIX);
      wanted.add(prefix);
    }
    for (Cidr each : wanted) {
      if (taken.stream().anyMatch(each::overlaps)) {
        throw new Ec2Error("InvalidIPAddress.InUse", "Address " + each.base() + " is in use.");
      }
      taken.add(each);
    }
    if (holder.ipv6Slots() + request.slots() > model.interfaces().ipv6Limit(state, holder)) {
      throw limitExceeded();
    }
    if (request.prefixCount() > 0 || !request.prefixes().isEmpty()) {
      requirePrefixSupport(state, holder);
    }
    List<CidrReservation> kept =
        state.reservationsOf(subnet.id()).filter(each -> each.cidr().six()).toList();
    Optional<Cidr> forPrefixes =
        kept.stream()
            .filter(each -> each.kind() == CidrReservation.Kind.PREFIX && each.cidr().length() <= IPV6_PREFIX)
            .map(CidrReservation::cidr)
            .findFirst();
    SplittableRandom random = model.ids().random();
    List<Ip> addresses = new ArrayList<>(request.addresses());
    for (int i = 0; i < request.count(); i++) {
      // A /64 holds so many that a random one is all but surely free; EC2's own choice looks random, too.
      Ip chosen;
      do {
        chosen = new Ip(true, block.base().high(), random.nextLong());
      } while (subnet.reserved(chosen) || overlaps(taken, Cidr.of(chosen)) || kept(kept, Cidr.of(chosen)));
      taken.add(Cidr.of(chosen));
      addresses.add(chosen);
    }
    List<Cidr> prefixes = new ArrayList<>(request.prefixes());
    for (int i = 0; i < request.prefixCount(); i++) {
      Predicate<Cidr> free = chosen -> !subnet.reserved(chosen.base()) && !overlaps(taken, chosen);
      Cidr chosen =
          forPrefixes
              .flatMap(from -> prefix(from, random, free))
              .or(() -> prefix(block, random, free.and(each -> !kept(kept, each))))
              .orElseThrow(
                  () ->
                      new Ec2Error(
                          "InsufficientCidrBlocks",
                          "The specified subnet does not have enough free cidr blocks to satisfy the request."));
      taken.add(chosen);
      prefixes.add(chosen);
    }
    NetworkInterface.Edit edit = holder.edit();
    edit.ipv6Addresses.addAll(addresses);
    edit.ipv6Prefixes.addAll(prefixes);
    draft.put(edit.done());
    return new Assigned(addresses, prefixes);
  }

  static void checkInSubnet(Subnet subnet, Ip address) {
    if (!subnet.cidr().contains(address)) {
      throw new Ec2Error("InvalidParameterValue", "Address does not fall within the subnet's address range");
    }
    if (subnet.reserved(address)) {
      throw new Ec2Error("InvalidParameterValue", "Address is in subnet's reserved address range");
    }
  }

  private static boolean kept(List<CidrReservation> reservations, Cidr chosen) {
    return reservations.stream().anyMatch(each -> each.cidr().overlaps(chosen));
  }

  /** A random prefix of a block; none if that many tries find none that will do. */
  private static Optional<Cidr> prefix(Cidr from, SplittableRandom random, Predicate<Cidr> free) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Cidr chosen = Cidr.around(within(from, random), IPV6_PREFIX);
      if (free.test(chosen)) {
        return Optional.of(chosen);
      }
    }
    return Optional.empty();
  }

  /** A random address of a block of a /64 or smaller. */
  private static Ip within(Cidr block, SplittableRandom random) {
    long mask = block.length() <= 64 ? -1L : block.length() == 128 ? 0 : -1L >>> (block.length() - 64);
    return new Ip(true, block.base().high(), (block.base().low() & ~mask) | (random.nextLong() & mask));
  }

  private static boolean overlaps(Set<Cidr> taken, Cidr chosen) {
    return taken.stream().anyMatch(chosen::overlaps);
  }

  private static void checkPrefix(Cidr subnet, Cidr prefix, int length) {
    if (prefix.length() != length || !subnet.contains(prefix)) {
      throw outside(prefix.toString());
    }
  }

  private static Ec2Error outside(String what) {
    return new Ec2Error(
        "InvalidParameterValue", "The address or prefix " + what + " does not fall within the subnet's address range");
  }

  private static void requireOne(int asked) {
    if (asked <= 0) {
      throw new Ec2Error(
          "MissingParameter", "The request must contain either addresses or prefixes, or a count of one of them");
    }
  }

  private static void requirePrefixSupport(VpcState state, NetworkInterface holder) {
    InterfaceOperations.type(state, holder)
        .filter(type -> !type.prefixes())
        .ifPresent(
            type -> {
              throw new Ec2Error(
                  "InvalidParameterCombination",
                  "Prefix delegation is not supported on instance type '" + type.name() + "'.");
            });
  }

  private static Ec2Error limitExceeded() {
    return new Ec2Error("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
  }

  /** Only a secondary address can be taken from another interface, only with the caller's leave, and from no service of AWS. */
  private static void takeFromOther(Draft draft, Subnet subnet, Ip wanted, boolean reassign) {
    for (NetworkInterface other : draft.state().interfaces().values()) {
      if (reassign
          && !other.requesterManaged()
          && other.subnetId().equals(subnet.id())
          && other.secondaries().contains(wanted)) {
        NetworkInterface.Edit edit = other.edit();
        edit.secondaries.remove(wanted);
        draft.put(edit.done());
        return;
      }
    }
    throw new Ec2Error(
        "InvalidParameterValue",
        "[" + wanted + "] is already assigned to another interface or is in use"
            + (reassign ? "" : ", and reassignment is not allowed"));
  }

  private static <T> void removeAll(Set<T> held, List<T> gone, String interfaceId) {
    List<T> missing = gone.stream().filter(each -> !held.contains(each)).toList();
    if (!missing.isEmpty()) {
      throw new Ec2Error("InvalidParameterValue", "Some of " + missing + " are not assigned to interface " + interfaceId);
    }
    gone.forEach(held::remove);
  }
}
