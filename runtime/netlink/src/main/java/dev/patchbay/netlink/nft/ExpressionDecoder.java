package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads expressions back. What this library would not have written itself becomes {@link Expression.Unknown}. */
final class ExpressionDecoder {
  private final String name;
  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, Value> values = new HashMap<>();
  private final Map<Integer, Verdict> verdicts = new HashMap<>();
  private String set = "";
  private String extension = "";
  private Value extensionData = Value.bytes();

  private ExpressionDecoder(String name) {
    this.name = name;
  }

  static List<Expression> decode(AttributeReader list) {
    List<Expression> expressions = new ArrayList<>();
    while (list.next()) {
      AttributeReader element = list.nested();
      String name = "";
      Expression expression = new Expression.Unknown("");
      while (element.next()) {
        if (element.type() == NftConstants.NFTA_EXPR_NAME) {
          name = element.string();
          expression = new ExpressionDecoder(name).body();
        } else if (element.type() == NftConstants.NFTA_EXPR_DATA) {
          ExpressionDecoder decoder = new ExpressionDecoder(name);
          decoder.read(element.nested());
          expression = decoder.body();
        }
      }
      expressions.add(expression);
    }
    return expressions;
  }

  private void read(AttributeReader data) {
    while (data.next()) {
      int type = data.type();
      if (holdsData(type)) {
        readData(type, data.nested());
      } else if (name.equals("lookup") && type == NftConstants.NFTA_LOOKUP_SET) {
        set = data.string();
      } else if (isExtension() && type == NftConstants.NFTA_MATCH_NAME) {
        extension = data.string();
      } else if (isExtension() && type == NftConstants.NFTA_MATCH_INFO) {
        extensionData = Value.bytes(data.bytes());
      } else if (data.length() == 1) {
        numbers.put(type, (long) data.u8());
      } else if (data.length() == 4) {
        numbers.put(type, Integer.toUnsignedLong(data.u32BigEndian()));
      } else if (data.length() == 8) {
        numbers.put(type, data.u64BigEndian());
      }
    }
  }

  private boolean isExtension() {
    return name.equals("match") || name.equals("target");
  }

  private boolean holdsData(int type) {
    return switch (name) {
      case "cmp" -> type == NftConstants.NFTA_CMP_DATA;
      case "range" -> type == NftConstants.NFTA_RANGE_FROM_DATA || type == NftConstants.NFTA_RANGE_TO_DATA;
      case "bitwise" -> type == NftConstants.NFTA_BITWISE_MASK || type == NftConstants.NFTA_BITWISE_XOR;
      case "immediate" -> type == NftConstants.NFTA_IMMEDIATE_DATA;
      default -> false;
    };
  }

  private void readData(int type, AttributeReader data) {
    while (data.next()) {
      if (data.type() == NftConstants.NFTA_DATA_VALUE) {
        values.put(type, Value.bytes(data.bytes()));
      } else if (data.type() == NftConstants.NFTA_DATA_VERDICT) {
        verdicts.put(type, NftData.verdict(data.nested()));
      }
    }
  }

  private Expression body() {
    Expression unknown = new Expression.Unknown(name);
    return switch (name) {
      case "payload" ->
          has(NftConstants.NFTA_PAYLOAD_DREG)
                  && number(NftConstants.NFTA_PAYLOAD_BASE) <= NftConstants.NFT_PAYLOAD_TRANSPORT_HEADER
              ? new Expression.Payload(
                  Expression.Header.values()[number(NftConstants.NFTA_PAYLOAD_BASE)],
                  number(NftConstants.NFTA_PAYLOAD_OFFSET),
                  number(NftConstants.NFTA_PAYLOAD_LEN),
                  register(NftConstants.NFTA_PAYLOAD_DREG))
              : unknown;
      case "meta" -> meta(unknown);
      case "ct" -> connection(unknown);
      case "cmp" -> {
        Value value = values.get(NftConstants.NFTA_CMP_DATA);
        yield value == null
            ? unknown
            : new Expression.Compare(
                register(NftConstants.NFTA_CMP_SREG),
                Expression.Comparison.values()[number(NftConstants.NFTA_CMP_OP)],
                value);
      }
      case "range" -> {
        Value from = values.get(NftConstants.NFTA_RANGE_FROM_DATA);
        Value to = values.get(NftConstants.NFTA_RANGE_TO_DATA);
        yield from == null || to == null
            ? unknown
            : new Expression.Range(
                register(NftConstants.NFTA_RANGE_SREG),
                number(NftConstants.NFTA_RANGE_OP) == NftConstants.NFT_RANGE_NEQ,
                from,
                to);
      }
      case "bitwise" -> {
        Value mask = values.get(NftConstants.NFTA_BITWISE_MASK);
        Value xor = values.get(NftConstants.NFTA_BITWISE_XOR);
        yield mask == null || xor == null
            ? unknown
            : new Expression.Bitwise(
                register(NftConstants.NFTA_BITWISE_SREG), register(NftConstants.NFTA_BITWISE_DREG), mask, xor);
      }
      case "immediate" -> {
        Value value = values.get(NftConstants.NFTA_IMMEDIATE_DATA);
        Verdict verdict = verdicts.get(NftConstants.NFTA_IMMEDIATE_DATA);
        yield verdict != null
            ? new Expression.Decide(verdict)
            : value != null ? new Expression.Immediate(register(NftConstants.NFTA_IMMEDIATE_DREG), value) : unknown;
      }
      case "lookup" ->
          new Expression.Lookup(
              set,
              register(NftConstants.NFTA_LOOKUP_SREG),
              optionalRegister(NftConstants.NFTA_LOOKUP_DREG),
              number(NftConstants.NFTA_LOOKUP_FLAGS) != 0);
      case "fib" -> fib(unknown);
      case "nat" -> nat(unknown);
      case "masq" -> new Expression.Masquerade(number(NftConstants.NFTA_MASQ_FLAGS));
      case "counter" ->
          new Expression.Counter(
              numbers.getOrDefault(NftConstants.NFTA_COUNTER_PACKETS, 0L),
              numbers.getOrDefault(NftConstants.NFTA_COUNTER_BYTES, 0L));
      case "limit" ->
          new Expression.Limit(
              numbers.getOrDefault(NftConstants.NFTA_LIMIT_RATE, 0L),
              numbers.getOrDefault(NftConstants.NFTA_LIMIT_UNIT, 0L),
              number(NftConstants.NFTA_LIMIT_BURST),
              number(NftConstants.NFTA_LIMIT_TYPE) == NftConstants.NFT_LIMIT_PKT_BYTES,
              number(NftConstants.NFTA_LIMIT_FLAGS) != 0);
      case "reject" ->
          new Expression.Reject(number(NftConstants.NFTA_REJECT_TYPE), number(NftConstants.NFTA_REJECT_ICMP_CODE));
      case "notrack" -> new Expression.NoTrack();
      case "match" -> new Expression.Match(extension, number(NftConstants.NFTA_MATCH_REV), extensionData);
      case "target" -> new Expression.Target(extension, number(NftConstants.NFTA_MATCH_REV), extensionData);
      default -> unknown;
    };
  }

