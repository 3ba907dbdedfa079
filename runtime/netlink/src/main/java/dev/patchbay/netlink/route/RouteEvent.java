package dev.patchbay.netlink.route;

/**
 * A change that the kernel announced. A change to what something already was is announced too, so compare before acting.
 *
 * <p>Not everything is announced: IPv4 routes that go because their link goes down or away vanish silently (fib_sync_down_dev in
 * net/ipv4/fib_semantics.c); the link's own event stands for them.
 */
public sealed interface RouteEvent {
  /** A link is new or has changed. */
  record LinkChanged(Link link) implements RouteEvent {}

  /** A link is gone from the namespace: deleted, or moved to another one. */
  record LinkDeleted(Link link) implements RouteEvent {}

  /** An address is new or has changed. */
  record AddressChanged(Address address) implements RouteEvent {}

  /** An address is gone. */
  record AddressDeleted(Address address) implements RouteEvent {}

  /** A route is new or has replaced another. */
  record RouteChanged(Route route) implements RouteEvent {}

  /** A route is gone. */
  record RouteDeleted(Route route) implements RouteEvent {}

  /** A rule is new. */
  record RuleChanged(Rule rule) implements RouteEvent {}

  /** A rule is gone. */
  record RuleDeleted(Rule rule) implements RouteEvent {}

  /** A neighbour is new or has changed, its state for example. */
  record NeighbourChanged(Neighbour neighbour) implements RouteEvent {}

  /** A neighbour is gone. */
  record NeighbourDeleted(Neighbour neighbour) implements RouteEvent {}

  /** Announcements were lost; read anew what matters. */
  record Overrun() implements RouteEvent {}
}
