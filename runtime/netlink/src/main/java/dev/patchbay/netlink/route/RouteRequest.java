package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.RouteConstants;
import dev.patchbay.netlink.sys.RtMsg;

/** Writes a route. */
record RouteRequest(String verb, Route route, int type, int flags) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    IpPrefix destination = route.destination();
    int table = route.table();
    writer.begin(type, flags);
    int header = writer.header(RtMsg.SIZE);
    RtMsg.write(
        writer.memory(),
        header,
        destination.family().number(),
        destination.length(),
        0,
        0,
        // The header has one byte for the table; the attribute has all of it.
        table > 0 && table < 256 ? table : RouteConstants.RT_TABLE_UNSPEC,
        route.protocol(),
        route.scope(),
        route.type().number(),
        route.isOnlink() ? RouteConstants.RTNH_F_ONLINK : 0);
    if (destination.length() > 0) {
      writer.putAddress(RouteConstants.RTA_DST, destination.address());
    }
    writer.putU32(RouteConstants.RTA_TABLE, table);
    if (route.linkIndex() != 0) {
      writer.putU32(RouteConstants.RTA_OIF, route.linkIndex());
    }
    if (route.metric() != 0) {
      writer.putU32(RouteConstants.RTA_PRIORITY, route.metric());
    }
    route.gateway().ifPresent(gateway -> writer.putAddress(RouteConstants.RTA_GATEWAY, gateway));
    route.preferredSource().ifPresent(source -> writer.putAddress(RouteConstants.RTA_PREFSRC, source));
    if (route.mtu() != 0) {
      int metrics = writer.beginNest(RouteConstants.RTA_METRICS);
      writer.putU32(RouteConstants.RTAX_MTU, route.mtu());
      writer.endNest(metrics);
    }
  }

  @Override
  public String describe() {
    return verb + (route.family() == Family.IPV4 ? "route " : "IPv6 route ") + route;
  }
}
