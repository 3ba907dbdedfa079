package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.sys.RouteConstants;
import org.jspecify.annotations.Nullable;

/** Attributes that new links, their peers and changes of links share. */
final class LinkAttributes {
  private LinkAttributes() {}

  static void common(
      MessageWriter writer, @Nullable String name, @Nullable MacAddress mac, int mtu, @Nullable Netns namespace) {
    if (name != null) {
      writer.putString(RouteConstants.IFLA_IFNAME, name);
    }
    if (mac != null) {
      writer.putMac(RouteConstants.IFLA_ADDRESS, mac);
    }
    if (mtu != 0) {
      writer.putU32(RouteConstants.IFLA_MTU, mtu);
    }
    if (namespace != null) {
      writer.putU32(RouteConstants.IFLA_NET_NS_FD, namespace.fd());
    }
  }

  static void queues(MessageWriter writer, int queues) {
    writer.putU32(RouteConstants.IFLA_NUM_TX_QUEUES, queues);
    writer.putU32(RouteConstants.IFLA_NUM_RX_QUEUES, queues);
  }
}
