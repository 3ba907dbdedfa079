package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import org.jspecify.annotations.Nullable;

/**
 * Makes a virtual link; fails with EEXIST when the name or the index is taken. Say what it shall be, then send it; not for use
 * by several threads.
 *
 * <p>One queue each way unless told otherwise: by default a veth gets one per possible CPU, and 64 of them make its creation
 * three times as slow.
 *
 * <p>An alias can't be set at creation, the kernel ignores it there (rtnl_create_link in net/core/rtnetlink.c): put
 * {@link LinkChange#alias} into the same batch.
 */
public final class NewLink implements Request {
  private final String name;
  private final LinkKind kind;
  private int index;
  private @Nullable MacAddress mac;
  private int mtu;
  private boolean up;
  private int group;
  private int master;
  private int queues = 1;
  private @Nullable Netns namespace;

  NewLink(String name, LinkKind kind) {
    this.name = Checks.linkName(name);
    this.kind = kind;
  }

  /** Chooses the index, which then need not be asked for; it must be free. */
  public NewLink index(int index) {
    this.index = Checks.atLeast(index, 1, "link index");
    return this;
  }

  public NewLink mac(MacAddress mac) {
    this.mac = mac;
    return this;
  }

  /** In bytes. */
  public NewLink mtu(int mtu) {
    this.mtu = Checks.atLeast(mtu, 1, "mtu");
    return this;
  }

  /** Up from the start. */
  public NewLink up() {
    this.up = true;
    return this;
  }

  /** A number by which many links are deleted at once; not 0, which is everybody's. */
  public NewLink group(int group) {
    this.group = group;
    return this;
  }

  /** Makes it a port of this bridge, or a member of this VRF, at once. */
  public NewLink master(int index) {
    this.master = Checks.atLeast(index, 1, "master's index");
    return this;
  }

  /** How many transmit and receive queues. */
  public NewLink queues(int queues) {
    this.queues = Checks.within(queues, 1, 4096, "number of queues");
    return this;
  }

  /** Makes it in this namespace, which must stay open until the request is sent. */
  public NewLink namespace(Netns namespace) {
    this.namespace = namespace;
    return this;
  }

  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_NEWLINK, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL);
    int header = writer.header(IfInfoMsg.SIZE);
    int flags = up ? RouteConstants.IFF_UP : 0;
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, flags, flags);
    LinkAttributes.common(writer, name, mac, mtu, namespace);
    LinkAttributes.queues(writer, queues);
    if (group != 0) {
      writer.putU32(RouteConstants.IFLA_GROUP, group);
    }
    if (master != 0) {
      writer.putU32(RouteConstants.IFLA_MASTER, master);
    }
    if (kind.parent() != 0) {
      writer.putU32(RouteConstants.IFLA_LINK, kind.parent());
    }
    LinkKind.write(writer, kind);
  }

  @Override
  public String describe() {
    return "create " + kind.word() + " link " + name + (index == 0 ? "" : " with index " + index)
        + (namespace == null ? "" : " in " + namespace);
  }
}
