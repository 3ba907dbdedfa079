package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.FilterObjects.address;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.linux.datapath.FilterObjects.Family;
import dev.patchbay.linux.datapath.FilterObjects.TranslationClass;
import dev.patchbay.netlink.nft.Expression;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.Value;
import dev.patchbay.netlink.nft.Verdict;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The bodies of the rules. Their registers hold four bytes each. */
final class FilterRules {
  private static final int LOCAL = 2; // RTN_LOCAL, include/uapi/linux/rtnetlink.h
  private static final int ORIGINAL = 0; // IP_CT_DIR_ORIGINAL, include/uapi/linux/netfilter/nf_conntrack_tuple_common.h
  private static final int REPLY = 1;
  private static final int TRANSLATED_DESTINATION = 0x20; // IPS_DST_NAT, nf_conntrack_common.h
  private static final int FIB_SOURCE = 1;
  private static final int FIB_DESTINATION = 2;
  static final int RANDOM = 1 << 2; // NF_NAT_RANGE_PROTO_RANDOM, nf_nat.h
  private static final int RANDOM_FULLY = 1 << 4; // NF_NAT_RANGE_PROTO_RANDOM_FULLY
  private static final int CONNECTION_MASK = Numbers.RETURN_MARK | Numbers.MARK_MASK;

  private final List<Expression> body = new ArrayList<>();

  private FilterRules() {}

  private FilterRules add(Expression expression) {
    body.add(expression);
    return this;
  }

  private List<Expression> then(Verdict verdict) {
    return add(new Expression.Decide(verdict)).body;
  }

  // Matches

  private FilterRules equal(Value value) {
    return add(new Expression.Compare(0, Expression.Comparison.EQUAL, value));
  }

  private FilterRules notEqual(Value value) {
    return add(new Expression.Compare(0, Expression.Comparison.NOT_EQUAL, value));
  }

  private FilterRules family(AddressFamily family) {
    return add(new Expression.Meta(Expression.MetaKey.NETWORK_PROTOCOL, 0)).equal(Value.oneByte(family == AddressFamily.IPV4 ? 2 : 10));
  }

  private FilterRules direction(int direction) {
    return add(new Expression.Connection(Expression.ConnectionKey.DIRECTION, 0)).equal(Value.oneByte(direction));
  }

  private FilterRules source(AddressFamily family, int register) {
    return add(family == AddressFamily.IPV4 ? new Expression.Payload(Expression.Header.NETWORK, 12, 4, register)
        : new Expression.Payload(Expression.Header.NETWORK, 8, 16, register));
  }

  private FilterRules destination(AddressFamily family, int register) {
    return add(family == AddressFamily.IPV4 ? new Expression.Payload(Expression.Header.NETWORK, 16, 4, register)
        : new Expression.Payload(Expression.Header.NETWORK, 24, 16, register));
  }

  private FilterRules destinationPort(int register) {
    return add(new Expression.Meta(Expression.MetaKey.TRANSPORT_PROTOCOL, register))
        .add(new Expression.Payload(Expression.Header.TRANSPORT, 2, 2, register + 1));
  }

  private FilterRules toLocal() {
    return add(new Expression.Fib(Expression.FibResult.ADDRESS_TYPE, FIB_DESTINATION, 0)).equal(Value.number(LOCAL));
  }

  private FilterRules notFromLocal() {
    return add(new Expression.Fib(Expression.FibResult.ADDRESS_TYPE, FIB_SOURCE, 0)).notEqual(Value.number(LOCAL));
  }

  private FilterRules from(int linkIndex) {
    return add(new Expression.Meta(Expression.MetaKey.INPUT_LINK_INDEX, 0)).equal(Value.number(linkIndex));
  }

  private FilterRules in(NftSet set) {
    return add(new Expression.Lookup(set.name(), 0, OptionalInt.empty(), false));
  }

  private FilterRules notIn(NftSet set) {
    return add(new Expression.Lookup(set.name(), 0, OptionalInt.empty(), true));
  }

  /** Goes on if it is in a map, whose data goes to registers that nobody reads. */
  private FilterRules inMap(NftSet map) {
    return add(new Expression.Lookup(map.name(), 0, OptionalInt.of(8), false));
  }

  private static int words(AddressFamily family) {
    return family.bits() / 32;
  }

  // Connections that come in for the node are answered by the interface that they came in by

  /** The connection mark of an interface. */
  private static int returnMark(EniPath eni) {
    return Numbers.RETURN_MARK | Numbers.mark(eni);
  }

  private List<Expression> markConnection(EniPath eni) {
    return add(new Expression.Connection(Expression.ConnectionKey.MARK, 0))
        .add(new Expression.Bitwise(0, 0, Value.number(~CONNECTION_MASK), Value.number(returnMark(eni))))
        .add(new Expression.SetConnection(Expression.ConnectionKey.MARK, 0)).body;
  }

  static List<Expression> returnPath(EniPath eni, int linkIndex) {
    return new FilterRules().from(linkIndex).direction(ORIGINAL).toLocal().markConnection(eni);
  }

  /** The same for ports that lead to pods alone. */
  static List<Expression> returnPathOfPorts(EniPath eni, int linkIndex, Family family) {
    return new FilterRules().from(linkIndex).family(family.family()).direction(ORIGINAL).toLocal().destinationPort(0)
        .inMap(family.ports()).markConnection(eni);
  }

  static List<Expression> returnPathOfAddressPorts(EniPath eni, int linkIndex, Family family) {
    return new FilterRules().from(linkIndex).family(family.family()).direction(ORIGINAL).toLocal().destination(family.family(), 0)
        .destinationPort(words(family.family())).inMap(family.portsOfAddress()).markConnection(eni);
  }

