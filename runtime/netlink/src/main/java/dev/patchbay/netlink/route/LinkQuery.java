package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;

/** Asks for one link or for all. Counters are left out unless wanted: they are most of a dump's bytes. */
record LinkQuery(int index, String name, boolean statistics) implements Request {
  static LinkQuery all() {
    return new LinkQuery(0, "", false);
  }

  static LinkQuery byIndex(int index) {
    return new LinkQuery(index, "", false);
  }

  static LinkQuery byName(String name) {
    return new LinkQuery(0, name, false);
  }

  static LinkQuery statistics(int index) {
    return new LinkQuery(index, "", true);
  }

  @Override
  public void encode(MessageWriter writer) {
    boolean dump = index == 0 && name.isEmpty();
    writer.begin(RouteConstants.RTM_GETLINK, dump ? NetlinkConstants.NLM_F_DUMP : 0);
    int header = writer.header(IfInfoMsg.SIZE);
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, 0, 0);
    if (!name.isEmpty()) {
      writer.putString(RouteConstants.IFLA_IFNAME, name);
    }
    if (!statistics) {
      writer.putU32(RouteConstants.IFLA_EXT_MASK, RouteConstants.RTEXT_FILTER_SKIP_STATS);
    }
  }

  @Override
  public String describe() {
    return index != 0 ? "read link #" + index : name.isEmpty() ? "list links" : "read link " + name;
  }
}
