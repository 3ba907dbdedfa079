package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.sys.NftConstants;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Puts a rule together, in the order of the calls: first what must hold, then what to do. Matches that need to know the network
 * protocol first say so themselves where the table sees both.
 */
public final class RuleBuilder {
  private static final Value ZERO = Value.number(0);

  private final NftChain chain;
  private final List<Expression> expressions = new ArrayList<>();
  private String comment = "";
  private int networkProtocol;

  RuleBuilder(NftChain chain) {
    this.chain = chain;
  }

  /** Any expressions. */
  public RuleBuilder with(Expression... more) {
    expressions.addAll(Arrays.asList(more));
    return this;
  }

  /** A text of at most 254 bytes. */
  public RuleBuilder comment(String comment) {
    this.comment = comment;
    return this;
  }

  public NftRule build() {
    return new NftRule(chain, expressions, comment, 0);
  }

  /** Came in by this interface. */
  public RuleBuilder inputLink(String name) {
    return compare(Key.INPUT_LINK, Expression.Comparison.EQUAL, Value.linkName(name));
  }

  /** Came in by an interface whose name begins so. */
  public RuleBuilder inputLinkPrefix(String prefix) {
    return compare(Key.INPUT_LINK, Expression.Comparison.EQUAL, Value.linkNamePrefix(prefix));
  }

  public RuleBuilder notInputLink(String name) {
    return compare(Key.INPUT_LINK, Expression.Comparison.NOT_EQUAL, Value.linkName(name));
  }

  /** Leaves by this interface. */
  public RuleBuilder outputLink(String name) {
    return compare(Key.OUTPUT_LINK, Expression.Comparison.EQUAL, Value.linkName(name));
  }

  /** Leaves by an interface whose name begins so. */
  public RuleBuilder outputLinkPrefix(String prefix) {
    return compare(Key.OUTPUT_LINK, Expression.Comparison.EQUAL, Value.linkNamePrefix(prefix));
  }

  public RuleBuilder notOutputLink(String name) {
    return compare(Key.OUTPUT_LINK, Expression.Comparison.NOT_EQUAL, Value.linkName(name));
  }

  public RuleBuilder source(IpPrefix prefix) {
    return prefix(prefix.family() == Family.IPV4 ? Key.SOURCE_IPV4 : Key.SOURCE_IPV6, prefix, Expression.Comparison.EQUAL);
  }

  public RuleBuilder notSource(IpPrefix prefix) {
    return prefix(prefix.family() == Family.IPV4 ? Key.SOURCE_IPV4 : Key.SOURCE_IPV6, prefix, Expression.Comparison.NOT_EQUAL);
  }

  public RuleBuilder destination(IpPrefix prefix) {
    return prefix(prefix.family() == Family.IPV4 ? Key.DESTINATION_IPV4 : Key.DESTINATION_IPV6, prefix, Expression.Comparison.EQUAL);
  }

  public RuleBuilder notDestination(IpPrefix prefix) {
    return prefix(
        prefix.family() == Family.IPV4 ? Key.DESTINATION_IPV4 : Key.DESTINATION_IPV6, prefix, Expression.Comparison.NOT_EQUAL);
  }

  /** Packets of one family; nothing to do in tables that see only that. */
  public RuleBuilder family(Family family) {
    requireNetwork(family.number());
    return this;
  }

  /** Transport protocol: 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 58 ICMPv6. */
  public RuleBuilder protocol(int protocol) {
    return compare(Key.PROTOCOL, Expression.Comparison.EQUAL, Value.oneByte(protocol));
  }

  /** Match the protocol before. */
  public RuleBuilder sourcePort(int port) {
    return compare(Key.SOURCE_PORT, Expression.Comparison.EQUAL, Value.port(port));
  }

  /** Match the protocol before. */
  public RuleBuilder destinationPort(int port) {
    return compare(Key.DESTINATION_PORT, Expression.Comparison.EQUAL, Value.port(port));
  }

  /** Ports from the first to the last, both included. Match the protocol before. */
  public RuleBuilder destinationPorts(int first, int last) {
    return with(Key.DESTINATION_PORT.load(0), new Expression.Range(0, false, Value.port(first), Value.port(last)));
  }

  /** The packet's mark, after the mask, is this. */
  public RuleBuilder mark(int mark, int mask) {
    return masked(Key.MARK, mark, mask, Expression.Comparison.EQUAL);
  }

  public RuleBuilder notMark(int mark, int mask) {
    return masked(Key.MARK, mark, mask, Expression.Comparison.NOT_EQUAL);
  }

  /** The connection's mark, after the mask, is this. */
  public RuleBuilder connectionMark(int mark, int mask) {
    return masked(Key.CONNECTION_MARK, mark, mask, Expression.Comparison.EQUAL);
  }

