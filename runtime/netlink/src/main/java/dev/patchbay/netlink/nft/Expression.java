package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;
import java.util.OptionalInt;

/**
 * One step of a rule: the kernel's own expressions, which read packets into registers, compare, look up and act. A comparison that
 * fails ends the rule. {@link RuleBuilder} puts them together for what is usual.
 *
 * <p>Registers are numbered from 0 to 15 and hold four bytes each; longer values take several in a row.
 */
public sealed interface Expression {
  /** Header from which a payload offset counts. */
  enum Header {
    LINK(NftConstants.NFT_PAYLOAD_LL_HEADER),
    NETWORK(NftConstants.NFT_PAYLOAD_NETWORK_HEADER),
    TRANSPORT(NftConstants.NFT_PAYLOAD_TRANSPORT_HEADER);

    final int number;

    Header(int number) {
      this.number = number;
    }
  }

  /** What is known of a packet beside its bytes. */
  enum MetaKey {
    MARK(NftConstants.NFT_META_MARK),
    INPUT_LINK_INDEX(NftConstants.NFT_META_IIF),
    OUTPUT_LINK_INDEX(NftConstants.NFT_META_OIF),
    INPUT_LINK(NftConstants.NFT_META_IIFNAME),
    OUTPUT_LINK(NftConstants.NFT_META_OIFNAME),
    /** Group of the interface it came in by, as in a link's {@code group}. */
    INPUT_GROUP(NftConstants.NFT_META_IIFGROUP),
    OUTPUT_GROUP(NftConstants.NFT_META_OIFGROUP),
    /** One byte: 2 for IPv4, 10 for IPv6. */
    NETWORK_PROTOCOL(NftConstants.NFT_META_NFPROTO),
    /** One byte: 6 for TCP, 17 for UDP. */
    TRANSPORT_PROTOCOL(NftConstants.NFT_META_L4PROTO);

    final int number;

    MetaKey(int number) {
      this.number = number;
    }
  }

  /** What is known of a packet's connection. */
  enum ConnectionKey {
    /** {@link ConnectionState} bits. */
    STATE(NftConstants.NFT_CT_STATE),
    /** One byte: 0 for packets that go the way of the first one, 1 for answers. */
    DIRECTION(NftConstants.NFT_CT_DIRECTION),
    /** {@code IPS_*} bits. */
    STATUS(NftConstants.NFT_CT_STATUS),
    MARK(NftConstants.NFT_CT_MARK);

    final int number;

    ConnectionKey(int number) {
      this.number = number;
    }
  }

  /** How to compare, as bytes from the first on. */
  enum Comparison {
    EQUAL(NftConstants.NFT_CMP_EQ),
    NOT_EQUAL(NftConstants.NFT_CMP_NEQ),
    LESS(NftConstants.NFT_CMP_LT),
    AT_MOST(NftConstants.NFT_CMP_LTE),
    GREATER(NftConstants.NFT_CMP_GT),
    AT_LEAST(NftConstants.NFT_CMP_GTE);

    final int number;

    Comparison(int number) {
      this.number = number;
    }
  }

  /** What a look into the routing tables returns. */
  enum FibResult {
    LINK_INDEX(NftConstants.NFT_FIB_RESULT_OIF),
    LINK_NAME(NftConstants.NFT_FIB_RESULT_OIFNAME),
    /** {@code RTN_*}: what kind of route there is, for example 2 for a local address. */
    ADDRESS_TYPE(NftConstants.NFT_FIB_RESULT_ADDRTYPE);

    final int number;

    FibResult(int number) {
      this.number = number;
    }
  }

  /** Reads bytes of the packet. */
  record Payload(Header header, int offset, int length, int register) implements Expression {}

  /** Reads what is known of the packet. */
  record Meta(MetaKey key, int register) implements Expression {}

  /** Sets the packet's mark, or another writable thing. */
  record SetMeta(MetaKey key, int register) implements Expression {}

  /** Reads what is known of the connection. */
  record Connection(ConnectionKey key, int register) implements Expression {}

