package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteSocket;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lies beyond the VPC: a namespace that plays the internet, and a link to it for each gateway. Which gateway a packet
 * takes decides on its translation, hence a device for each.
 */
final class Edge implements AutoCloseable {
  static final Gateway INTERNET = new Gateway("edge-igw", 11);
  static final Gateway EGRESS_ONLY = new Gateway("edge-eigw", 12);
  static final InetAddress HOST_4 = InetAddress.ofLiteral("203.0.113.10");
  static final InetAddress HOST_6 = InetAddress.ofLiteral("2001:db8::10");

  /** An internet gateway passes packets of up to 1500 bytes (Amazon VPC User Guide, MTU considerations). */
  private static final int MTU = 1500;

  private static final int LO = 1;
  private static final int FIRST_NAT_INDEX = 20;
  private static final InetAddress INSIDE_4 = InetAddress.ofLiteral("169.254.0.1");
  private static final InetAddress INSIDE_6 = InetAddress.ofLiteral("fe80::ec2:1");
  private static final MacAddress OUTER = MacAddress.of("02:56:50:43:00:02");

  private final Router router;
  private final NetworkNamespace internet;
  private final Map<String, Gateway> natGateways = new LinkedHashMap<>();
  private final Map<String, InetAddress> natAddresses = new LinkedHashMap<>();
  private int natsMade;
  private @Nullable RouteSocket socket;

  /**
   * A device of the router that leads out.
   *
   * @param device its name, the same on both sides
   * @param index its index, the same on both sides
   */
  record Gateway(String device, int index) {}

  Edge(Router router, NetworkNamespace internet) {
    this.router = router;
    this.internet = internet;
  }

  NetworkNamespace namespace() {
    return internet;
  }

  Gateway nat(String id) {
    Gateway gateway = natGateways.get(id);
    if (gateway == null) {
      throw new IllegalArgumentException("a route names NAT gateway " + id + ", which the fabric does not know; set it first");
    }
    return gateway;
  }

  void create() {
    Namespaces.create(
        internet,
        Map.of(
            // What goes from one public address to another comes back by the gateway.
            "net/ipv4/ip_forward", "1",
            "net/ipv6/conf/all/forwarding", "1",
            "net/ipv4/conf/all/send_redirects", "0",
            "net/ipv4/conf/default/send_redirects", "0",
            "net/ipv4/conf/all/rp_filter", "0",
            "net/ipv4/conf/default/rp_filter", "0",
            "net/ipv6/conf/default/accept_ra", "0",
            "net/ipv6/conf/default/accept_dad", "0"));
    RouteSocket outside = Namespaces.socket(internet);
    socket = outside;
    link(INTERNET, outside);
    link(EGRESS_ONLY, outside);
    outside.execute(
        new Batch()
            .add("host", Address.of(LO, IpPrefix.host(HOST_4)).add())
            .add("host", Address.of(LO, IpPrefix.host(HOST_6)).withFlags(Address.NO_DUPLICATE_DETECTION).add())
            .add("default", Route.toAny(Family.IPV4).via(INSIDE_4).onlink().link(INTERNET.index()).build().add())
            .add("default", Route.toAny(Family.IPV6).via(INSIDE_6).onlink().link(INTERNET.index()).build().add()));
  }

  /** Makes a NAT gateway, or gives one another address. */
  void setNat(String id, InetAddress address) {
    @Nullable InetAddress before = natAddresses.get(id);
    if (address.equals(before)) {
      return;
    }
    RuleChange nft = new RuleChange();
    Gateway gateway = natGateways.get(id);
    if (gateway == null || before == null) {
      RouteSocket outside = socket;
      if (outside == null) {
        throw new IllegalStateException(internet.name() + " is closed");
      }
      gateway = new Gateway("edge-nat" + (natsMade + 1), FIRST_NAT_INDEX + natsMade);
      natsMade++;
      link(gateway, outside);
      natGateways.put(id, gateway);
    } else {
      nft.line("delete element inet vpc nat_gateways { \"%s\" : %s }", gateway.device(), before.getHostAddress());
    }
    nft.line("add element inet vpc nat_gateways { \"%s\" : %s }", gateway.device(), address.getHostAddress());
    router.apply(nft, "set up NAT gateway " + id);
    natAddresses.put(id, address);
  }

  /** Removes a NAT gateway, to which no route leads any more; nothing if there is none. */
  void removeNat(String id) {
    Gateway gone = natGateways.remove(id);
    InetAddress address = natAddresses.remove(id);
    if (gone != null && address != null) {
      RuleChange nft = new RuleChange();
      nft.line("delete element inet vpc nat_gateways { \"%s\" : %s }", gone.device(), address.getHostAddress());
      nft.line("delete element inet vpc gateways { %d }", gone.index());
      router.apply(nft, "remove NAT gateway " + id);
      router.socket().execute(Links.delete(gone.index()));
    }
  }

  private void link(Gateway gateway, RouteSocket outside) {
    int index = gateway.index();
    try (Netns open = Netns.open(internet.name())) {
      router
          .socket()
          .execute(
              new Batch()
                  .add(
                      "veth",
                      Links.veth(
                              gateway.device(), Links.peer(gateway.device()).index(index).namespace(open).mac(OUTER).mtu(MTU))
                          .index(index)
                          .mac(Port.ROUTER)
                          .mtu(MTU)
                          .up())
                  .add("next hop", Neighbour.permanent(index, Port.NEXT_HOP_4, OUTER).add())
                  .add("next hop", Neighbour.permanent(index, Port.NEXT_HOP_6, OUTER).add()));
    }
    outside.execute(
        new Batch()
            .add("up", Links.change(index).up())
            .add("next hop", Neighbour.permanent(index, INSIDE_4, Port.ROUTER).add())
            .add("next hop", Neighbour.permanent(index, INSIDE_6, Port.ROUTER).add()));
    RuleChange nft = new RuleChange();
    nft.line("add element inet vpc gateways { %d }", index);
    router.apply(nft, "enter gateway " + gateway.device());
    Namespaces.awaitCarrier(outside, index);
    Namespaces.awaitCarrier(router.socket(), index);
  }

  @Override
  public void close() {
    RouteSocket open = socket;
    if (open != null) {
      socket = null;
      open.close();
    }
  }
}
