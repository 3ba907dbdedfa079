package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.sys.NftConstants;

/** Values and verdicts as attributes (struct nft_data). */
final class NftData {
  private NftData() {}

  static void put(MessageWriter writer, int type, Value value) {
    int nest = writer.beginNest(type);
    writer.putBytes(NftConstants.NFTA_DATA_VALUE, value.raw());
    writer.endNest(nest);
  }

  static void put(MessageWriter writer, int type, Verdict verdict) {
    int nest = writer.beginNest(type);
    int inner = writer.beginNest(NftConstants.NFTA_DATA_VERDICT);
    writer.putU32BigEndian(NftConstants.NFTA_VERDICT_CODE, verdict.kind().number());
    if (!verdict.chain().isEmpty()) {
      writer.putString(NftConstants.NFTA_VERDICT_CHAIN, verdict.chain());
    }
    writer.endNest(inner);
    writer.endNest(nest);
  }

  /** A value, or nothing but an empty one when the attribute holds a verdict. */
  static Value value(AttributeReader data) {
    while (data.next()) {
      if (data.type() == NftConstants.NFTA_DATA_VALUE) {
        return Value.bytes(data.bytes());
      }
    }
    return Value.bytes();
  }

  static Verdict verdict(AttributeReader verdict) {
    int code = 0;
    String chain = "";
    while (verdict.next()) {
      if (verdict.type() == NftConstants.NFTA_VERDICT_CODE) {
        code = verdict.u32BigEndian();
      } else if (verdict.type() == NftConstants.NFTA_VERDICT_CHAIN) {
        chain = verdict.string();
      }
    }
    return new Verdict(Verdict.Kind.of(code), chain);
  }
}
