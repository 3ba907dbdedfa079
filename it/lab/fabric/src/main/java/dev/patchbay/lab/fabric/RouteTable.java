package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import java.util.List;

/**
 * The routes of a subnet beside the VPC's own, which every subnet has and which go first.
 *
 * @param id its name in the fabric
 * @param routes its routes; the longest prefix decides
 */
public record RouteTable(String id, List<Route> routes) {
  /** Copies the list. */
  public RouteTable {
    routes = List.copyOf(routes);
  }

  /** A table with nothing but the VPC itself: a subnet without a way out. */
  public static RouteTable local(String id) {
    return new RouteTable(id, List.of());
  }

  /** A table of a public subnet: both families by the internet gateway. */
  public static RouteTable internet(String id) {
    return new RouteTable(
        id,
        List.of(
            new Route(IpPrefix.of("0.0.0.0/0"), new InternetGateway()), new Route(IpPrefix.of("::/0"), new InternetGateway())));
  }

  /** A table of a private subnet: IPv4 by a NAT gateway, IPv6 by the egress-only gateway. */
  public static RouteTable nat(String id, String natGateway) {
    return new RouteTable(
        id,
        List.of(
            new Route(IpPrefix.of("0.0.0.0/0"), new NatGateway(natGateway)),
            new Route(IpPrefix.of("::/0"), new EgressOnlyGateway())));
  }

  /**
   * One route.
   *
   * @param destination where to
   * @param target by what
   */
  public record Route(IpPrefix destination, Target target) {
    /** Cuts the destination to its length. */
    public Route {
      destination = destination.network();
    }
  }

  /** What a route leads to. */
  public sealed interface Target {}

  /** The VPC's internet gateway: IPv4 by the public address of the sender's, IPv6 as it is, both ways. */
  public record InternetGateway() implements Target {}

  /** The VPC's egress-only gateway: IPv6 outwards, and answers. */
  public record EgressOnlyGateway() implements Target {}

  /**
   * A NAT gateway: IPv4 outwards behind one public address, and answers.
   *
   * @param id the gateway, already known to the fabric
   */
  public record NatGateway(String id) implements Target {}

  /**
   * An interface, whose instance forwards. If it is not attached, the route leads nowhere. A packet that comes back from the
   * instance with the same addresses and ports is of the same connection for the gateways, so what goes on to the internet
   * must be translated there.
   *
   * @param id the interface
   */
  public record Interface(String id) implements Target {}

  /** Nowhere: packets are dropped, as when the target of a route has gone. */
  public record Blackhole() implements Target {}
}
