package dev.patchbay.core.compose;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * How many addresses of a family a node's lanes can carry for pods, by the limits of the instance type and nothing else: whether the
 * subnet has them is another matter. One arithmetic for the daemon, which refuses pods beyond it, and for whoever plans nodes.
 * Immutable.
 *
 * <p>Interfaces share the slots of their network card (EC2 user guide, "Maximum IP addresses per network interface"). A lane that
 * carries no pods takes the slots that it reserves; the primary interface takes one even where it carries no pods; what is attached
 * and left alone takes its own. The rest is filled in the lanes' order.
 *
 * @param family the family
 * @param terms what each lane adds, in the lanes' order; empty if no lane has a stock of the family
 * @param bounded whether the terms are all: a lane that draws from a range, of IPv6 say, is not counted
 */
public record PodCapacity(AddressFamily family, List<Term> terms, boolean bounded) {
  /** The addresses of a prefix that EC2 delegates: a /28. */
  public static final int PREFIX = 16;

  /**
   * Copies the list.
   */
  public PodCapacity {
    terms = List.copyOf(terms);
  }

  /**
   * What a lane adds.
   *
   * @param lane the lane
   * @param interfaces the most interfaces that it can have
   * @param units the addresses or prefixes for pods that each carries
   * @param size the addresses of each unit: 1, or {@link #PREFIX}
   */
  public record Term(String lane, int interfaces, int units, int size) {
    /**
     * {@return the addresses}
     */
    public int addresses() {
      return interfaces * units * size;
    }
  }

  /**
   * Counts.
   *
   * @param plan the node's plan
   * @param type the instance type
   * @param family the family
   * @param foreign how many interfaces of a network card, by its index, are left alone
   * @return the capacity
   */
  public static PodCapacity of(NodePlan plan, InstanceTypeRecord type, AddressFamily family, IntUnaryOperator foreign) {
    Map<Integer, Integer> slots = new HashMap<>();
    List<Term> terms = new ArrayList<>();
    boolean bounded = true;
    for (LanePlan lane : plan.lanes()) {
      if (!lane.lane().borrowed().isEmpty()) {
        continue;
      }
      bounded &= !(lane.sources().get(family) instanceof AddressSource.Range);
      Optional<AddressSource.Stock> stock = lane.stock(family).filter(s -> lane.lane().pods());
      int card = lane.lane().networkCard();
      if (stock.isEmpty() || card >= type.interfacesPerCard().size()) {
        continue;
      }
      int left = slots.computeIfAbsent(card, c -> slotsForPods(plan, type, family, c) - foreign.applyAsInt(c));
      int interfaces = Math.clamp(left, 0, lane.lane().most().orElse(Integer.MAX_VALUE));
      slots.put(card, left - interfaces);
      terms.add(new Term(lane.name(), interfaces, unitsPerInterface(type, family), size(stock.get().units().getFirst(), family)));
    }
    return new PodCapacity(family, terms, bounded);
  }

  /** The slots of a card that lanes with pods can fill. */
  private static int slotsForPods(NodePlan plan, InstanceTypeRecord type, AddressFamily family, int card) {
    int slots = type.interfacesPerCard().get(card);
    boolean primary = false;
    for (LanePlan lane : plan.lanes()) {
      boolean pods = lane.stock(family).isPresent() && lane.lane().pods();
      if (lane.lane().networkCard() == card && !pods) {
        slots -= lane.lane().reserve();
      }
      // A lane that reserves nothing may still have the primary interface.
      primary |= lane.lane().primary() && (pods || lane.lane().reserve() > 0);
    }
    return card == 0 && !primary ? slots - 1 : slots;
  }

  /**
   * {@return how many units of a family an interface carries for pods: one IPv4 slot is its own primary address, and a prefix takes the
   * place of one address (EC2 user guide, "Maximum IP addresses per network interface")}
   * @param type the instance type
   * @param family the family
   */
  public static int unitsPerInterface(InstanceTypeRecord type, AddressFamily family) {
    return family == AddressFamily.IPV4 ? type.ipv4PerInterface() - 1 : Math.max(0, type.ipv6PerInterface());
  }

  private static int size(Unit unit, AddressFamily family) {
    return unit == Unit.PREFIX && family == AddressFamily.IPV4 ? PREFIX : 1;
  }

  /**
   * {@return the addresses of all terms}
   */
  public int addresses() {
    return terms.stream().mapToInt(Term::addresses).sum();
  }

  /**
   * {@return whether no lane has addresses of the family}
   */
  public boolean none() {
    return terms.isEmpty() && bounded;
  }
}
