package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.compose.PodCapacity;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The arithmetic of interfaces: what fits where on this instance, and where new interfaces lie. */
final class Interfaces {
  private final Context context;

  Interfaces(Context context) {
    this.context = context;
  }

  /** Where a lane can still grow. */
  sealed interface Room {
    /** On an interface that is there. */
    record OnInterface(String eniId, int units) implements Room {}

    /** On a new interface. */
    record NewInterface(int deviceIndex, int networkCard, int units) implements Room {}
  }

  /** Whether it is the node that has addresses assigned on a lane's interfaces, and taken off them. */
  static boolean isSupplied(LanePlan lane) {
    return lane.lane().owner() == Lane.Owner.NODE || !lane.lane().borrowed().isEmpty();
  }

  /** How many units an interface carries for pods. */
  int unitsPerInterface(AddressFamily family, NodeFacts.Eni example) {
    return PodCapacity.unitsPerInterface(context.facts().orElseThrow().type(), family);
  }

  /** How many more units of a family an interface could carry. */
  int freeUnits(String eniId, AddressFamily family) {
    Optional<NodeFacts.Eni> fact = context.facts().flatMap(f -> f.eni(eniId));
    return fact.isEmpty() ? 0 : unitsPerInterface(family, fact.get()) - fact.get().record().unitCount(family)
        - context.reserved.getOrDefault(eniId, 0);
  }

  /** The first place where a lane can grow: an interface with free slots, else a free interface slot; empty if none. */
  Optional<Room> room(LanePlan lane, AddressFamily family) {
    NodeFacts facts = context.facts().orElseThrow();
    for (AddressBook.Eni eni : context.book.enis(lane.name())) {
      Optional<NodeFacts.Eni> fact = facts.eni(eni.id());
      if (fact.isPresent() && !eni.draining() && !eni.stale() && !context.ledger.isUnsettled(eni.id())
          && !isFull(fact.get().record().subnetId())) {
        int units = freeUnits(eni.id(), family);
        if (units > 0) {
          return Optional.of(new Room.OnInterface(eni.id(), units));
        }
      }
    }
    boolean full = !context.fullSubnets.isEmpty() && subnetFor(lane).filter(s -> isFull(s)).isPresent();
    return full ? Optional.empty() : newInterface(lane, family);
  }

  /** The subnet in which a lane grows next; empty if it can't grow. */
  Optional<String> growsIn(LanePlan lane, AddressFamily family) {
    return room(lane, family).flatMap(room -> switch (room) {
      case Room.OnInterface on -> context.facts().flatMap(f -> f.eni(on.eniId())).map(e -> e.record().subnetId());
      case Room.NewInterface _ -> subnetFor(lane);
    });
  }

  /** Whether it is the instance that has no place for more, neither on the lane's interfaces nor for another one. */
  boolean isOutOfSlots(LanePlan lane, AddressFamily family) {
    return newInterface(lane, family).isEmpty() && context.book.enis(lane.name()).stream()
        .noneMatch(eni -> !eni.draining() && !eni.stale() && freeUnits(eni.id(), family) > 0);
  }

  /** Where a new interface of a lane would be attached; empty if there is no slot for it. */
  Optional<Room> newInterface(LanePlan lane, AddressFamily family) {
    NodeFacts facts = context.facts().orElseThrow();
    int card = lane.lane().networkCard();
    if (card >= facts.type().interfacesPerCard().size() || lane.lane().owner() != Lane.Owner.NODE) {
      return Optional.empty();
    }
    if (lane.lane().most().isPresent() && onCard(card, lane) >= lane.lane().most().get()) {
      return Optional.empty();
    }
    int reserved = 0;
    for (LanePlan other : context.plan.lanes()) {
      if (!other.name().equals(lane.name()) && other.lane().networkCard() == card) {
        reserved += Math.max(0, other.lane().reserve() - onCard(card, other));
      }
    }
    BitSet used = new BitSet();
    int there = 0;
    for (NodeFacts.Eni eni : facts.enis()) {
      if (cardOf(eni) == card) {
        there++;
        eni.record().attachment().ifPresent(a -> used.set(a.deviceIndex()));
      }
    }
    if (there + reserved >= facts.type().interfacesPerCard().get(card)) {
      return Optional.empty();
    }
    return Optional.of(new Room.NewInterface(used.nextClearBit(0), card, unitsPerInterface(family, facts.primary())));
  }

