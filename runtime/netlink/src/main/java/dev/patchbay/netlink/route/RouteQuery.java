package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import dev.patchbay.netlink.sys.RtMsg;

/** Asks for the routes of a family that pass a filter. */
record RouteQuery(Family family, RouteFilter filter) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_GETROUTE, NetlinkConstants.NLM_F_DUMP);
    int header = writer.header(RtMsg.SIZE);
    RtMsg.write(writer.memory(), header, family.number(), 0, 0, 0, 0, filter.protocol(), 0, 0, 0);
    if (filter.table() != 0) {
      writer.putU32(RouteConstants.RTA_TABLE, filter.table());
    }
    if (filter.linkIndex() != 0) {
      writer.putU32(RouteConstants.RTA_OIF, filter.linkIndex());
    }
  }

  @Override
  public String describe() {
    return "list " + family + " routes" + (filter.table() == 0 ? "" : " of table " + Integer.toUnsignedString(filter.table()));
  }
}
