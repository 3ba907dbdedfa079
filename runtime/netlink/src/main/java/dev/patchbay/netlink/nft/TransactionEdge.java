package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;
import java.nio.ByteOrder;

/** The message that opens or closes a transaction; it names the subsystem, in network byte order. */
enum TransactionEdge implements Request {
  BEGIN(NftConstants.NFNL_MSG_BATCH_BEGIN, "commit an nftables transaction"),
  END(NftConstants.NFNL_MSG_BATCH_END, "end an nftables transaction");

  private final int type;
  private final String description;

  TransactionEdge(int type, String description) {
    this.type = type;
    this.description = description;
  }

  @Override
  public void encode(MessageWriter writer) {
    writer.begin(type, 0);
    int header = writer.header(NfGenMsg.SIZE);
    NfGenMsg.write(
        writer.memory(), header, NetlinkConstants.AF_UNSPEC, NftConstants.NFNETLINK_V0, bigEndian(NftConstants.NFNL_SUBSYS_NFTABLES));
  }

  private static int bigEndian(int number) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little ? Short.toUnsignedInt(Short.reverseBytes((short) number)) : number;
  }

  @Override
  public String describe() {
    return description;
  }
}
