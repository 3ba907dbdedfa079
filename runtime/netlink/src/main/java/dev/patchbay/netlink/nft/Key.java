package dev.patchbay.netlink.nft;

/** What of a packet can be looked up in a set; several in a row make a concatenation. */
public enum Key {
  SOURCE_IPV4(DataType.IPV4_ADDRESS),
  DESTINATION_IPV4(DataType.IPV4_ADDRESS),
  SOURCE_IPV6(DataType.IPV6_ADDRESS),
  DESTINATION_IPV6(DataType.IPV6_ADDRESS),
  SOURCE_MAC(DataType.MAC_ADDRESS),
  PROTOCOL(DataType.PROTOCOL),
  /** Of TCP, UDP and others that have ports in the first four bytes; match the protocol before. */
  SOURCE_PORT(DataType.PORT),
  /** Of TCP, UDP and others that have ports in the first four bytes; match the protocol before. */
  DESTINATION_PORT(DataType.PORT),
  MARK(DataType.MARK),
  CONNECTION_MARK(DataType.MARK),
  INPUT_LINK(DataType.LINK_NAME),
  OUTPUT_LINK(DataType.LINK_NAME),
  INPUT_LINK_INDEX(DataType.LINK_INDEX),
  OUTPUT_LINK_INDEX(DataType.LINK_INDEX);

  private final DataType type;

  Key(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

  boolean isIpv4() {
    return type == DataType.IPV4_ADDRESS;
  }

  boolean isIpv6() {
    return type == DataType.IPV6_ADDRESS;
  }

  /** Reads it into a register. Offsets are those of the headers of RFC 791, RFC 8200, RFC 9293 and Ethernet. */
  Expression load(int register) {
    return switch (this) {
      case SOURCE_IPV4 -> new Expression.Payload(Expression.Header.NETWORK, 12, 4, register);
      case DESTINATION_IPV4 -> new Expression.Payload(Expression.Header.NETWORK, 16, 4, register);
      case SOURCE_IPV6 -> new Expression.Payload(Expression.Header.NETWORK, 8, 16, register);
      case DESTINATION_IPV6 -> new Expression.Payload(Expression.Header.NETWORK, 24, 16, register);
      case SOURCE_MAC -> new Expression.Payload(Expression.Header.LINK, 6, 6, register);
      case PROTOCOL -> new Expression.Meta(Expression.MetaKey.TRANSPORT_PROTOCOL, register);
      case SOURCE_PORT -> new Expression.Payload(Expression.Header.TRANSPORT, 0, 2, register);
      case DESTINATION_PORT -> new Expression.Payload(Expression.Header.TRANSPORT, 2, 2, register);
      case MARK -> new Expression.Meta(Expression.MetaKey.MARK, register);
      case CONNECTION_MARK -> new Expression.Connection(Expression.ConnectionKey.MARK, register);
      case INPUT_LINK -> new Expression.Meta(Expression.MetaKey.INPUT_LINK, register);
      case OUTPUT_LINK -> new Expression.Meta(Expression.MetaKey.OUTPUT_LINK, register);
      case INPUT_LINK_INDEX -> new Expression.Meta(Expression.MetaKey.INPUT_LINK_INDEX, register);
      case OUTPUT_LINK_INDEX -> new Expression.Meta(Expression.MetaKey.OUTPUT_LINK_INDEX, register);
    };
  }
}
