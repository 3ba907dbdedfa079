package dev.patchbay.netlink.conntrack;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.ConntrackConstants;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;

/** Messages to ctnetlink. */
sealed interface ConntrackRequest extends Request {
  /** Asks for all connections of a family. */
  record Dump(Family family) implements ConntrackRequest {
    @Override
    public void encode(MessageWriter writer) {
      header(writer, ConntrackConstants.IPCTNL_MSG_CT_GET, NetlinkConstants.NLM_F_DUMP, family);
    }

    @Override
    public String describe() {
      return "list " + family + " connections";
    }
  }

  /**
   * Deletes one connection.
   *
   * @param tuple the original direction as it was read
   * @param zone of the connection
   * @param id so that a newer connection of the same addresses and ports is spared
   */
  record Delete(Family family, byte[] tuple, int zone, int id) implements ConntrackRequest {
    @Override
    public void encode(MessageWriter writer) {
      header(writer, ConntrackConstants.IPCTNL_MSG_CT_DELETE, 0, family);
      writer.putBytes(ConntrackConstants.CTA_TUPLE_ORIG | NetlinkConstants.NLA_F_NESTED, tuple);
      if (zone != 0) {
        writer.putU16BigEndian(ConntrackConstants.CTA_ZONE, zone);
      }
      writer.putU32BigEndian(ConntrackConstants.CTA_ID, id);
    }

    @Override
    public String describe() {
      return "delete a connection";
    }
  }

  /**
   * Sets bits of one connection's mark.
   *
   * @param tuple the original direction as it was read
   * @param zone of the connection
   * @param mark the bits that are set
   * @param mask the bits that are meant
   */
  record Mark(Family family, byte[] tuple, int zone, int mark, int mask) implements ConntrackRequest {
    @Override
    public void encode(MessageWriter writer) {
      header(writer, ConntrackConstants.IPCTNL_MSG_CT_NEW, 0, family);
      writer.putBytes(ConntrackConstants.CTA_TUPLE_ORIG | NetlinkConstants.NLA_F_NESTED, tuple);
      if (zone != 0) {
        writer.putU16BigEndian(ConntrackConstants.CTA_ZONE, zone);
      }
      writer.putU32BigEndian(ConntrackConstants.CTA_MARK, mark);
      writer.putU32BigEndian(ConntrackConstants.CTA_MARK_MASK, mask);
    }

    @Override
    public String describe() {
      return "mark a connection";
    }
  }

  private static void header(MessageWriter writer, int type, int flags, Family family) {
    writer.begin(NftConstants.NFNL_SUBSYS_CTNETLINK << 8 | type, flags);
    int header = writer.header(NfGenMsg.SIZE);
    NfGenMsg.write(writer.memory(), header, family.number(), NftConstants.NFNETLINK_V0, 0);
  }
}
