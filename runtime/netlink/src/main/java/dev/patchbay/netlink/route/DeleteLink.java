package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;

/** Deletes by index, name or group, whichever is given. */
record DeleteLink(int index, String name, int group) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_DELLINK, 0);
    int header = writer.header(IfInfoMsg.SIZE);
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, 0, 0);
    if (!name.isEmpty()) {
      writer.putString(RouteConstants.IFLA_IFNAME, name);
    }
    if (group != 0) {
      writer.putU32(RouteConstants.IFLA_GROUP, group);
    }
  }

  @Override
  public String describe() {
    return group != 0 ? "delete links of group " + Integer.toUnsignedString(group) : "delete link " + (index != 0 ? "#" + index : name);
  }
}
