package dev.patchbay.lab.fabric;

import dev.patchbay.lab.fabric.RouteTable.Blackhole;
import dev.patchbay.lab.fabric.RouteTable.EgressOnlyGateway;
import dev.patchbay.lab.fabric.RouteTable.Interface;
import dev.patchbay.lab.fabric.RouteTable.InternetGateway;
import dev.patchbay.lab.fabric.RouteTable.NatGateway;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.LinkKind;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteFilter;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.netlink.route.RouteType;
import dev.patchbay.netlink.route.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The VPC's router: a namespace with a port for each attached interface.
 *
 * <p>An assigned address or prefix is one route of table main, to the port and a next hop that every port has. The kernel
 * then answers ARP for it (proxy_arp, on all ports but its own), delivers to it, and by the same route the source check
 * knows to whom it belongs. What is not assigned falls to a blackhole: no answer, and silence for packets. Route tables of
 * subnets come after main, chosen by a mark.
 */
final class Router implements AutoCloseable {
  private static final int FIRST_TABLE = 1000;
  private static final int TABLE_PRIORITY = 33_000;
  private static final Pattern COUNTER = Pattern.compile("counter (\\w+) \\{\\s*packets (\\d+)");

  /** An index that no port has. */
  private static final int PROBE = 999;

  /** Index of lo, the first link of every namespace. */
  private static final int LO = 1;

  private final NetworkNamespace namespace;
  private @Nullable RouteSocket socket;
  private @Nullable NftSocket rules;

