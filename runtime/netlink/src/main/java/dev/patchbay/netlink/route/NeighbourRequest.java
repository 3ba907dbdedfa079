package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NdMsg;
import dev.patchbay.netlink.sys.RouteConstants;

/** Writes a neighbour. */
record NeighbourRequest(String verb, Neighbour neighbour, int type, int flags) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(type, flags);
    int header = writer.header(NdMsg.SIZE);
    NdMsg.write(
        writer.memory(),
        header,
        Family.of(neighbour.destination()).number(),
        neighbour.linkIndex(),
        neighbour.state(),
        neighbour.flags(),
        0);
    writer.putAddress(RouteConstants.NDA_DST, neighbour.destination());
    neighbour.mac().ifPresent(mac -> writer.putMac(RouteConstants.NDA_LLADDR, mac));
    if (neighbour.protocol() != 0) {
      writer.putU8(RouteConstants.NDA_PROTOCOL, neighbour.protocol());
    }
  }

  @Override
  public String describe() {
    return verb + "neighbour " + neighbour;
  }
}
