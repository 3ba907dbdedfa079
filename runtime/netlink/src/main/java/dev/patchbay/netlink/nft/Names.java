package dev.patchbay.netlink.nft;

import java.nio.charset.StandardCharsets;

/** Names of tables, chains and sets. */
final class Names {
  /** NFT_NAME_MAXLEN in include/uapi/linux/netfilter/nf_tables.h, with the terminator. */
  private static final int MAX = 256;

  /** An item of user data has a length of one byte, and a terminator. */
  private static final int MAX_COMMENT = 254;

  private Names() {}

  /** What the kernel takes; the nft tool reads back only letters, digits and a few signs, so keep to those. */
  static String checked(String name, String what) {
    if (name.isEmpty() || name.length() >= MAX || name.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new IllegalArgumentException(
          "\"" + name + "\" can't name a " + what + ": 1 to " + (MAX - 1) + " printable ASCII characters without spaces");
    }
    return name;
  }

  /** Little enough to have room beside a comment. */
  static void owner(String owner) {
    if (owner.getBytes(StandardCharsets.UTF_8).length > 100) {
      throw new IllegalArgumentException("An owner has at most 100 bytes, unlike \"" + owner + "\"");
    }
  }

  static String comment(String comment) {
    if (comment.getBytes(StandardCharsets.UTF_8).length > MAX_COMMENT) {
      throw new IllegalArgumentException("A comment has at most " + MAX_COMMENT + " bytes, unlike \"" + comment + "\"");
    }
    return comment;
  }
}
