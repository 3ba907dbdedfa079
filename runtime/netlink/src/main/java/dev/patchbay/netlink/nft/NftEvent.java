package dev.patchbay.netlink.nft;

/** What the kernel announces of nftables. */
public sealed interface NftEvent {
  /**
   * Something was taken away: a table, or a chain, rule, set or element of it.
   *
   * @param table the table
   * @param chain the chain that was taken away or that the rule was in; else empty
   * @param what which of these
   * @param port the port of the socket that asked for it
   */
  record Deleted(NftTable table, String chain, Kind what, int port) implements NftEvent {}

  /** Announcements were lost; read anew what matters. */
  record Overrun() implements NftEvent {}

  /** What can be taken away. */
  enum Kind {
    TABLE,
    CHAIN,
    RULE,
    SET,
    ELEMENT
  }
}
