package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.conntrack.ConntrackSocket;
import dev.patchbay.spi.net.IpAddress;
import java.util.Set;

/** The kernel's connection table. */
final class ConntrackConnections implements Reaper.Connections {
  private final ConntrackSocket socket;

  ConntrackConnections(Netns node) {
    socket = ConntrackSocket.open(node);
  }

  @Override
  public void forget(Set<IpAddress> addresses) {
    socket.flush(addresses.stream().map(Kernel::address).toList());
  }

  @Override
  public void close() {
    socket.close();
  }
}
