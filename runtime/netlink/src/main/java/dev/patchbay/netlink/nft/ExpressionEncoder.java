package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;

/** Writes expressions. */
final class ExpressionEncoder {
  private ExpressionEncoder() {}

  static void encode(MessageWriter writer, List<Expression> expressions) {
    int list = writer.beginNest(NftConstants.NFTA_RULE_EXPRESSIONS);
    for (Expression expression : expressions) {
      int element = writer.beginNest(NftConstants.NFTA_LIST_ELEM);
      writer.putString(NftConstants.NFTA_EXPR_NAME, name(expression));
      int data = writer.beginNest(NftConstants.NFTA_EXPR_DATA);
      body(writer, expression);
      writer.endNest(data);
      writer.endNest(element);
    }
    writer.endNest(list);
  }

  static String name(Expression expression) {
    return switch (expression) {
      case Expression.Payload ignored -> "payload";
      case Expression.Meta ignored -> "meta";
      case Expression.SetMeta ignored -> "meta";
      case Expression.Connection ignored -> "ct";
      case Expression.SetConnection ignored -> "ct";
      case Expression.Compare ignored -> "cmp";
      case Expression.Range ignored -> "range";
      case Expression.Bitwise ignored -> "bitwise";
      case Expression.Immediate ignored -> "immediate";
      case Expression.Decide ignored -> "immediate";
      case Expression.Lookup ignored -> "lookup";
      case Expression.Fib ignored -> "fib";
      case Expression.Nat ignored -> "nat";
      case Expression.Masquerade ignored -> "masq";
      case Expression.Counter ignored -> "counter";
      case Expression.Limit ignored -> "limit";
      case Expression.Reject ignored -> "reject";
      case Expression.NoTrack ignored -> "notrack";
      case Expression.Match ignored -> "match";
      case Expression.Target ignored -> "target";
      case Expression.Unknown unknown -> unknown.name();
    };
  }

  private static void body(MessageWriter writer, Expression expression) {
    switch (expression) {
      case Expression.Payload(Expression.Header header, int offset, int length, int register) -> {
        register(writer, NftConstants.NFTA_PAYLOAD_DREG, register);
        writer.putU32BigEndian(NftConstants.NFTA_PAYLOAD_BASE, header.number);
        writer.putU32BigEndian(NftConstants.NFTA_PAYLOAD_OFFSET, offset);
        writer.putU32BigEndian(NftConstants.NFTA_PAYLOAD_LEN, length);
      }
      case Expression.Meta(Expression.MetaKey key, int register) -> {
        writer.putU32BigEndian(NftConstants.NFTA_META_KEY, key.number);
        register(writer, NftConstants.NFTA_META_DREG, register);
      }
      case Expression.SetMeta(Expression.MetaKey key, int register) -> {
        writer.putU32BigEndian(NftConstants.NFTA_META_KEY, key.number);
        register(writer, NftConstants.NFTA_META_SREG, register);
      }
      case Expression.Connection(Expression.ConnectionKey key, int register) -> {
        writer.putU32BigEndian(NftConstants.NFTA_CT_KEY, key.number);
        register(writer, NftConstants.NFTA_CT_DREG, register);
      }
      case Expression.SetConnection(Expression.ConnectionKey key, int register) -> {
        writer.putU32BigEndian(NftConstants.NFTA_CT_KEY, key.number);
        register(writer, NftConstants.NFTA_CT_SREG, register);
      }
      case Expression.Compare(int register, Expression.Comparison comparison, Value value) -> {
        register(writer, NftConstants.NFTA_CMP_SREG, register);
        writer.putU32BigEndian(NftConstants.NFTA_CMP_OP, comparison.number);
        NftData.put(writer, NftConstants.NFTA_CMP_DATA, value);
      }
      case Expression.Range(int register, boolean inverted, Value from, Value to) -> {
        register(writer, NftConstants.NFTA_RANGE_SREG, register);
        writer.putU32BigEndian(
            NftConstants.NFTA_RANGE_OP, inverted ? NftConstants.NFT_RANGE_NEQ : NftConstants.NFT_RANGE_EQ);
        NftData.put(writer, NftConstants.NFTA_RANGE_FROM_DATA, from);
        NftData.put(writer, NftConstants.NFTA_RANGE_TO_DATA, to);
      }
      case Expression.Bitwise(int source, int target, Value mask, Value xor) -> {
        register(writer, NftConstants.NFTA_BITWISE_SREG, source);
        register(writer, NftConstants.NFTA_BITWISE_DREG, target);
        writer.putU32BigEndian(NftConstants.NFTA_BITWISE_LEN, mask.length());
        NftData.put(writer, NftConstants.NFTA_BITWISE_MASK, mask);
        NftData.put(writer, NftConstants.NFTA_BITWISE_XOR, xor);
      }
      case Expression.Immediate(int register, Value value) -> {
        register(writer, NftConstants.NFTA_IMMEDIATE_DREG, register);
        NftData.put(writer, NftConstants.NFTA_IMMEDIATE_DATA, value);
      }
      case Expression.Decide(Verdict verdict) -> {
        writer.putU32BigEndian(NftConstants.NFTA_IMMEDIATE_DREG, NftConstants.NFT_REG_VERDICT);
        NftData.put(writer, NftConstants.NFTA_IMMEDIATE_DATA, verdict);
      }
      case Expression.Lookup lookup -> lookup(writer, lookup);
      case Expression.Fib(Expression.FibResult result, int flags, int register) -> {
        register(writer, NftConstants.NFTA_FIB_DREG, register);
        writer.putU32BigEndian(NftConstants.NFTA_FIB_RESULT, result.number);
        writer.putU32BigEndian(NftConstants.NFTA_FIB_FLAGS, flags);
      }
      case Expression.Nat nat -> nat(writer, nat);
      case Expression.Masquerade(int flags) -> {
        if (flags != 0) {
          writer.putU32BigEndian(NftConstants.NFTA_MASQ_FLAGS, flags);
        }
      }
      case Expression.Counter(long packets, long bytes) -> {
        writer.putU64BigEndian(NftConstants.NFTA_COUNTER_BYTES, bytes);
        writer.putU64BigEndian(NftConstants.NFTA_COUNTER_PACKETS, packets);
      }
      case Expression.Limit(long rate, long unitSeconds, int burst, boolean bytes, boolean over) -> {
        writer.putU64BigEndian(NftConstants.NFTA_LIMIT_RATE, rate);
        writer.putU64BigEndian(NftConstants.NFTA_LIMIT_UNIT, unitSeconds);
        writer.putU32BigEndian(NftConstants.NFTA_LIMIT_BURST, burst);
        writer.putU32BigEndian(
            NftConstants.NFTA_LIMIT_TYPE, bytes ? NftConstants.NFT_LIMIT_PKT_BYTES : NftConstants.NFT_LIMIT_PKTS);
        writer.putU32BigEndian(NftConstants.NFTA_LIMIT_FLAGS, over ? NftConstants.NFT_LIMIT_F_INV : 0);
      }
      case Expression.Reject(int type, int code) -> {
        writer.putU32BigEndian(NftConstants.NFTA_REJECT_TYPE, type);
        if (type != NftConstants.NFT_REJECT_TCP_RST) {
          writer.putU8(NftConstants.NFTA_REJECT_ICMP_CODE, code);
        }
      }
      case Expression.NoTrack ignored -> {
        // Says all by its name.
      }
      case Expression.Match(String name, int revision, Value data) -> extension(writer, name, revision, data);
      case Expression.Target(String name, int revision, Value data) -> extension(writer, name, revision, data);
      case Expression.Unknown unknown ->
          throw new IllegalArgumentException("An nftables expression \"" + unknown.name() + "\" can be listed but not sent");
    }
  }

