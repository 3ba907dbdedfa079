package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NftConstants;

/**
 * A table: what holds chains and sets, and the unit of ownership. All in a table of one's own is one's own.
 *
 * @param family which packets it sees
 * @param name unique in its family
 */
public record NftTable(NftFamily family, String name) {
  public NftTable {
    Names.checked(name, "table");
  }

  /** Makes the table unless there is one. */
  public Request add() {
    return request("add ", NftConstants.NFT_MSG_NEWTABLE, NftRequest.CREATE, "");
  }

  /**
   * Makes the table unless there is one, and writes down whose it is if it makes it.
   *
   * @param owner whose, at most 100 bytes; shown by no tool, but by {@link NftSocket#tables(String)}
   */
  public Request add(String owner) {
    Names.owner(owner);
    return request("add ", NftConstants.NFT_MSG_NEWTABLE, NftRequest.CREATE, owner);
  }

  /** Makes the table; fails with EEXIST when there is one. */
  public Request create() {
    return request("create ", NftConstants.NFT_MSG_NEWTABLE, NftRequest.EXCLUSIVE, "");
  }

  /**
   * Deletes the table with all in it; fails with ENOENT when there is none. To be rid of it whether it exists or not, put
   * {@link #add()} before it into the same transaction.
   */
  public Request delete() {
    return request("delete ", NftConstants.NFT_MSG_DELTABLE, 0, "");
  }

  private Request request(String verb, int type, int flags, String owner) {
    return new NftRequest(verb + this, type, flags, family.number(), writer -> {
      writer.putString(NftConstants.NFTA_TABLE_NAME, name);
      if (!owner.isEmpty()) {
        writer.putBytes(NftConstants.NFTA_TABLE_USERDATA, UserData.of("", owner));
      }
    });
  }

  /** For example {@code table inet filter}. */
  @Override
  public String toString() {
    return "table " + family.word() + " " + name;
  }
}
