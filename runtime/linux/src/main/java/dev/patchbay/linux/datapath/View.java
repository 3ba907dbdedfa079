package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteFilter;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.netlink.route.RouteType;
import dev.patchbay.netlink.route.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in a namespace at one moment, and how it compares with what should be. */
final class View {
  private static final int IPV6_DEFAULT_METRIC = 1024;

  private final List<Link> links;
  private final List<Address> addresses;
  private final List<Route> routes;
  private final List<Rule> rules;
  private final List<Neighbour> neighbours;

  private View(List<Link> links, List<Address> addresses, List<Route> routes, List<Rule> rules, List<Neighbour> neighbours) {
    this.links = links;
    this.addresses = addresses;
    this.routes = routes;
    this.rules = rules;
    this.neighbours = neighbours;
  }

  static View of(RouteSocket socket) {
    List<Rule> rules = new ArrayList<>(socket.rules(Family.IPV4));
    rules.addAll(rules6(socket));
    return new View(socket.links(), socket.addresses(), socket.routes(RouteFilter.all()), rules, socket.neighbours());
  }

  /** Rules of IPv6; none where the kernel has no IPv6. */
  static List<Rule> rules6(RouteSocket socket) {
    try {
      return socket.rules(Family.IPV6);
    } catch (NetlinkException e) {
      if (e.errno().equals(Errno.EOPNOTSUPP) || e.errno().name().equals("EAFNOSUPPORT")) {
        return List.of();
      }
      throw e;
    }
  }

  List<Link> links() {
    return links;
  }

  List<Address> addresses() {
    return addresses;
  }

  List<Route> routes() {
    return routes;
  }

  List<Rule> rules() {
    return rules;
  }

  List<Neighbour> neighbours() {
    return neighbours;
  }

  Optional<Link> link(String name) {
    return links.stream().filter(l -> l.name().equals(name)).findFirst();
  }

  String linkName(int index) {
    return links.stream().filter(l -> l.index() == index).map(Link::name).findFirst().orElse("#" + index);
  }

  /** Whether an object is there, and what is instead. */
  Observation observe(Piece.Subject wanted) {
    return switch (wanted) {
      case Piece.OfRoute w -> route(w.route());
      case Piece.OfRule w -> rules.stream().anyMatch(r -> r.equals(w.rule())) ? Observation.PRESENT
          : Observation.missing("rule " + Words.of(w.rule()) + " is missing");
      case Piece.OfAddress w -> addresses.stream().anyMatch(a -> same(w.address(), a)) ? Observation.PRESENT
          : Observation.missing("address " + words(w) + " is missing");
      case Piece.OfNeighbour w -> neighbour(w);
    };
  }

  String words(Piece.Subject subject) {
    return Words.of(subject, this::linkName);
  }

  private Observation route(Route wanted) {
    if (routes.stream().anyMatch(r -> same(wanted, r))) {
      return Observation.PRESENT;
    }
    String missing = "route " + Words.of(wanted, this::linkName) + " is missing";
    Optional<Route> other = routes.stream()
        .filter(r -> r.table() == wanted.table() && r.destination().equals(wanted.destination())).findFirst();
    return other.map(r -> Observation.altered(missing + "; there is " + Words.of(r, this::linkName)))
        .orElseGet(() -> Observation.missing(missing));
  }

  private Observation neighbour(Piece.OfNeighbour subject) {
    Neighbour wanted = subject.neighbour();
    Optional<Neighbour> found = neighbours.stream()
        .filter(n -> n.linkIndex() == wanted.linkIndex() && n.destination().equals(wanted.destination())).findFirst();
    if (found.isEmpty()) {
      return Observation.missing("neighbour " + words(subject) + " is missing");
    }
    boolean permanent = (found.get().state() & Neighbour.PERMANENT) != 0;
    boolean same = permanent && found.get().mac().equals(wanted.mac());
    return same ? Observation.PRESENT : Observation.altered("neighbour " + wanted.destination().getHostAddress() + " is "
        + found.get().mac().map(Object::toString).orElse("unresolved") + (permanent ? "" : ", not permanent") + ", and should be "
        + wanted.mac().orElseThrow());
  }

  /** Whether a route in the kernel is the one that was asked for; the kernel fills in what was left open. */
  static boolean same(Route wanted, Route found) {
    int metric = wanted.metric() == 0 && wanted.family() == Family.IPV6 ? IPV6_DEFAULT_METRIC : wanted.metric();
    return found.destination().equals(wanted.destination()) && found.table() == wanted.table() && found.type() == wanted.type()
        && (wanted.type() != RouteType.UNICAST || found.linkIndex() == wanted.linkIndex())
        && found.gateway().equals(wanted.gateway()) && found.metric() == metric && found.protocol() == wanted.protocol()
        && (wanted.preferredSource().isEmpty() || found.preferredSource().equals(wanted.preferredSource()));
  }

  /** Whether an address in the kernel is the one that was asked for, whoever put it there. */
  static boolean same(Address wanted, Address found) {
    return found.linkIndex() == wanted.linkIndex() && found.local().equals(wanted.local());
  }
}