  /** The attributes of a match and of a target have the same numbers. */
  private static void extension(MessageWriter writer, String name, int revision, Value data) {
    writer.putString(NftConstants.NFTA_MATCH_NAME, name);
    writer.putU32BigEndian(NftConstants.NFTA_MATCH_REV, revision);
    writer.putBytes(NftConstants.NFTA_MATCH_INFO, data.raw());
  }

  private static void lookup(MessageWriter writer, Expression.Lookup lookup) {
    writer.putString(NftConstants.NFTA_LOOKUP_SET, lookup.set());
    register(writer, NftConstants.NFTA_LOOKUP_SREG, lookup.register());
    if (lookup.target().isPresent()) {
      int target = lookup.target().getAsInt();
      if (target == Expression.Lookup.VERDICT) {
        writer.putU32BigEndian(NftConstants.NFTA_LOOKUP_DREG, NftConstants.NFT_REG_VERDICT);
      } else {
        register(writer, NftConstants.NFTA_LOOKUP_DREG, target);
      }
    }
    if (lookup.inverted()) {
      writer.putU32BigEndian(NftConstants.NFTA_LOOKUP_FLAGS, NftConstants.NFT_LOOKUP_F_INV);
    }
  }

  private static void nat(MessageWriter writer, Expression.Nat nat) {
    writer.putU32BigEndian(
        NftConstants.NFTA_NAT_TYPE, nat.destination() ? NftConstants.NFT_NAT_DNAT : NftConstants.NFT_NAT_SNAT);
    writer.putU32BigEndian(
        NftConstants.NFTA_NAT_FAMILY, nat.ipv6() ? NftConstants.NFPROTO_IPV6 : NftConstants.NFPROTO_IPV4);
    nat.address().ifPresent(register -> register(writer, NftConstants.NFTA_NAT_REG_ADDR_MIN, register));
    nat.port().ifPresent(register -> register(writer, NftConstants.NFTA_NAT_REG_PROTO_MIN, register));
    if (nat.flags() != 0) {
      writer.putU32BigEndian(NftConstants.NFTA_NAT_FLAGS, nat.flags());
    }
  }

  private static void register(MessageWriter writer, int type, int register) {
    if (register < 0 || register > 15) {
      throw new IllegalArgumentException("nftables registers are numbered 0 to 15; there is no " + register);
    }
    writer.putU32BigEndian(type, NftConstants.NFT_REG32_00 + register);
  }
}