  private Expression meta(Expression unknown) {
    for (Expression.MetaKey key : Expression.MetaKey.values()) {
      if (key.number == number(NftConstants.NFTA_META_KEY)) {
        return has(NftConstants.NFTA_META_SREG)
            ? new Expression.SetMeta(key, register(NftConstants.NFTA_META_SREG))
            : new Expression.Meta(key, register(NftConstants.NFTA_META_DREG));
      }
    }
    return unknown;
  }

  private Expression connection(Expression unknown) {
    for (Expression.ConnectionKey key : Expression.ConnectionKey.values()) {
      if (key.number == number(NftConstants.NFTA_CT_KEY)) {
        return has(NftConstants.NFTA_CT_SREG)
            ? new Expression.SetConnection(key, register(NftConstants.NFTA_CT_SREG))
            : new Expression.Connection(key, register(NftConstants.NFTA_CT_DREG));
      }
    }
    return unknown;
  }

  private Expression fib(Expression unknown) {
    for (Expression.FibResult result : Expression.FibResult.values()) {
      if (result.number == number(NftConstants.NFTA_FIB_RESULT)) {
        return new Expression.Fib(
            result, number(NftConstants.NFTA_FIB_FLAGS), register(NftConstants.NFTA_FIB_DREG));
      }
    }
    return unknown;
  }

  private Expression nat(Expression unknown) {
    OptionalInt address = optionalRegister(NftConstants.NFTA_NAT_REG_ADDR_MIN);
    OptionalInt port = optionalRegister(NftConstants.NFTA_NAT_REG_PROTO_MIN);
    // The kernel shows the end of a range also where it is the beginning, and the bits that follow from the registers.
    boolean addressRange = !optionalRegister(NftConstants.NFTA_NAT_REG_ADDR_MAX).equals(address);
    boolean portRange = !optionalRegister(NftConstants.NFTA_NAT_REG_PROTO_MAX).equals(port);
    if (has(NftConstants.NFTA_NAT_REG_ADDR_MAX) && addressRange || has(NftConstants.NFTA_NAT_REG_PROTO_MAX) && portRange) {
      return unknown;
    }
    int implied =
        (address.isPresent() ? NftConstants.NF_NAT_RANGE_MAP_IPS : 0)
            | (port.isPresent() ? NftConstants.NF_NAT_RANGE_PROTO_SPECIFIED : 0);
    return new Expression.Nat(
        number(NftConstants.NFTA_NAT_TYPE) == NftConstants.NFT_NAT_DNAT,
        number(NftConstants.NFTA_NAT_FAMILY) == NftConstants.NFPROTO_IPV6,
        address,
        port,
        number(NftConstants.NFTA_NAT_FLAGS) & ~implied);
  }

  private boolean has(int type) {
    return numbers.containsKey(type);
  }

  private int number(int type) {
    return numbers.getOrDefault(type, 0L).intValue();
  }

  private OptionalInt optionalRegister(int type) {
    return has(type) ? OptionalInt.of(register(type)) : OptionalInt.empty();
  }

  /** The kernel shows registers at multiples of 16 bytes by their old numbers, 1 to 4 (nft_dump_register). */
  private int register(int type) {
    int number = number(type);
    if (number == NftConstants.NFT_REG_VERDICT) {
      return Expression.Lookup.VERDICT;
    }
    return number >= NftConstants.NFT_REG32_00 ? number - NftConstants.NFT_REG32_00 : (number - NftConstants.NFT_REG_1) * 4;
  }
}
