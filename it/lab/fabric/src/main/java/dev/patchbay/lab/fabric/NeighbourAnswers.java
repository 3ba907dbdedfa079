package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The last step of turning a neighbour solicitation into the advertisement that answers it: flags and the option with the
 * router's link-layer address (RFC 4861, 4.4). The steps before are in vpc.nft; this one writes bytes for which the
 * {@code nft} command knows no field, and so would leave the checksum as it was.
 *
 * <p>The kernel's own proxy (proxy_ndp) needs an entry for each address, and so can't answer for a prefix of 2^48 addresses.
 */
final class NeighbourAnswers implements Request {
  /** Solicited, override. */
  private static final byte[] FLAGS = {0x60, 0, 0, 0};

  // include/uapi/linux/netfilter/nf_tables.h and nfnetlink.h
  private static final int NEW_RULE = 10 << 8 | 6;
  private static final int NLM_F_CREATE_APPEND = 0x400 | 0x800;
  private static final byte NFPROTO_INET = 1;
  private static final int NFTA_RULE_TABLE = 1;
  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_RULE_EXPRESSIONS = 4;
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_EXPR_NAME = 1;
  private static final int NFTA_EXPR_DATA = 2;
  private static final int NFTA_IMMEDIATE_DREG = 1;
  private static final int NFTA_IMMEDIATE_DATA = 2;
  private static final int NFTA_DATA_VALUE = 1;
  private static final int NFTA_PAYLOAD_BASE = 2;
  private static final int NFTA_PAYLOAD_OFFSET = 3;
  private static final int NFTA_PAYLOAD_LEN = 4;
  private static final int NFTA_PAYLOAD_SREG = 5;
  private static final int NFTA_PAYLOAD_CSUM_TYPE = 6;
  private static final int NFTA_PAYLOAD_CSUM_OFFSET = 7;
  private static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;
  private static final int NFT_PAYLOAD_CSUM_INET = 1;
  private static final int NFT_REG_1 = 1;

  private static final int ICMPV6_CHECKSUM = 2;
  private static final int ADVERTISEMENT_FLAGS = 4;
  private static final int ADVERTISEMENT_OPTION = 24;

  private final String table;
  private final String chain;
  private final MacAddress router;

  NeighbourAnswers(String table, String chain, MacAddress router) {
    this.table = table;
    this.chain = chain;
    this.router = router;
  }

  @Override
  public void encode(MessageWriter writer) {
    writer.begin(NEW_RULE, NLM_F_CREATE_APPEND);
    // struct nfgenmsg: family, version, resource id.
    writer.header(new byte[] {NFPROTO_INET, 0, 0, 0});
    writer.putString(NFTA_RULE_TABLE, table);
    writer.putString(NFTA_RULE_CHAIN, chain);
    int expressions = writer.beginNest(NFTA_RULE_EXPRESSIONS);
    write(writer, ADVERTISEMENT_FLAGS, FLAGS);
    // Type 2, target link-layer address; length 1, in units of eight bytes.
    write(writer, ADVERTISEMENT_OPTION, ByteBuffer.allocate(8).putLong(2L << 56 | 1L << 48 | router.bits()).array());
    writer.endNest(expressions);
  }

  @Override
  public String describe() {
    return "add the rule that completes neighbour advertisements to chain " + chain;
  }

  private static void write(MessageWriter writer, int offset, byte[] value) {
    expression(
        writer,
        "immediate",
        data -> {
          data.putU32BigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_1);
          int nest = data.beginNest(NFTA_IMMEDIATE_DATA);
          data.putBytes(NFTA_DATA_VALUE, value);
          data.endNest(nest);
        });
    expression(
        writer,
        "payload",
        data -> {
          data.putU32BigEndian(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
          data.putU32BigEndian(NFTA_PAYLOAD_OFFSET, offset);
          data.putU32BigEndian(NFTA_PAYLOAD_LEN, value.length);
          data.putU32BigEndian(NFTA_PAYLOAD_SREG, NFT_REG_1);
          data.putU32BigEndian(NFTA_PAYLOAD_CSUM_TYPE, NFT_PAYLOAD_CSUM_INET);
          data.putU32BigEndian(NFTA_PAYLOAD_CSUM_OFFSET, ICMPV6_CHECKSUM);
        });
  }

  private static void expression(MessageWriter writer, String name, Consumer<MessageWriter> attributes) {
    int element = writer.beginNest(NFTA_LIST_ELEM);
    writer.putString(NFTA_EXPR_NAME, name);
    int data = writer.beginNest(NFTA_EXPR_DATA);
    attributes.accept(writer);
    writer.endNest(data);
    writer.endNest(element);
  }
}