  static List<Expression> answer(EniPath eni) {
    return new FilterRules().direction(REPLY).add(new Expression.Connection(Expression.ConnectionKey.MARK, 0))
        .add(new Expression.Bitwise(0, 0, Value.number(CONNECTION_MASK), Value.number(0)))
        .equal(Value.number(returnMark(eni))).then(Verdict.goTo(FilterObjects.boundChain(eni).name()));
  }

  // Sources leave by their interface

  static List<Expression> egress(AddressFamily family, NftSet map) {
    return new FilterRules().family(family).source(family, 0)
        .add(new Expression.Lookup(map.name(), 0, OptionalInt.of(Expression.Lookup.VERDICT), false)).body;
  }

  static List<Expression> mark(EniPath eni) {
    return new FilterRules().add(new Expression.Meta(Expression.MetaKey.MARK, 0))
        .add(new Expression.Bitwise(0, 0, Value.number(~FilterPlace.MARK_MASK), Value.number(FilterPlace.mark(eni))))
        .add(new Expression.SetMeta(Expression.MetaKey.MARK, 0)).body;
  }

  /** Ends the search: a chain that was gone to from one that was jumped to comes back to where the jump was. */
  static List<Expression> accept() {
    return new FilterRules().then(Verdict.ACCEPT);
  }

  static List<Expression> jump(NftChain chain) {
    return new FilterRules().then(Verdict.jump(chain.name()));
  }

  // Translations

  private FilterRules translated(TranslationClass translation) {
    AddressFamily family = translation.to().family();
    family(family).source(family, 0).in(translation.sources());
    if (!translation.exceptions().isEmpty()) {
      destination(family, 0).notIn(translation.exceptionSet());
    }
    return this;
  }

  /** What will be translated leaves by the interface that has the new address. Answers keep their way. */
  static List<Expression> translatedEgress(TranslationClass translation, EniPath eni) {
    return new FilterRules().direction(ORIGINAL).translated(translation).then(Verdict.goTo(FilterObjects.boundChain(eni).name()));
  }

  static List<Expression> translate(TranslationClass translation) {
    boolean ipv6 = translation.to().family() == AddressFamily.IPV6;
    int flags = flags(translation.ports());
    return new FilterRules().notFromLocal().translated(translation)
        .add(new Expression.Immediate(0, address(translation.to())))
        .add(new Expression.Nat(false, ipv6, OptionalInt.of(0), OptionalInt.empty(), flags)).body;
  }

  /** The bits of a way to choose ports. */
  static int flags(String ports) {
    return switch (ports) {
      case "random-fully" -> RANDOM_FULLY;
      case "random" -> RANDOM;
      case "kernel" -> 0;
      default -> throw new DatapathException(DatapathException.Code.PLAN_INVALID,
          "there is no way \"" + ports + "\" to choose ports", "Use random-fully, random or kernel.");
    };
  }

  /** Traffic to pods, by devices of ours, keeps its source. */
  static List<Expression> toOwnDevices() {
    return new FilterRules().add(new Expression.Meta(Expression.MetaKey.OUTPUT_GROUP, 0)).equal(Value.number(Numbers.GROUP))
        .then(Verdict.ACCEPT);
  }

  static List<Expression> toLoopback() {
    return new FilterRules().add(new Expression.Meta(Expression.MetaKey.OUTPUT_LINK_INDEX, 0)).equal(Value.number(1))
        .then(Verdict.ACCEPT);
  }

  // Ports

  static List<Expression> portsOfLocalAddresses() {
    return new FilterRules().toLocal().then(Verdict.jump(FilterObjects.PORTS.name()));
  }

  /** Loopback stays what it is: routing it to a pod would open the node's loopback services to the pod. */
  static List<Expression> notLoopback(AddressFamily family) {
    FilterRules rule = new FilterRules().family(family).destination(family, 0);
    if (family == AddressFamily.IPV4) {
      Cidr loopback = Cidr.of("127.0.0.0/8");
      rule.add(new Expression.Bitwise(0, 0, Value.bytes((byte) 0xff, (byte) 0, (byte) 0, (byte) 0), Value.number(0)))
          .equal(address(loopback.address()));
    } else {
      rule.equal(address(IpAddress.of("::1")));
    }
    return rule.then(Verdict.RETURN);
  }

  static List<Expression> portsOfAddress(AddressFamily family) {
    FilterRules rule = new FilterRules().family(family).destination(family, 0).destinationPort(words(family));
    return rule.toPod(Family.of(family).portsOfAddress(), family);
  }

  static List<Expression> ports(AddressFamily family) {
    return new FilterRules().family(family).destinationPort(0).toPod(Family.of(family).ports(), family);
  }

  private List<Expression> toPod(NftSet map, AddressFamily family) {
    int target = 8;
    return add(new Expression.Lookup(map.name(), 0, OptionalInt.of(target), false))
        .add(new Expression.Nat(true, family == AddressFamily.IPV6, OptionalInt.of(target),
            OptionalInt.of(target + words(family)), 0)).body;
  }

  /** A pod that reaches itself by a port of the node must not see its own address as the other end. */
  static List<Expression> hairpin(AddressFamily family) {
    return new FilterRules().family(family).add(new Expression.Connection(Expression.ConnectionKey.STATUS, 0))
        .add(new Expression.Bitwise(0, 0, Value.number(TRANSLATED_DESTINATION), Value.number(0))).notEqual(Value.number(0))
        .source(family, 0).destination(family, words(family)).in(Family.of(family).hairpins())
        .add(new Expression.Masquerade(RANDOM_FULLY)).body;
  }
}
