package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlMsgHdr;

/** Reads what the kernel adds to an error (NETLINK_EXT_ACK, netlink(7)). */
final class ExtendedAck {
  private static final int ERROR_BYTES = 4;

  private ExtendedAck() {}

  /** The kernel's words and the offending attribute, or empty. */
  static String text(Message error) {
    int flags = error.flags();
    if ((flags & NetlinkConstants.NLM_F_ACK_TLVS) == 0) {
      return "";
    }
    boolean capped = (flags & NetlinkConstants.NLM_F_CAPPED) != 0;
    int echoed = capped ? NlMsgHdr.SIZE : NlMsgHdr.length(error.memory(), error.payload() + ERROR_BYTES);
    StringBuilder text = new StringBuilder();
    AttributeReader attributes = error.attributes(ERROR_BYTES + echoed);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NetlinkConstants.NLMSGERR_ATTR_MSG -> text.insert(0, attributes.string());
        case NetlinkConstants.NLMSGERR_ATTR_OFFS -> text.append(" (at byte ").append(attributes.u32()).append(')');
        case NetlinkConstants.NLMSGERR_ATTR_MISS_TYPE ->
            text.append(" (attribute ").append(attributes.u32()).append(" is missing)");
        default -> {
          // The policy of the attribute and cookies say nothing to people.
        }
      }
    }
    return text.toString().strip();
  }
}
