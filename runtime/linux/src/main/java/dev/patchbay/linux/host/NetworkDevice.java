package dev.patchbay.linux.host;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Set;

/**
 * A device that has a hardware address of its own: hardware, or what stands for it in a test.
 *
 * @param mac its hardware address
 * @param name its name
 * @param index its index
 * @param mtu its MTU in bytes
 * @param up whether it is set up
 */
public record NetworkDevice(MacAddress mac, String name, int index, int mtu, boolean up) {
  /** Kinds that sit on other devices and may have their hardware addresses. */
  private static final Set<String> STACKED = Set.of("vlan", "macvlan", "ipvlan", "macvtap", "ipvtap", "bridge", "bond", "team", "vrf");

  /**
   * {@return the devices of a namespace; those that sit on others are left out}
   * @param namespace the namespace; needed during this call only
   */
  public static List<NetworkDevice> all(Netns namespace) {
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      return routes.links().stream().filter(l -> l.mac().isPresent() && l.mac().get().bits() != 0 && !STACKED.contains(l.kind()))
          .map(NetworkDevice::of).toList();
    }
  }

  private static NetworkDevice of(Link link) {
    return new NetworkDevice(new MacAddress(link.mac().orElseThrow().bits()), link.name(), link.index(), link.mtu(), link.isUp());
  }
}
