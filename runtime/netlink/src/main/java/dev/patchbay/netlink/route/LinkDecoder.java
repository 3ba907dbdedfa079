package dev.patchbay.netlink.route;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads links out of messages. */
final class LinkDecoder {
  private String name = "";
  private String kind = "";
  private @Nullable MacAddress mac;
  private String alias = "";
  private int mtu;
  private int master;
  private int parent;
  private int parentNamespace = -1;
  private int group;
  private int vlan = -1;
  private int transmitQueues;
  private int receiveQueues;

  private LinkDecoder() {}

  static void link(Message message, Consumer<Link> into) {
    AttributeReader attributes = message.attributes(IfInfoMsg.SIZE);
    // A bridge tells of its ports under its own family, in messages that hold little else.
    if (IfInfoMsg.family(message.memory(), message.payload()) == NetlinkConstants.AF_UNSPEC) {
      into.accept(new LinkDecoder().read(message, attributes));
    }
  }

  private Link read(Message message, AttributeReader attributes) {
    while (attributes.next()) {
      switch (attributes.type()) {
        case RouteConstants.IFLA_IFNAME -> name = attributes.string();
        case RouteConstants.IFLA_ADDRESS -> mac = attributes.isMac() ? attributes.mac() : null;
        case RouteConstants.IFLA_MTU -> mtu = attributes.u32();
        case RouteConstants.IFLA_MASTER -> master = attributes.u32();
        case RouteConstants.IFLA_LINK -> parent = attributes.u32();
        case RouteConstants.IFLA_LINK_NETNSID -> parentNamespace = attributes.u32();
        case RouteConstants.IFLA_GROUP -> group = attributes.u32();
        case RouteConstants.IFLA_IFALIAS -> alias = attributes.string();
        case RouteConstants.IFLA_NUM_TX_QUEUES -> transmitQueues = attributes.u32();
        case RouteConstants.IFLA_NUM_RX_QUEUES -> receiveQueues = attributes.u32();
        case RouteConstants.IFLA_LINKINFO -> kind(attributes.nested());
        default -> {
          // A link has some sixty attributes; these are the ones of general use.
        }
      }
    }
    return new Link(
        IfInfoMsg.index(message.memory(), message.payload()),
        name,
        kind,
        Optional.ofNullable(mac),
        mtu,
        IfInfoMsg.flags(message.memory(), message.payload()),
        master,
        parent,
        parentNamespace,
        group,
        alias,
        vlan,
        transmitQueues,
        receiveQueues);
  }

  private void kind(AttributeReader information) {
    while (information.next()) {
      if (information.type() == RouteConstants.IFLA_INFO_KIND) {
        kind = information.string();
      } else if (information.type() == RouteConstants.IFLA_INFO_DATA && kind.equals("vlan")) {
        vlan(information.nested());
      }
    }
  }

  private void vlan(AttributeReader data) {
    while (data.next()) {
      if (data.type() == RouteConstants.IFLA_VLAN_ID) {
        vlan = data.u16();
      }
    }
  }

  static void statistics(Message message, Consumer<LinkStatistics> into) {
    AttributeReader attributes = message.attributes(IfInfoMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == RouteConstants.IFLA_STATS64) {
        into.accept(
            new LinkStatistics(
                attributes.u64At(0),
                attributes.u64At(1),
                attributes.u64At(2),
                attributes.u64At(3),
                attributes.u64At(4),
                attributes.u64At(5),
                attributes.u64At(6),
                attributes.u64At(7)));
      }
    }
  }
}
