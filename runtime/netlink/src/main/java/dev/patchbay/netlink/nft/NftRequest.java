package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.function.Consumer;

/** An nfnetlink message: header, and attributes by a function. */
record NftRequest(String description, int type, int flags, int family, Consumer<MessageWriter> attributes) implements Request {
  static final int CREATE = NetlinkConstants.NLM_F_CREATE;
  static final int EXCLUSIVE = NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL;

  @Override
  public void encode(MessageWriter writer) {
    writer.begin(NftConstants.NFNL_SUBSYS_NFTABLES << 8 | type, flags);
    int header = writer.header(NfGenMsg.SIZE);
    NfGenMsg.write(writer.memory(), header, family, NftConstants.NFNETLINK_V0, 0);
    attributes.accept(writer);
  }

  @Override
  public String describe() {
    return description;
  }
}
