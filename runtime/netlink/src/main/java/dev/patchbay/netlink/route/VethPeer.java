package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a veth, made in the same request. It can't be up from the start (the kernel answers ENOTCONN, since it has
 * no peer yet at that moment): set it up from its own namespace.
 */
public final class VethPeer {
  private final String name;
  private int index;
  private @Nullable MacAddress mac;
  private int mtu;
  private int group;
  private int queues = 1;
  private @Nullable Netns namespace;

  VethPeer(String name) {
    this.name = Checks.linkName(name);
  }

  /** Chooses the index within the peer's namespace. */
  public VethPeer index(int index) {
    this.index = Checks.atLeast(index, 1, "link index");
    return this;
  }

  public VethPeer mac(MacAddress mac) {
    this.mac = mac;
    return this;
  }

  /** In bytes. */
  public VethPeer mtu(int mtu) {
    this.mtu = Checks.atLeast(mtu, 1, "mtu");
    return this;
  }

  public VethPeer group(int group) {
    this.group = group;
    return this;
  }

  /** How many transmit and receive queues. */
  public VethPeer queues(int queues) {
    this.queues = Checks.within(queues, 1, 4096, "number of queues");
    return this;
  }

  /** Makes this end in a namespace, which must stay open until the request is sent. */
  public VethPeer namespace(Netns namespace) {
    this.namespace = namespace;
    return this;
  }

  void encode(MessageWriter writer) {
    int peer = writer.beginNest(RouteConstants.VETH_INFO_PEER);
    int header = writer.header(IfInfoMsg.SIZE);
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, 0, 0);
    LinkAttributes.common(writer, name, mac, mtu, namespace);
    LinkAttributes.queues(writer, queues);
    if (group != 0) {
      writer.putU32(RouteConstants.IFLA_GROUP, group);
    }
    writer.endNest(peer);
  }
}
