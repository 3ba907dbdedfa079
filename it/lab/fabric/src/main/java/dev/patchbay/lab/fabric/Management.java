package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way from instances to what runs outside of the VPC for them: EC2's endpoint, the Kubernetes API. A namespace with one
 * address, and a link from each instance that carries nothing but packets between the instance's own address there and that
 * one, so that no pod can use it. The addresses are of the range for benchmarks (RFC 2544), which no VPC has.
 */
final class Management implements AutoCloseable {
  static final InetAddress HOST = InetAddress.ofLiteral("198.18.0.1");
  /**
   * In a VPC there is no such device: what leaves an instance leaves by its interfaces, and a translation to the primary one's address
   * changes nothing of what the instance itself sends. aws-node translates all but what leaves by devices whose names begin so.
   */
  private static final String DEVICE = "vlanlab0";
  private static final int LO = 1;
  private static final int FIRST_INDEX = 10;

  /** RT_SCOPE_LINK of rtnetlink(7). */
  private static final int SCOPE_LINK = 253;
  private static final int MOST = (1 << 17) - 3;

  private final NetworkNamespace namespace;
  private @Nullable RouteSocket socket;
  private int last;

  Management(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  void create() {
    Namespaces.create(
        namespace,
        Map.of(
            // Strict: what comes from an instance has that instance's address, or is dropped.
            "net/ipv4/conf/all/rp_filter", "1",
            "net/ipv4/conf/default/rp_filter", "1",
            "net/ipv4/ip_forward", "0",
            "net/ipv6/conf/all/disable_ipv6", "1",
            "net/ipv6/conf/default/disable_ipv6", "1"));
    RouteSocket open = Namespaces.socket(namespace);
    socket = open;
    open.execute(Address.of(LO, IpPrefix.host(HOST)).add());
  }

  /** Links an instance; the link ends with the instance's namespace. */
  void link(NetworkNamespace instance) {
    RouteSocket open = socket;
    if (open == null) {
      throw new IllegalStateException(namespace.name() + " is closed");
    }
    if (last == MOST) {
      throw new FabricException("no address is left in 198.18.0.0/15 for another instance; make a new fabric");
    }
    int number = ++last;
    int index = FIRST_INDEX + number;
    IpPrefix address = IpPrefix.host(address(number));
    try (Netns other = Netns.open(instance.name());
        RouteSocket inside = RouteSocket.open(other)) {
      open.execute(
          new Batch()
              .add("veth", Links.veth("m" + number, Links.peer(DEVICE).namespace(other)).index(index).up())
              .add("route", Route.to(address).link(index).build().add()));
      int link = inside.link(DEVICE).orElseThrow(() -> new FabricException("no " + DEVICE + " in " + instance.name())).index();
      inside.execute(
          new Batch()
              .add("up", Links.change(link).up())
              // A scope with which the kernel never chooses it as the source of anything else, such as packets to pods.
              .add("address", Address.of(link, address).withScope(SCOPE_LINK).add())
              .add("route", Route.to(IpPrefix.host(HOST)).link(link).preferredSource(address.address()).build().add()));
      Namespaces.awaitCarrier(open, index);
      Namespaces.awaitCarrier(inside, link);
    }
  }

  Relay publish(int port, InetSocketAddress target) {
    return Relay.start(namespace.listen(new InetSocketAddress(HOST, port)), client -> Optional.of(Relay.to(target)));
  }

  @Override
  public void close() {
    RouteSocket open = socket;
    if (open != null) {
      socket = null;
      open.close();
    }
  }

  private static InetAddress address(int number) {
    int bits = (198 << 24 | 18 << 16) + 1 + number;
    try {
      return InetAddress.getByAddress(new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an IPv4 address has 4 bytes", impossible);
    }
  }
}
