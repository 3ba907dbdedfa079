package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Map;
import java.util.TreeMap;

/** Sets options of a link as the port of a bridge, which it must be already; what is not said stays. */
public final class BridgePort implements Request {
  private final int index;
  private final Map<Integer, Boolean> options = new TreeMap<>();

  BridgePort(int index) {
    this.index = Checks.atLeast(index, 1, "link index");
  }

  /** Whether packets may leave by the port they came in. */
  public BridgePort hairpin(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_MODE, on);
  }

  /** Whether it is kept from talking to other isolated ports. */
  public BridgePort isolated(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_ISOLATED, on);
  }

  /** Whether the bridge learns addresses from it. */
  public BridgePort learning(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_LEARNING, on);
  }

  /** Whether packets for unknown addresses go out by it. */
  public BridgePort unicastFlood(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_UNICAST_FLOOD, on);
  }

  public BridgePort multicastFlood(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_MCAST_FLOOD, on);
  }

  public BridgePort broadcastFlood(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_BCAST_FLOOD, on);
  }

  /** Whether the bridge answers ARP by it from its own neighbour table instead of passing it on. */
  public BridgePort neighbourSuppression(boolean on) {
    return option(RouteConstants.IFLA_BRPORT_NEIGH_SUPPRESS, on);
  }

  private BridgePort option(int option, boolean on) {
    options.put(option, on);
    return this;
  }

  @Override
  public void encode(MessageWriter writer) {
    // Without NLM_F_CREATE it changes; RTM_SETLINK would ignore IFLA_LINKINFO (do_setlink in net/core/rtnetlink.c).
    writer.begin(RouteConstants.RTM_NEWLINK, 0);
    int header = writer.header(IfInfoMsg.SIZE);
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, 0, 0);
    int info = writer.beginNest(RouteConstants.IFLA_LINKINFO);
    writer.putString(RouteConstants.IFLA_INFO_SLAVE_KIND, "bridge");
    int data = writer.beginNest(RouteConstants.IFLA_INFO_SLAVE_DATA);
    options.forEach((option, on) -> writer.putU8(option, on ? 1 : 0));
    writer.endNest(data);
    writer.endNest(info);
  }

  @Override
  public String describe() {
    return "set options of bridge port #" + index;
  }
}
