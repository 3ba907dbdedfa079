package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfAddrMsg;
import dev.patchbay.netlink.sys.RouteConstants;

/** Writes an address. */
record AddressRequest(String verb, Address address, int type, int flags) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(type, flags);
    int header = writer.header(IfAddrMsg.SIZE);
    IfAddrMsg.write(
        writer.memory(),
        header,
        address.local().family().number(),
        address.local().length(),
        address.flags() & 0xff,
        address.scope(),
        address.linkIndex());
    writer.putAddress(RouteConstants.IFA_LOCAL, address.local().address());
    writer.putAddress(RouteConstants.IFA_ADDRESS, address.peer());
    if (address.flags() != 0) {
      writer.putU32(RouteConstants.IFA_FLAGS, address.flags());
    }
    if (!address.label().isEmpty()) {
      writer.putString(RouteConstants.IFA_LABEL, address.label());
    }
    if (address.protocol() != 0) {
      writer.putU8(RouteConstants.IFA_PROTO, address.protocol());
    }
  }

  @Override
  public String describe() {
    return verb + "address " + address;
  }
}
