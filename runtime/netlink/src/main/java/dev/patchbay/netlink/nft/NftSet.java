package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;

/**
 * A named set, map or verdict map. Rules refer to it by its name, and its elements change without the rules.
 *
 * @param table in which it is
 * @param name unique in its table
 * @param key type of the keys; several make a concatenation
 * @param kind what an element gives
 * @param data type of what a map gives; empty for the other kinds
 * @param intervals whether an element may stand for many keys
 * @param comment at most 254 bytes, or empty
 */
public record NftSet(
    NftTable table, String name, List<DataType> key, Kind kind, List<DataType> data, boolean intervals, String comment) {
  /** What an element gives. */
  public enum Kind {
    /** Nothing more than being in it. */
    SET,
    /** A value. */
    MAP,
    /** A verdict. */
    VERDICT_MAP
  }

  /** NFT_REG32_COUNT registers of four bytes each (include/net/netfilter/nf_tables.h). */
  private static final int MAX_KEY = 64;

  public NftSet {
    Names.checked(name, "set");
    Names.comment(comment);
    key = List.copyOf(key);
    data = List.copyOf(data);
    if (key.isEmpty() || DataType.length(key) > MAX_KEY) {
      throw new IllegalArgumentException("The keys of set " + name + " must have 1 to " + MAX_KEY + " bytes");
    }
    if (data.isEmpty() == (kind == Kind.MAP)) {
      throw new IllegalArgumentException("A map says of what type its data is, and nothing else does: " + name);
    }
  }

  /** A set. */
  public static NftSet of(NftTable table, String name, DataType... key) {
    return new NftSet(table, name, List.of(key), Kind.SET, List.of(), false, "");
  }

  /** A map. */
  public static NftSet map(NftTable table, String name, List<DataType> key, List<DataType> data) {
    return new NftSet(table, name, key, Kind.MAP, data, false, "");
  }

  /** A verdict map. */
  public static NftSet verdictMap(NftTable table, String name, DataType... key) {
    return new NftSet(table, name, List.of(key), Kind.VERDICT_MAP, List.of(), false, "");
  }

  /** The same with intervals. */
  public NftSet withIntervals() {
    return new NftSet(table, name, key, kind, data, true, comment);
  }

  /** The same with a comment. */
  public NftSet withComment(String comment) {
    return new NftSet(table, name, key, kind, data, intervals, comment);
  }

  boolean isConcatenation() {
    return key.size() > 1;
  }

  /** Makes the set unless there is one; fails with EEXIST when there is one of another type. */
  public Request add() {
    return new NftRequest(
        "add " + this, NftConstants.NFT_MSG_NEWSET, NftRequest.CREATE, table.family().number(), this::encode);
  }

  /** Deletes the set with its elements; fails with EBUSY while a rule refers to it. */
  public Request delete() {
    return new NftRequest(
        "delete " + this,
        NftConstants.NFT_MSG_DELSET,
        0,
        table.family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_SET_TABLE, table.name());
          writer.putString(NftConstants.NFTA_SET_NAME, name);
        });
  }

  /** Deletes all elements. */
  public Request flush() {
    return new NftRequest(
        "flush " + this,
        NftConstants.NFT_MSG_DELSETELEM,
        0,
        table.family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_SET_ELEM_LIST_TABLE, table.name());
          writer.putString(NftConstants.NFTA_SET_ELEM_LIST_SET, name);
        });
  }

  /**
   * Adds elements; those that are there already are left alone, unless a map has other data for them (EEXIST). As many requests as
   * it takes: one message holds some thousand.
   */
  public List<Request> add(List<Element> elements) {
    return ElementEncoder.requests(this, elements, true);
  }

  /** Adds one element. */
  public Request add(Element element) {
    return add(List.of(element)).getFirst();
  }

  /** Deletes elements by their keys; fails with ENOENT when one is missing. As many requests as it takes. */
  public List<Request> remove(List<Element> elements) {
    return ElementEncoder.requests(this, elements, false);
  }

  /** Deletes one element by its key; fails with ENOENT when it is missing. */
  public Request remove(Element element) {
    return remove(List.of(element)).getFirst();
  }

  private void encode(MessageWriter writer) {
    writer.putString(NftConstants.NFTA_SET_TABLE, table.name());
    writer.putString(NftConstants.NFTA_SET_NAME, name);
    int flags = kind == Kind.SET ? 0 : NftConstants.NFT_SET_MAP;
    if (intervals) {
      flags |= NftConstants.NFT_SET_INTERVAL | (isConcatenation() ? NftConstants.NFT_SET_CONCAT : 0);
    }
    writer.putU32BigEndian(NftConstants.NFTA_SET_FLAGS, flags);
    writer.putU32BigEndian(NftConstants.NFTA_SET_KEY_TYPE, DataType.number(key));
    writer.putU32BigEndian(NftConstants.NFTA_SET_KEY_LEN, DataType.length(key));
    // Rules of the same transaction may refer to it by this number; they use the name, but the kernel insists.
    writer.putU32BigEndian(NftConstants.NFTA_SET_ID, name.hashCode());
    switch (kind) {
      case SET -> {
        // Gives nothing.
      }
      case MAP -> {
        writer.putU32BigEndian(NftConstants.NFTA_SET_DATA_TYPE, DataType.number(data));
        writer.putU32BigEndian(NftConstants.NFTA_SET_DATA_LEN, DataType.length(data));
      }
      case VERDICT_MAP -> writer.putU32BigEndian(NftConstants.NFTA_SET_DATA_TYPE, NftConstants.NFT_DATA_VERDICT);
    }
    if (intervals && isConcatenation()) {
      encodeFields(writer);
    }
    byte[] userData = UserData.ofSet(this);
    if (userData.length > 0) {
      writer.putBytes(NftConstants.NFTA_SET_USERDATA, userData);
    }
  }

  /** The kernel must know where the parts of an interval's ends begin. */
  private void encodeFields(MessageWriter writer) {
    int description = writer.beginNest(NftConstants.NFTA_SET_DESC);
    int fields = writer.beginNest(NftConstants.NFTA_SET_DESC_CONCAT);
    for (DataType type : key) {
      int field = writer.beginNest(NftConstants.NFTA_LIST_ELEM);
      writer.putU32BigEndian(NftConstants.NFTA_SET_FIELD_LEN, type.length());
      writer.endNest(field);
    }
    writer.endNest(fields);
    writer.endNest(description);
  }

  /** For example {@code set ip filter allowed}. */
  @Override
  public String toString() {
    return (kind == Kind.SET ? "set " : "map ") + table.family().word() + " " + table.name() + " " + name;
  }
}
