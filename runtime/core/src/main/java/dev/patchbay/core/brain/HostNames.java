package dev.patchbay.core.brain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of pods' devices on the node. */
final class HostNames {
  private HostNames() {}

  /**
   * The prefix and 11 hexadecimal digits of the SHA-1 of {@code namespace.name}: the name that policy engines expect in this
   * field, so that they attach unchanged.
   */
  static String of(String prefix, String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return prefix + HexFormat.of().formatHex(hash).substring(0, 11);
    } catch (NoSuchAlgorithmException e) {
      // Every JDK has SHA-1: java.security.MessageDigest, "Every implementation of the Java platform".
      throw new IllegalStateException(e);
    }
  }
}