  /** Stands to its connection in one of these ways. */
  public RuleBuilder connectionState(ConnectionState... states) {
    int bits = Arrays.stream(states).mapToInt(ConnectionState::bit).reduce(0, (a, b) -> a | b);
    return with(
        new Expression.Connection(Expression.ConnectionKey.STATE, 0),
        new Expression.Bitwise(0, 0, Value.number(bits), ZERO),
        new Expression.Compare(0, Expression.Comparison.NOT_EQUAL, ZERO));
  }

  /** The destination is an address of this namespace, as the routing tables see it. */
  public RuleBuilder destinationIsLocal() {
    return destinationLocal(Expression.Comparison.EQUAL);
  }

  public RuleBuilder destinationIsNotLocal() {
    return destinationLocal(Expression.Comparison.NOT_EQUAL);
  }

  private RuleBuilder destinationLocal(Expression.Comparison comparison) {
    int local = 2; // RTN_LOCAL, include/uapi/linux/rtnetlink.h
    return with(
        new Expression.Fib(Expression.FibResult.ADDRESS_TYPE, NftConstants.NFTA_FIB_F_DADDR, 0),
        new Expression.Compare(0, comparison, Value.number(local)));
  }

  /** The keys are in the set. */
  public RuleBuilder in(NftSet set, Key... keys) {
    return lookup(set, OptionalInt.empty(), false, keys);
  }

  /** The keys are not in the set. */
  public RuleBuilder notIn(NftSet set, Key... keys) {
    return lookup(set, OptionalInt.empty(), true, keys);
  }

  /** Does what the verdict map says about the keys; goes on when it says nothing. */
  public RuleBuilder verdictFrom(NftSet map, Key... keys) {
    return lookup(map, OptionalInt.of(Expression.Lookup.VERDICT), false, keys);
  }

  /** Sets the packet's mark to what the map gives; goes on with the next rule when it gives nothing. */
  public RuleBuilder markFrom(NftSet map, Key... keys) {
    lookup(map, OptionalInt.of(0), false, keys);
    return with(new Expression.SetMeta(Expression.MetaKey.MARK, 0));
  }

  /** Sets the bits of the packet's mark that are in the mask. */
  public RuleBuilder setMark(int mark, int mask) {
    setBits(Key.MARK, mark, mask);
    return with(new Expression.SetMeta(Expression.MetaKey.MARK, 0));
  }

  /** Sets the bits of the connection's mark that are in the mask. */
  public RuleBuilder setConnectionMark(int mark, int mask) {
    setBits(Key.CONNECTION_MARK, mark, mask);
    return with(new Expression.SetConnection(Expression.ConnectionKey.MARK, 0));
  }

  /** Gives the packet the connection's mark, after the mask. */
  public RuleBuilder markFromConnection(int mask) {
    with(Key.CONNECTION_MARK.load(0));
    applyMask(mask);
    return with(new Expression.SetMeta(Expression.MetaKey.MARK, 0));
  }

  /** Gives the connection the packet's mark, after the mask. */
  public RuleBuilder connectionMarkFromPacket(int mask) {
    with(Key.MARK.load(0));
    applyMask(mask);
    return with(new Expression.SetConnection(Expression.ConnectionKey.MARK, 0));
  }

  public RuleBuilder counter() {
    return with(new Expression.Counter(0, 0));
  }

  /** Goes on for so many packets per second, and so many at once beyond that. */
  public RuleBuilder limitPacketsPerSecond(long rate, int burst) {
    return with(new Expression.Limit(rate, 1, burst, false, false));
  }

  /** Translates the source to this address. */
  public RuleBuilder translateSource(InetAddress address) {
    requireNetwork(Family.of(address).number());
    return with(
        new Expression.Immediate(0, Value.of(address)),
        new Expression.Nat(false, Family.of(address) == Family.IPV6, OptionalInt.of(0), OptionalInt.empty(), 0));
  }

  /** As {@link #translateSource}, with ports chosen at random. */
  public RuleBuilder translateSourceRandomly(InetAddress address) {
    requireNetwork(Family.of(address).number());
    return with(
        new Expression.Immediate(0, Value.of(address)),
        new Expression.Nat(
            false,
            Family.of(address) == Family.IPV6,
            OptionalInt.of(0),
            OptionalInt.empty(),
            NftConstants.NF_NAT_RANGE_PROTO_RANDOM_FULLY));
  }

  /** Translates the source to the address that the map gives; goes on with the next rule when it gives none. */
  public RuleBuilder translateSourceFrom(NftSet map, Key... keys) {
    return translateFrom(map, false, keys);
  }

  /** Translates the destination to this address. */
  public RuleBuilder translateDestination(InetAddress address) {
    requireNetwork(Family.of(address).number());
    return with(
        new Expression.Immediate(0, Value.of(address)),
        new Expression.Nat(true, Family.of(address) == Family.IPV6, OptionalInt.of(0), OptionalInt.empty(), 0));
  }

