package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.NetlinkSocket;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;

/**
 * Speaks nftables in the network namespace in which it was opened. Any platform thread may use it, one at a time.
 *
 * <pre>{@code
 * NftTable table = new NftTable(NftFamily.IP, "lab");
 * NftSet marks = NftSet.map(table, "marks", List.of(DataType.IPV4_ADDRESS), List.of(DataType.MARK));
 * NftChain chain = NftChain.base(table, "pre", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, NftChain.MANGLE);
 * try (NftSocket socket = NftSocket.open()) {
 *   socket.execute(NftSocket.transaction()
 *       .add("table", table.add())
 *       .add("map", marks.add())
 *       .add("element", marks.add(Element.of(Value.of(pod)).to(Value.number(0x80))))
 *       .add("chain", chain.add())
 *       .add("rule", NftRule.in(chain).markFrom(marks, Key.SOURCE_IPV4).counter().comment("ours").build().append()));
 * }
 * }</pre>
 */
public final class NftSocket implements AutoCloseable {
  private final NetlinkSocket socket;

  private NftSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  public static NftSocket open() {
    return new NftSocket(NetlinkSocket.open(Protocol.NETFILTER));
  }

  /**
   * Opens a socket in another namespace; the calling thread stays where it is.
   *
   * @param namespace needed during this call only
   */
  public static NftSocket open(Netns namespace) {
    return new NftSocket(NetlinkSocket.open(Protocol.NETFILTER, namespace));
  }

  /**
   * {@return the socket's port, which announcements of what it has changed carry; 0 before its first request}
   */
  public int port() {
    return socket.port();
  }

  /** An empty transaction, to be filled and executed. */
  public static Batch transaction() {
    return new Batch(TransactionEdge.BEGIN, TransactionEdge.END);
  }

  /**
   * Executes a transaction: all of it or, when any request fails, nothing.
   *
   * @param transaction made by {@link #transaction()}
   * @throws dev.patchbay.netlink.BatchException with what was refused; what the others would have done is not done either
   */
  public void execute(Batch transaction) {
    socket.execute(transaction);
  }

  /** As {@link #execute(Batch)}, but returns what was refused; when that is not empty, nothing was done. */
  public List<Failure> attempt(Batch transaction) {
    return socket.attempt(transaction);
  }

  /** Executes one request in a transaction of its own. */
  public void execute(Request request) {
    socket.execute(transaction().add(request));
  }

  /** All tables of all families. */
  public List<NftTable> tables() {
    return socket.dump(
        query("list nftables tables", NftConstants.NFT_MSG_GETTABLE, NftConstants.NFPROTO_UNSPEC, "", ""), NftDecoders::table);
  }

  /** The chains of a table; none when there is no such table. */
  public List<NftChain> chains(NftTable table) {
    return socket
        .dump(query("list chains", NftConstants.NFT_MSG_GETCHAIN, table.family().number(), "", ""), NftDecoders::chain)
        .stream()
        .filter(chain -> chain.table().equals(table))
        .toList();
  }

  /** The tables that somebody made as his own, by {@link NftTable#add(String)}. */
  public List<NftTable> tables(String owner) {
    return socket.dump(query("list nftables tables", NftConstants.NFT_MSG_GETTABLE, NftConstants.NFPROTO_UNSPEC, "", ""),
        (message, into) -> NftDecoders.ownedTable(message, owner, into));
  }

  /** The chains of a table that somebody made as his own, by {@link NftChain#add(String)}. */
  public List<NftChain> chains(NftTable table, String owner) {
    return socket.<NftChain>dump(query("list chains", NftConstants.NFT_MSG_GETCHAIN, table.family().number(), "", ""),
        (message, into) -> NftDecoders.owned(message, owner, into)).stream().filter(chain -> chain.table().equals(table)).toList();
  }

  /** The named sets of a table whose types are known here; none when there is no such table. Comments are read back. */
  public List<NftSet> sets(NftTable table) {
    try {
      return socket.dump(
          query("list sets of " + table, NftConstants.NFT_MSG_GETSET, table.family().number(), table.name(), ""),
          NftDecoders::set);
    } catch (NetlinkException failure) {
      if (failure.errno().equals(Errno.ENOENT)) {
        return List.of();
      }
      throw failure;
    }
  }

  /**
   * The elements of a set. Of an interval that reaches to the highest key the end is shown like any other.
   *
   * @param set as it was made
   * @throws NetlinkException with ENOENT when there is no such set
   */
  public List<Element> elements(NftSet set) {
    Request query =
        new NftRequest(
            "list elements of " + set,
            NftConstants.NFT_MSG_GETSETELEM,
            NetlinkConstants.NLM_F_DUMP,
            set.table().family().number(),
            writer -> {
              writer.putString(NftConstants.NFTA_SET_ELEM_LIST_TABLE, set.table().name());
              writer.putString(NftConstants.NFTA_SET_ELEM_LIST_SET, set.name());
            });
    return ElementDecoder.join(set, socket.dump(query, ElementDecoder::decode));
  }

  /** The rules of a chain in their order; none when there is no such chain. */
  public List<NftRule> rules(NftChain chain) {
    return rules(chain.table(), chain.name());
  }

  /** The rules of all chains of a table, in their order; none when there is no such table. */
  public List<NftRule> rules(NftTable table) {
    return rules(table, "");
  }

  private List<NftRule> rules(NftTable table, String chain) {
    return socket.dump(
        query("list rules of " + table, NftConstants.NFT_MSG_GETRULE, table.family().number(), table.name(), chain),
        NftDecoders::rule);
  }

  @Override
  public void close() {
    socket.close();
  }

  /** Attributes for table and chain have the same numbers in all queries. */
  private static Request query(String description, int type, int family, String table, String chain) {
    return new NftRequest(
        description,
        type,
        NetlinkConstants.NLM_F_DUMP,
        family,
        writer -> {
          if (!table.isEmpty()) {
            writer.putString(NftConstants.NFTA_RULE_TABLE, table);
          }
          if (!chain.isEmpty()) {
            writer.putString(NftConstants.NFTA_RULE_CHAIN, chain);
          }
        });
  }
}
