package dev.patchbay.netlink.route;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import dev.patchbay.netlink.sys.RtGenMsg;
import java.util.function.Consumer;

/** Asks for the id of another namespace (include/uapi/linux/net_namespace.h). */
record NamespaceIdQuery(Netns other) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_GETNSID, 0);
    int header = writer.header(RtGenMsg.SIZE);
    RtGenMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC);
    writer.putU32(RouteConstants.NETNSA_FD, other.fd());
  }

  static void decode(Message message, Consumer<Integer> into) {
    AttributeReader attributes = message.attributes(RtGenMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == RouteConstants.NETNSA_NSID && attributes.u32() >= 0) {
        into.accept(attributes.u32());
      }
    }
  }

  @Override
  public String describe() {
    return "read the id of " + other;
  }
}
