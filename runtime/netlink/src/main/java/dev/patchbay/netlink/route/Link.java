package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Optional;

/**
 * A link as it is.
 *
 * @param index unique in its namespace
 * @param name unique in its namespace
 * @param kind the kernel's word, for example {@code veth}; empty for hardware and lo
 * @param mac empty where link addresses are not six bytes long
 * @param mtu in bytes
 * @param flags {@code IFF_*} bits
 * @param master index of the bridge or VRF it belongs to, or 0
 * @param parent index of the link it sits on, or of a veth's other end, or 0
 * @param parentNamespace id of the namespace in which that index holds, or -1 for this link's own
 * @param group 0 unless one was given
 * @param alias empty unless one was given
 * @param vlan id of a VLAN link, or -1
 * @param transmitQueues number of queues
 * @param receiveQueues number of queues
 */
public record Link(
    int index,
    String name,
    String kind,
    Optional<MacAddress> mac,
    int mtu,
    int flags,
    int master,
    int parent,
    int parentNamespace,
    int group,
    String alias,
    int vlan,
    int transmitQueues,
    int receiveQueues) {
  /** Whether it is set up, by whoever administers it. */
  public boolean isUp() {
    return (flags & RouteConstants.IFF_UP) != 0;
  }

  /** Whether it can carry packets: up, and a cable or a peer that is up. */
  public boolean isRunning() {
    return (flags & RouteConstants.IFF_RUNNING) != 0;
  }
}
