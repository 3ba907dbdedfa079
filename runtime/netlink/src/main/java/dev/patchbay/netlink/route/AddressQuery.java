package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfAddrMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;

/** Asks for the addresses of a link, or of all for index 0. */
record AddressQuery(int linkIndex) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_GETADDR, NetlinkConstants.NLM_F_DUMP);
    int header = writer.header(IfAddrMsg.SIZE);
    IfAddrMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, 0, 0, linkIndex);
  }

  @Override
  public String describe() {
    return linkIndex == 0 ? "list addresses" : "list addresses of link #" + linkIndex;
  }
}
