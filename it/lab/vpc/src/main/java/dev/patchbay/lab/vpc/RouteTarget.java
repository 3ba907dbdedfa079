package dev.patchbay.lab.vpc;

/** What a route leads to. */
public sealed interface RouteTarget {
  /** The VPC itself: the route that each of its blocks has in every table. */
  record Local() implements RouteTarget {}

  /**
   * An internet gateway.
   *
   * @param gatewayId its id; it may be gone
   */
  record Internet(String gatewayId) implements RouteTarget {}

  /**
   * A NAT gateway.
   *
   * @param gatewayId its id; it may be gone
   */
  record Nat(String gatewayId) implements RouteTarget {}

  /**
   * An egress-only internet gateway.
   *
   * @param gatewayId its id; it may be gone
   */
  record EgressOnly(String gatewayId) implements RouteTarget {}

  /**
   * An interface, of an instance that forwards.
   *
   * @param interfaceId its id; it may be gone
   */
  record Interface(String interfaceId) implements RouteTarget {}
}
