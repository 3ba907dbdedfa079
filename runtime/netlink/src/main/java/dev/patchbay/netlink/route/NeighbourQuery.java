package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NdMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;

/** Asks for neighbours of a link, or of all for index 0; proxy entries are a table of their own. */
record NeighbourQuery(int linkIndex, boolean proxy) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_GETNEIGH, NetlinkConstants.NLM_F_DUMP);
    int header = writer.header(NdMsg.SIZE);
    NdMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, 0, proxy ? RouteConstants.NTF_PROXY : 0, 0);
    if (linkIndex != 0) {
      writer.putU32(RouteConstants.NDA_IFINDEX, linkIndex);
    }
  }

  @Override
  public String describe() {
    return (proxy ? "list proxy neighbours" : "list neighbours") + (linkIndex == 0 ? "" : " of link #" + linkIndex);
  }
}