  /** How many interfaces of a lane are on a network card. */
  private int onCard(int card, LanePlan lane) {
    int count = 0;
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      count += cardOf(eni) == card && eni.lane().isPresent() && eni.lane().get().equals(lane.name()) ? 1 : 0;
    }
    return count;
  }

  private boolean isFull(String subnetId) {
    return context.fullSubnets.getOrDefault(subnetId, 0L) > context.millis();
  }

  private static int cardOf(NodeFacts.Eni eni) {
    return eni.record().attachment().map(EniRecord.Attachment::networkCard).orElse(0);
  }

  /** Whether EC2 must be asked before it is known where a lane's interfaces lie. */
  static boolean needsSubnets(LanePlan lane) {
    return lane.lane().owner() == Lane.Owner.NODE && !lane.lane().subnets().isOfNode();
  }

  /**
   * The subnet for a new interface of a lane: one in the node's zone, that had room when it was asked last, if there is such. Empty if
   * none is known.
   */
  Optional<String> subnetFor(LanePlan lane) {
    NodeFacts facts = context.facts().orElseThrow();
    SubnetChoice choice = lane.lane().subnets();
    if (choice.isOfNode()) {
      return Optional.of(facts.primary().record().subnetId());
    }
    List<SubnetRecord> candidates = candidates(context, lane);
    List<SubnetRecord> open = candidates.stream().filter(s -> !isFull(s.id())).toList();
    return best(open.isEmpty() ? candidates : open, choice.order()).map(SubnetRecord::id);
  }

  /** The subnets that a lane's interfaces may lie in, as far as they are known: those in the node's zone, in the order of the choice. */
  static List<SubnetRecord> candidates(Context context, LanePlan lane) {
    NodeFacts facts = context.facts().orElseThrow();
    SubnetChoice choice = lane.lane().subnets();
    Stream<SubnetRecord> named = choice.ids().stream().map(facts::subnet).flatMap(Optional::stream);
    return Stream.concat(named, facts.subnets().stream().filter(s -> !choice.ids().contains(s.id())))
        .filter(s -> s.zone().equals(facts.identity().zone()) && admits(context, choice, s)).toList();
  }

  /** Whether a subnet is one that a choice means. */
  static boolean admits(Context context, SubnetChoice choice, SubnetRecord subnet) {
    boolean ofNode = subnet.id().equals(context.facts().orElseThrow().primary().record().subnetId());
    return choice.admits(subnet.id(), subnet.tags(), ofNode, context.settings.clusterName());
  }

  private Optional<SubnetRecord> best(List<SubnetRecord> subnets, SubnetChoice.Order order) {
    Comparator<SubnetRecord> mostFree = Comparator.comparingInt((SubnetRecord s) -> s.free().orElse(0))
        .thenComparing(SubnetRecord::id, Comparator.reverseOrder());
    return switch (order) {
      case AS_WRITTEN -> subnets.stream().findFirst();
      case MOST_FREE -> subnets.stream().max(mostFree);
      // EC2 tells of no blocks. See SubnetChoice.Order for what it does tell.
      case PREFIX_FRIENDLY -> subnets.stream().max(Comparator
          .comparing((SubnetRecord s) -> !isFragmented(s.id()) && s.free().orElse(0) >= Kinds.size(AddressFamily.IPV4, Unit.PREFIX))
          .thenComparing(s -> context.reservesPrefixes.getOrDefault(s.id(), false))
          .thenComparing(mostFree));
    };
  }

  private boolean isFragmented(String subnetId) {
    return context.fragmentedSubnets.getOrDefault(subnetId, 0L) > context.millis();
  }

  /** The most pods' addresses of a family that the lanes can have on this instance; empty if a range has no such limit. */
  Optional<Integer> capacity(AddressFamily family) {
    NodeFacts facts = context.facts().orElseThrow();
    PodCapacity capacity = PodCapacity.of(context.plan, facts.type(), family, card -> (int) facts.enis().stream()
        .filter(e -> cardOf(e) == card && (e.lane().isEmpty() || Belonging.isBorrowed(context, e)) && !e.id().equals(facts.primary().id())).count());
    return capacity.bounded() ? Optional.of(capacity.addresses()) : Optional.empty();
  }
}
