package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.NetlinkSocket;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speaks rtnetlink in the network namespace in which it was opened, whichever thread uses it.
 *
 * <p>Any platform thread may use it, one at a time. The kernel takes changes one after the other (the RTNL lock), so several
 * sockets in several threads gain nothing; one writer is best.
 *
 * <pre>{@code
 * try (RouteSocket host = RouteSocket.open(); RouteSocket pod = RouteSocket.open(namespace)) {
 *   host.execute(new Batch()
 *       .add("link", Links.veth("eni1", Links.peer("eth0").index(2).namespace(namespace)).index(100).mtu(9001).up())
 *       .add("route", Route.to(IpPrefix.of("10.0.0.7/32")).link(100).table(42).add()));
 *   pod.execute(Links.change("eth0").up());
 * }
 * }</pre>
 */
public final class RouteSocket implements AutoCloseable {
  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket in the network namespace of the calling thread.
   *
   * @throws NetlinkException when the kernel refuses
   */
  public static RouteSocket open() {
    return new RouteSocket(NetlinkSocket.open(Protocol.ROUTE));
  }

  /**
   * Opens a socket in another namespace; the calling thread stays where it is.
   *
   * @param namespace needed during this call only
   * @throws NetlinkException when the kernel refuses
   */
  public static RouteSocket open(Netns namespace) {
    return new RouteSocket(NetlinkSocket.open(Protocol.ROUTE, namespace));
  }

  /**
   * Carries one request out.
   *
   * @throws NetlinkException when the kernel refuses it
   */
  public void execute(Request request) {
    socket.execute(request);
  }

  /**
   * Carries all requests out, in order, by one system call. Not atomic: those after a failing one are carried out too.
   *
   * @throws dev.patchbay.netlink.BatchException when any is refused
   */
  public void execute(Batch batch) {
    socket.execute(batch);
  }

  /**
   * As {@link #execute(Batch)}, but returns what was refused, in the order of the batch.
   */
  public List<Failure> attempt(Batch batch) {
    return socket.attempt(batch);
  }

  /** The link of a name, if there is one. */
  public Optional<Link> link(String name) {
    return existing(LinkQuery.byName(Checks.linkName(name)));
  }

  /** The link of an index, if there is one. */
  public Optional<Link> link(int index) {
    return existing(LinkQuery.byIndex(Checks.atLeast(index, 1, "link index")));
  }

  private Optional<Link> existing(LinkQuery query) {
    try {
      return socket.query(query, LinkDecoder::link).stream().findFirst();
    } catch (NetlinkException failure) {
      if (failure.errno().equals(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** All links. */
  public List<Link> links() {
    return socket.dump(LinkQuery.all(), LinkDecoder::link);
  }

  /**
   * The counters of a link.
   *
   * @throws NetlinkException with ENODEV when there is no such link
   */
  public LinkStatistics statistics(int index) {
    return socket.query(LinkQuery.statistics(Checks.atLeast(index, 1, "link index")), LinkDecoder::statistics).getFirst();
  }

  /** All addresses of both families. */
  public List<Address> addresses() {
    return socket.dump(new AddressQuery(0), Decoders::address);
  }

  /** The addresses of a link, of both families. */
  public List<Address> addresses(int linkIndex) {
    return socket.dump(new AddressQuery(Checks.atLeast(linkIndex, 1, "link index")), Decoders::address);
  }

  /** Routes, without the cache. A table that has none is empty, whether or not it exists. */
  public List<Route> routes(RouteFilter filter) {
    List<Route> routes = new ArrayList<>();
    for (Family family : Family.values()) {
      if (filter.families().contains(family)) {
        try {
          routes.addAll(socket.dump(new RouteQuery(family, filter), Decoders::route));
        } catch (NetlinkException failure) {
          if (!failure.errno().equals(Errno.ENOENT)) {
            throw failure;
          }
        }
      }
    }
    return routes;
  }

  /** Rules of a family, in the order in which they are tried. */
  public List<Rule> rules(Family family) {
    return socket.dump(new RuleQuery(family), Decoders::rule);
  }

  /** Neighbours of both families on all links, without proxy entries. */
  public List<Neighbour> neighbours() {
    return socket.dump(new NeighbourQuery(0, false), Decoders::neighbour);
  }

  /** Neighbours of both families on a link, without proxy entries. */
  public List<Neighbour> neighbours(int linkIndex) {
    return socket.dump(new NeighbourQuery(Checks.atLeast(linkIndex, 1, "link index"), false), Decoders::neighbour);
  }

  /** Proxy entries of both families on all links. */
  public List<Neighbour> proxyNeighbours() {
    return socket.dump(new NeighbourQuery(0, true), Decoders::neighbour);
  }

  /**
   * The number by which this namespace knows another, as in {@link Link#parentNamespace()}.
   *
   * @return empty while it knows it by none
   */
  public Optional<Integer> namespaceId(Netns other) {
    return socket.query(new NamespaceIdQuery(other), NamespaceIdQuery::decode).stream().findFirst();
  }

  @Override
  public void close() {
    socket.close();
  }
}
