package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.net.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What belongs to the writer thread: its sockets in the node's namespace, its random numbers, what it knows of devices. */
final class HostContext implements AutoCloseable {
  /** Called before each step of a change, with a word for it; tests make it fail. */
  interface Steps {
    void before(String step);
  }

  /** Devices that sit on others and may have their hardware addresses. */
  private static final Set<String> STACKED = Set.of("vlan", "macvlan", "ipvlan", "macvtap", "ipvtap", "bridge", "bond", "team", "vrf");
  private static final int LEAST_INDEX = 0x0100_0000;
  private static final int INDEXES = 0x4000_0000;

  final Netns node;
  final RouteSocket routes;
  final Sysctls sysctls;
  final Steps steps;
  final Renderer renderer;
  /** Whether attachments are there that the other rendering made. */
  boolean switching;
  private final RandomGenerator random;
  private final Map<MacAddress, Integer> knownEnis = new HashMap<>();
  private int nextIndex;

  HostContext(Netns node, Renderer renderer, RandomGenerator random, Steps steps) {
    this.renderer = renderer;
    this.node = node;
    this.routes = RouteSocket.open(node);
    this.sysctls = Sysctls.of(node);
    this.random = random;
    this.steps = steps;
    this.nextIndex = random.nextInt(INDEXES);
  }

  /**
   * An index far above those that the kernel gives out itself. One after the other, since the kernel keeps them in a tree that wants
   * neighbours (dev_index_reserve in net/core/dev.c).
   */
  int newIndex() {
    nextIndex = (nextIndex + 1) % INDEXES;
    return LEAST_INDEX + nextIndex;
  }

  /** Starts again at another place, after a collision. */
  int otherIndex() {
    nextIndex = random.nextInt(INDEXES);
    return newIndex();
  }

  /** A locally administered unicast address of 46 random bits. */
  dev.patchbay.netlink.MacAddress newMac() {
    return new dev.patchbay.netlink.MacAddress(random.nextLong() & 0xfcff_ffff_ffffL | 0x0200_0000_0000L);
  }

  /** The device of an interface of the instance, if it is there. */
  Optional<Link> eniDevice(EniPath eni) {
    Integer known = knownEnis.get(eni.mac());
    if (known != null) {
      Optional<Link> link = routes.link(known).filter(l -> isEniDevice(l, eni.mac()));
      if (link.isPresent()) {
        return link;
      }
    }
    Optional<Link> found = eniDevice(eni, routes.links());
    found.ifPresentOrElse(l -> knownEnis.put(eni.mac(), l.index()), () -> knownEnis.remove(eni.mac()));
    return found;
  }

  static Optional<Link> eniDevice(EniPath eni, List<Link> links) {
    return links.stream().filter(l -> isEniDevice(l, eni.mac())).findFirst();
  }

  private static boolean isEniDevice(Link link, MacAddress mac) {
    return link.mac().filter(m -> m.bits() == mac.value()).isPresent() && !STACKED.contains(link.kind()) && !isOurs(link);
  }

  /** Whether we made it. The alias says for whom; devices that we only move have one too, and are never deleted. */
  static boolean isOurs(Link link) {
    return link.group() == Numbers.GROUP || link.group() == Numbers.DYING_GROUP;
  }

  @Override
  public void close() {
    routes.close();
  }
}
