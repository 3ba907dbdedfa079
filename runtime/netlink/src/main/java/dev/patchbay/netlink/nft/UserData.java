package dev.patchbay.netlink.nft;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The list of type, length and value that the nft tool keeps in user data (libnftnl/udata.h): comments, and the byte order of a set's
 * keys and data, without which it prints marks the wrong way round and names not at all.
 */
final class UserData {
  /** NFTNL_UDATA_RULE_COMMENT and NFTNL_UDATA_SET_ELEM_COMMENT. */
  static final int COMMENT = 0;

  /** NFTNL_UDATA_SET_COMMENT. */
  static final int SET_COMMENT = 7;

  /** Whose a rule, chain or table is; of no type that the nft tool and iptables know, so they pass over it. */
  static final int OWNER = 0x70;

  private static final int SET_KEY_BYTE_ORDER = 0;
  private static final int SET_DATA_BYTE_ORDER = 1;

  /** BYTEORDER_HOST_ENDIAN in nft's include/datatype.h. */
  private static final int HOST = 1;

  private UserData() {}

  /** Wraps a comment. */
  static byte[] comment(int type, String comment) {
    byte[] text = comment.getBytes(StandardCharsets.UTF_8);
    byte[] data = new byte[text.length + 3];
    data[0] = (byte) type;
    data[1] = (byte) (text.length + 1);
    System.arraycopy(text, 0, data, 2, text.length);
    return data;
  }

  /** Wraps a comment and an owner, as far as there are any. */
  static byte[] of(String comment, String owner) {
    byte[] first = comment.isEmpty() ? new byte[0] : comment(COMMENT, comment);
    byte[] second = owner.isEmpty() ? new byte[0] : comment(OWNER, owner);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** What the nft tool must know of a set. */
  static byte[] ofSet(NftSet set) {
    byte[] comment = set.comment().isEmpty() ? new byte[0] : comment(SET_COMMENT, set.comment());
    ByteBuffer data = ByteBuffer.allocate(12 + comment.length).order(ByteOrder.nativeOrder());
    putByteOrder(data, SET_KEY_BYTE_ORDER, set.key());
    putByteOrder(data, SET_DATA_BYTE_ORDER, set.data());
    data.put(comment);
    return Arrays.copyOf(data.array(), data.position());
  }

  /** Concatenations have their parts' byte orders, and big-endian is taken for granted. */
  private static void putByteOrder(ByteBuffer data, int type, List<DataType> types) {
    if (types.size() == 1 && types.getFirst().isInHostOrder()) {
      data.put((byte) type).put((byte) 4).putInt(HOST);
    }
  }

  /** Finds the comment, or returns empty text. */
  static String comment(int type, byte[] data) {
    int at = 0;
    while (at + 2 <= data.length) {
      int length = Byte.toUnsignedInt(data[at + 1]);
      if (data[at] == type && at + 2 + length <= data.length && length > 0) {
        return new String(Arrays.copyOfRange(data, at + 2, at + 1 + length), StandardCharsets.UTF_8);
      }
      at += 2 + length;
    }
    return "";
  }
}