  /** Sets the connection's mark. */
  record SetConnection(ConnectionKey key, int register) implements Expression {}

  /** Goes on only if the register compares so with the value. */
  record Compare(int register, Comparison comparison, Value value) implements Expression {}

  /** Goes on only if the register is within the range, both ends included; or, inverted, outside. */
  record Range(int register, boolean inverted, Value from, Value to) implements Expression {}

  /** Computes {@code (register & mask) ^ xor}; mask and xor are as long as the value. */
  record Bitwise(int source, int target, Value mask, Value xor) implements Expression {}

  /** Puts a value into a register. */
  record Immediate(int register, Value value) implements Expression {}

  /** Decides. */
  record Decide(Verdict verdict) implements Expression {}

  /**
   * Looks a register up in a set of the same table and goes on if it is there, or, inverted, if it is not. A map's data goes to the
   * target register, a verdict map's verdict is obeyed.
   *
   * @param target register for a map's data, {@link #VERDICT} for a verdict map, empty for a set
   */
  record Lookup(String set, int register, OptionalInt target, boolean inverted) implements Expression {
    /** In place of a register: the verdict. */
    public static final int VERDICT = -1;
  }

  /**
   * Looks an address up in the routing tables.
   *
   * @param flags {@code NFTA_FIB_F_*} bits: 1 source address, 2 destination address, 4 mark, 8 and 16 input and output link
   */
  record Fib(FibResult result, int flags, int register) implements Expression {}

  /**
   * Translates.
   *
   * @param destination whether the destination, else the source
   * @param ipv6 whether to an IPv6 address
   * @param address register of the address, or empty to keep it
   * @param port register of the port, or empty to keep it
   * @param flags {@code NF_NAT_RANGE_*} bits beside those that follow from the registers
   */
  record Nat(boolean destination, boolean ipv6, OptionalInt address, OptionalInt port, int flags) implements Expression {}

  /**
   * Translates the source to the address of the interface the packet leaves by.
   *
   * @param flags {@code NF_NAT_RANGE_*} bits, 0x10 to choose ports at random
   */
  record Masquerade(int flags) implements Expression {}

  /** Counts; what a list shows is the count so far. */
  record Counter(long packets, long bytes) implements Expression {}

  /**
   * Goes on while a rate is not exceeded, or, with {@code over}, only when it is.
   *
   * @param rate packets or bytes per unit
   * @param unitSeconds 1, 60, 3600, 86400 or 604800
   * @param burst packets or bytes beyond the rate
   * @param bytes whether bytes are counted, else packets
   */
  record Limit(long rate, long unitSeconds, int burst, boolean bytes, boolean over) implements Expression {}

  /**
   * Drops and tells the sender.
   *
   * @param type 0 ICMP unreachable, 1 TCP reset, 2 ICMP unreachable of either family
   * @param code of the ICMP message
   */
  record Reject(int type, int code) implements Expression {}

  /** Keeps the packet out of connection tracking; in chains of priority {@link NftChain#RAW}. */
  record NoTrack() implements Expression {}

  /**
   * Goes on if a match of xtables does, as iptables has it over nftables (nft_compat).
   *
   * @param name the match's name, {@code comment} say
   * @param revision of its data
   * @param data the match's own structure, as long as the kernel wants it
   */
  record Match(String name, int revision, Value data) implements Expression {}

  /**
   * Does what a target of xtables does, likewise.
   *
   * @param name the target's name, {@code SNAT} say
   * @param revision of its data
   * @param data the target's own structure, as long as the kernel wants it
   */
  record Target(String name, int revision, Value data) implements Expression {}

  /** One that this library does not know, of a rule that somebody else made; can't be sent. */
  record Unknown(String name) implements Expression {}

  /** The same rule body without its counts, to compare what is there with what was wanted. */
  static List<Expression> withoutCounts(List<Expression> expressions) {
    return expressions.stream().map(e -> e instanceof Counter ? new Counter(0, 0) : e).toList();
  }
}