  /** Translates the destination to this address and port. Match the protocol before. */
  public RuleBuilder translateDestination(InetAddress address, int port) {
    requireNetwork(Family.of(address).number());
    return with(
        new Expression.Immediate(0, Value.of(address)),
        new Expression.Immediate(4, Value.port(port)),
        new Expression.Nat(true, Family.of(address) == Family.IPV6, OptionalInt.of(0), OptionalInt.of(4), 0));
  }

  /**
   * Translates the destination to what the map gives, an address or an address and a port; goes on with the next rule when it gives
   * nothing.
   */
  public RuleBuilder translateDestinationFrom(NftSet map, Key... keys) {
    return translateFrom(map, true, keys);
  }

  /** Translates the source to the address of the interface the packet leaves by. */
  public RuleBuilder masquerade() {
    return with(new Expression.Masquerade(0));
  }

  /** Keeps the packet out of connection tracking. */
  public RuleBuilder noTrack() {
    return with(new Expression.NoTrack());
  }

  public RuleBuilder verdict(Verdict verdict) {
    return with(new Expression.Decide(verdict));
  }

  public RuleBuilder accept() {
    return verdict(Verdict.ACCEPT);
  }

  public RuleBuilder drop() {
    return verdict(Verdict.DROP);
  }

  public RuleBuilder jump(NftChain chain) {
    return verdict(Verdict.jump(chain.name()));
  }

  private RuleBuilder translateFrom(NftSet map, boolean destination, Key... keys) {
    if (map.data().isEmpty()) {
      throw new IllegalArgumentException(map + " gives no address");
    }
    DataType address = map.data().getFirst();
    boolean ipv6 = address == DataType.IPV6_ADDRESS;
    boolean port = map.data().size() > 1;
    requireNetwork(ipv6 ? Family.IPV6.number() : Family.IPV4.number());
    lookup(map, OptionalInt.of(0), false, keys);
    OptionalInt portRegister = port ? OptionalInt.of(address.paddedLength() / 4) : OptionalInt.empty();
    return with(new Expression.Nat(destination, ipv6, OptionalInt.of(0), portRegister, 0));
  }

  private RuleBuilder lookup(NftSet set, OptionalInt target, boolean inverted, Key... keys) {
    List<DataType> types = Arrays.stream(keys).map(Key::type).toList();
    if (!set.key().equals(types)) {
      throw new IllegalArgumentException("The keys of " + set + " are " + set.key() + ", not " + types);
    }
    int register = 0;
    for (Key key : keys) {
      requireNetwork(key);
    }
    for (Key key : keys) {
      with(key.load(register));
      register += key.type().paddedLength() / 4;
    }
    return with(new Expression.Lookup(set.name(), 0, target, inverted));
  }

  private RuleBuilder compare(Key key, Expression.Comparison comparison, Value value) {
    return with(key.load(0), new Expression.Compare(0, comparison, value));
  }

  private RuleBuilder prefix(Key key, IpPrefix prefix, Expression.Comparison comparison) {
    requireNetwork(key);
    Value address = Value.of(prefix.network().address());
    with(key.load(0));
    if (prefix.length() < address.length() * 8) {
      byte[] mask = new byte[address.length()];
      for (int bit = 0; bit < prefix.length(); bit++) {
        mask[bit / 8] |= (byte) (0x80 >>> (bit % 8));
      }
      with(new Expression.Bitwise(0, 0, Value.bytes(mask), Value.bytes(new byte[mask.length])));
    }
    return with(new Expression.Compare(0, comparison, address));
  }

  private RuleBuilder masked(Key key, int mark, int mask, Expression.Comparison comparison) {
    with(key.load(0));
    applyMask(mask);
    return with(new Expression.Compare(0, comparison, Value.number(mark)));
  }

  private void setBits(Key key, int mark, int mask) {
    if (mask == -1) {
      with(new Expression.Immediate(0, Value.number(mark)));
    } else {
      with(key.load(0), new Expression.Bitwise(0, 0, Value.number(~mask), Value.number(mark & mask)));
    }
  }

  private void applyMask(int mask) {
    if (mask != -1) {
      with(new Expression.Bitwise(0, 0, Value.number(mask), ZERO));
    }
  }

  private void requireNetwork(Key key) {
    if (key.isIpv4()) {
      requireNetwork(Family.IPV4.number());
    } else if (key.isIpv6()) {
      requireNetwork(Family.IPV6.number());
    }
  }

  /** In a table of both families an address's offset means nothing before the family is known. */
  private void requireNetwork(int protocol) {
    if (chain.table().family() == NftFamily.INET && networkProtocol != protocol) {
      networkProtocol = protocol;
      with(
          new Expression.Meta(Expression.MetaKey.NETWORK_PROTOCOL, 0),
          new Expression.Compare(0, Expression.Comparison.EQUAL, Value.oneByte(protocol)));
    }
  }
}