  Router(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  void create() {
    Namespaces.create(
        namespace,
        Map.ofEntries(
            Map.entry("net/ipv4/ip_forward", "1"),
            Map.entry("net/ipv4/conf/all/rp_filter", "0"),
            Map.entry("net/ipv4/conf/default/rp_filter", "0"),
            Map.entry("net/ipv4/conf/all/send_redirects", "0"),
            Map.entry("net/ipv4/conf/default/send_redirects", "0"),
            Map.entry("net/ipv4/conf/default/proxy_arp", "1"),
            Map.entry("net/ipv6/conf/all/forwarding", "1"),
            Map.entry("net/ipv6/conf/default/forwarding", "1"),
            Map.entry("net/ipv6/conf/default/accept_ra", "0"),
            Map.entry("net/ipv6/conf/default/accept_dad", "0")));
    socket = Namespaces.socket(namespace);
    try (Netns open = Netns.open(namespace.name())) {
      rules = NftSocket.open(open);
    }
    Batch batch = new Batch();
    batch.add("metadata", Address.of(LO, IpPrefix.host(Fabric.METADATA)).add());
    batch.add("metadata", Address.of(LO, IpPrefix.host(Fabric.METADATA_6)).withFlags(Address.NO_DUPLICATE_DETECTION).add());
    socket().execute(batch);
    RuleChange nft = new RuleChange();
    nft.raw(resource("vpc.nft"));
    keepHops(nft);
    nft.apply(namespace, rules(), "load the rules of " + namespace.name());
    rules().execute(new NeighbourAnswers("vpc", "solicited", Port.ROUTER));
  }

  /** Makes unassigned addresses of a block silent. */
  void addBlock(IpPrefix block) {
    socket().execute(Route.to(block).type(RouteType.BLACKHOLE).build().replace());
    RuleChange nft = new RuleChange();
    nft.line("add element inet vpc blocks%s { %s }", digit(block.family()), block);
    nft.apply(namespace, rules(), "add the block " + block);
  }

  void removeBlock(IpPrefix block) {
    socket().execute(Route.to(block).type(RouteType.BLACKHOLE).build().delete());
    RuleChange nft = new RuleChange();
    nft.line("delete element inet vpc blocks%s { %s }", digit(block.family()), block);
    nft.apply(namespace, rules(), "remove the block " + block);
  }

  void addGateway(InetAddress address) {
    socket().execute(Address.of(LO, IpPrefix.host(address)).replace());
  }

  void removeGateway(InetAddress address) {
    socket().execute(Address.of(LO, IpPrefix.host(address)).delete());
  }

  /**
   * Sets all routes of a table and the rules that lead to it.
   *
   * @param ports the device of an interface that is attached
   */
  void setRoutes(int number, Collection<RouteTable.Route> routes, Edge edge, Function<String, Optional<Integer>> ports) {
    int table = FIRST_TABLE + number;
    List<Route> wanted = routes.stream().map(route -> route(route, edge, ports).table(table).build()).toList();
    Map<IpPrefix, RouteType> types = new HashMap<>();
    wanted.forEach(route -> types.put(route.destination(), route.type()));
    Batch batch = new Batch();
    // By IPv6 the kernel replaces no route by one of another type: it would keep both.
    socket().routes(RouteFilter.all().table(table)).stream()
        .filter(old -> old.type() != types.get(old.destination()))
        .forEach(old -> batch.add("old route", old.delete()));
    for (Family family : Family.values()) {
      boolean known = socket().rules(family).stream().anyMatch(rule -> rule.table() == table);
      if (!known) {
        batch.add("rule", Rule.of(family, TABLE_PRIORITY).mark(number, 0xffff).lookup(table).build().add());
      }
    }
    wanted.forEach(route -> batch.add("route", route.replace()));
    if (!batch.isEmpty()) {
      socket().execute(batch);
    }
  }

  private static Route.Builder route(RouteTable.Route route, Edge edge, Function<String, Optional<Integer>> ports) {
    Optional<Integer> device =
        switch (route.target()) {
          case InternetGateway() -> Optional.of(Edge.INTERNET.index());
          case EgressOnlyGateway() -> Optional.of(Edge.EGRESS_ONLY.index());
          case NatGateway(String id) -> Optional.of(edge.nat(id).index());
          case Interface(String id) -> ports.apply(id);
          case Blackhole() -> Optional.empty();
        };
    return device
        .map(index -> via(route.destination(), index))
        .orElseGet(() -> Route.to(route.destination()).type(RouteType.BLACKHOLE));
  }

  private static Route.Builder via(IpPrefix destination, int link) {
    return Route.to(destination).via(Port.nextHop(destination.family())).onlink().link(link);
  }

  void apply(RuleChange change, String what) {
    change.apply(namespace, rules(), what);
  }

  /** Makes the link between a port and the device of an instance; the port is up, the device down. */
  void link(Port port, NetworkNamespace instance) {
    MacAddress mac = port.spec().mac();
    try (Netns other = Netns.open(instance.name())) {
      int link = port.index();
      socket().execute(
          new Batch()
              .add(
                  "veth",
                  Links.veth(port.device(), Links.peer(port.spec().device()).namespace(other).mac(mac).mtu(Fabric.MTU))
                      .index(link)
                      .mac(Port.ROUTER)
                      .mtu(Fabric.MTU)
                      .up())
              .add("gateway", Address.of(link, IpPrefix.host(Boot.GATEWAY_6)).withFlags(Address.NO_DUPLICATE_DETECTION).add())
              .add("next hop", Neighbour.permanent(link, Port.NEXT_HOP_4, mac).add())
              .add("next hop", Neighbour.permanent(link, Port.NEXT_HOP_6, mac).add()));
    }
    // Else answers for others wait up to 0.8 s; only the machine's first namespace has a default to set.
    Namespaces.set(namespace, Map.of("net/ipv4/neigh/" + port.device() + "/proxy_delay", "0"));
  }

  /** Whether the kernel has VLAN devices (802.1Q), by which branches are delivered. */
  boolean tags() {
    try {
      socket().execute(Links.create("tagged", new LinkKind.Vlan(Edge.INTERNET.index(), 1)).index(PROBE));
      socket().execute(Links.delete(PROBE));
      return true;
    } catch (NetlinkException lacking) {
      return false;
    }
  }

  /** Makes the port of a branch: a VLAN device on its trunk's port. */
  void link(Port port, Port trunk, int vlan) {
    int link = port.index();
    MacAddress mac = port.spec().mac();
    socket().execute(
        new Batch()
            .add(
                "vlan",
                Links.create(port.device(), new LinkKind.Vlan(trunk.index(), vlan)).index(link).mac(Port.ROUTER).mtu(Fabric.MTU).up())
            .add("gateway", Address.of(link, IpPrefix.host(Boot.GATEWAY_6)).withFlags(Address.NO_DUPLICATE_DETECTION).add())
            .add("next hop", Neighbour.permanent(link, Port.NEXT_HOP_4, mac).add())
            .add("next hop", Neighbour.permanent(link, Port.NEXT_HOP_6, mac).add()));
    Namespaces.set(namespace, Map.of("net/ipv4/neigh/" + port.device() + "/proxy_delay", "0"));
  }

  void unlink(Port port) {
    socket().execute(Links.delete(port.index()));
  }

  /** Changes who gets what; an address that another port had moves here in one step. */
  void deliver(Port port, Collection<IpPrefix> added, Collection<IpPrefix> removed) {
    Batch batch = new Batch();
    added.forEach(block -> batch.add("deliver", via(block, port.index()).build().replace()));
    removed.forEach(block -> batch.add("withdraw", via(block, port.index()).build().delete()));
    if (!batch.isEmpty()) {
      socket().execute(batch);
    }
  }

  RouteSocket socket() {
    RouteSocket open = socket;
    if (open == null) {
      throw new IllegalStateException(namespace.name() + " is closed");
    }
    return open;
  }

  private NftSocket rules() {
    NftSocket open = rules;
    if (open == null) {
      throw new IllegalStateException(namespace.name() + " is closed");
    }
    return open;
  }

  /** Lets go of the namespace; it lives on until it is removed. */
  @Override
  public void close() {
    NftSocket openRules = rules;
    if (openRules != null) {
      rules = null;
      openRules.close();
    }
    RouteSocket open = socket;
    if (open != null) {
      socket = null;
      open.close();
    }
  }

  Map<DropReason, Long> drops() {
    String listing = namespace.run("nft", "list", "counters", "table", "inet", "vpc").orThrow("read the drop counters");
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, 0L);
    }
    Matcher matcher = COUNTER.matcher(listing);
    while (matcher.find()) {
      for (DropReason reason : DropReason.values()) {
        if (reason.counter().equals(matcher.group(1))) {
          drops.put(reason, Long.parseLong(matcher.group(2)));
        }
      }
    }
    return drops;
  }

  /** nftables can't add to a field, but it can choose among 254 chains that each set it. */
  private static void keepHops(RuleChange nft) {
    StringBuilder choice = new StringBuilder();
    for (int hops = 1; hops < 255; hops++) {
      nft.line("add chain inet vpc hops%d", hops);
      nft.line("add rule inet vpc hops%d ip ttl set %d", hops, hops + 1);
      nft.line("add rule inet vpc hops%d ip6 hoplimit set %d", hops, hops + 1);
      choice.append(hops == 1 ? "" : ", ").append(hops).append(" : goto hops").append(hops);
    }
    nft.line("add rule inet vpc keep_hops ip ttl vmap { %s }", choice);
    nft.line("add rule inet vpc keep_hops ip6 hoplimit vmap { %s }", choice);
  }

  static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }

  private static String resource(String name) {
    try (InputStream in = Router.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FabricException("the resource " + name + " is missing beside " + Router.class + "; build the module anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
