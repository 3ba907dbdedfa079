package dev.patchbay.spi.eni;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A class of interfaces that share subnets, security groups and kind, as a mode wants it. Immutable; each {@code with…} gives
 * another.
 *
 * <p>Lanes compete for the interface slots of the instance. A lane with a greater priority is served first; a reserve keeps
 * slots for a lane even while it has no interface.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Lane {
  /** The name of the lane that pods draw from when nobody says otherwise. */
  public static final String DEFAULT = "default";

  /** Who makes and deletes the interfaces of a lane. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Owner {
    /** The node itself. */
    NODE,
    /** The cluster-side controller; the node uses what appears. */
    CLUSTER,
    /** Somebody else; the node uses what appears, and changes nothing of it but addresses of its own on borrowed ones. */
    OTHER
  }

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

  private final String name;
  private final LaneOrigin origin;
  private final Owner owner;
  private final String interfaceType;
  private final SubnetChoice subnets;
  private final GroupChoice groups;
  private final int networkCard;
  private final int reserve;
  private final int priority;
  private final @Nullable Integer most;
  private final boolean pods;
  private final boolean primary;
  private final Set<String> borrowed;

  private Lane(String name, LaneOrigin origin, Owner owner, String interfaceType, SubnetChoice subnets, GroupChoice groups,
      int networkCard, int reserve, int priority, @Nullable Integer most, boolean pods, boolean primary, Set<String> borrowed) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no name of a lane; use at most 63 lower-case letters, digits, dots and dashes");
    }
    if (networkCard < 0 || reserve < 0 || (most != null && most < 0)) {
      throw new IllegalArgumentException("lane " + name + ": network card, reserve and limit are not negative");
    }
    this.name = name;
    this.origin = origin;
    this.owner = owner;
    this.interfaceType = interfaceType;
    this.subnets = subnets;
    this.groups = groups;
    this.networkCard = networkCard;
    this.reserve = reserve;
    this.priority = priority;
    this.most = most;
    this.pods = pods;
    this.primary = primary;
    this.borrowed = Set.copyOf(borrowed);
  }

  /**
   * A lane of ordinary interfaces in the node's subnet with the primary interface's groups, made by the node, on network
   * card 0, for pods, without the primary interface, with priority 0 and no reserve.
   *
   * @param name the name: lower-case letters, digits, dots and dashes, at most 63
   * @return the lane
   */
  public static Lane named(String name) {
    return new Lane(name, LaneOrigin.NODE, Owner.NODE, "interface", SubnetChoice.ofNode(), GroupChoice.ofPrimary(), 0, 0, 0,
        null, true, false, Set.of());
  }

  /**
   * A lane of interfaces that others manage, one that an operator keeps from Patchbay by the tag
   * {@code node.k8s.amazonaws.com/no_manage} say. For pods that ask for it, addresses are assigned on them, beside those that
   * others have put there and that are never given out, and taken back when the pods are gone; nothing else of these interfaces is
   * touched: their devices, routes, security groups and attachment are others'. A mode that asks for such an address says by
   * {@link dev.patchbay.spi.ipam.AddressRequest#ROLE_PLUGIN} that another plugin puts it on an interface of its own. An interface
   * that Patchbay uses itself is not lent.
   *
   * @param name the name: lower-case letters, digits, dots and dashes, at most 63
   * @param enis the ids of the interfaces, at least one
   * @return the lane
   */
  public static Lane borrowing(String name, Set<String> enis) {
    if (enis.isEmpty()) {
      throw new IllegalArgumentException("lane " + name + " borrows at least one interface");
    }
    return new Lane(name, LaneOrigin.NODE, Owner.OTHER, "interface", SubnetChoice.ofNode(), GroupChoice.ofPrimary(), 0, 0, 0, null,
        true, false, enis);
  }

  /**
   * {@return this lane under another name}
   * @param name the name
   */
  public Lane renamed(String name) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with another origin}
   * @param origin the origin
   */
  public Lane withOrigin(LaneOrigin origin) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with another owner}
   * @param owner the owner
   */
  public Lane withOwner(Owner owner) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with interfaces of another type}
   * @param type EC2's interface type: {@code interface}, {@code trunk}, {@code branch}, {@code efa}, {@code efa-only}
   */
  public Lane withInterfaceType(String type) {
    return new Lane(name, origin, owner, type, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane in other subnets}
   * @param subnets the subnets
   */
  public Lane withSubnets(SubnetChoice subnets) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with other security groups}
   * @param groups the groups
   */
  public Lane withGroups(GroupChoice groups) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane on another network card}
   * @param card the card's index, from 0
   */
  public Lane withNetworkCard(int card) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, card, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with interface slots kept for it}
   * @param slots how many
   */
  public Lane withReserve(int slots) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, slots, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with another priority}
   * @param priority the priority; the greater is served first
   */
  public Lane withPriority(int priority) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane with a limit on its interfaces, the primary included}
   * @param interfaces the most interfaces
   */
  public Lane withMost(int interfaces) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, interfaces, pods,
        primary, borrowed);
  }

  /**
   * {@return this lane, with or without pods on its interfaces}
   * @param pods whether pods draw addresses from it
   */
  public Lane withPods(boolean pods) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return this lane, with or without the node's primary interface}
   * @param primary whether the primary interface belongs to it
   */
  public Lane withPrimary(boolean primary) {
    return new Lane(name, origin, owner, interfaceType, subnets, groups, networkCard, reserve, priority, most, pods, primary, borrowed);
  }

  /**
   * {@return the name}
   */
  public String name() {
    return name;
  }

  /**
   * {@return what defines it}
   */
  public LaneOrigin origin() {
    return origin;
  }

  /**
   * {@return who makes its interfaces}
   */
  public Owner owner() {
    return owner;
  }

  /**
   * {@return EC2's type of its interfaces}
   */
  public String interfaceType() {
    return interfaceType;
  }

  /**
   * {@return its subnets}
   */
  public SubnetChoice subnets() {
    return subnets;
  }

  /**
   * {@return its security groups}
   */
  public GroupChoice groups() {
    return groups;
  }

  /**
   * {@return the index of its network card}
   */
  public int networkCard() {
    return networkCard;
  }

  /**
   * {@return the interface slots that are kept for it}
   */
  public int reserve() {
    return reserve;
  }

  /**
   * {@return its priority}
   */
  public int priority() {
    return priority;
  }

  /**
   * {@return the most interfaces that it may have, the primary included; empty for what the instance carries}
   */
  public Optional<Integer> most() {
    return Optional.ofNullable(most);
  }

  /**
   * {@return whether pods draw addresses from it}
   */
  public boolean pods() {
    return pods;
  }

  /**
   * {@return whether the node's primary interface belongs to it}
   */
  public boolean primary() {
    return primary;
  }

  /**
   * {@return the ids of the interfaces that it borrows; empty for any other lane}
   */
  public Set<String> borrowed() {
    return borrowed;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Lane l && l.name.equals(name) && l.origin.equals(origin) && l.owner == owner
        && l.interfaceType.equals(interfaceType) && l.subnets.equals(subnets) && l.groups.equals(groups)
        && l.networkCard == networkCard && l.reserve == reserve && l.priority == priority && l.most().equals(most())
        && l.pods == pods && l.primary == primary && l.borrowed.equals(borrowed);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "lane " + name + " (" + origin + ", " + subnets + ", " + groups + ")";
  }
}
