package dev.patchbay.lab.services;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How kube-proxy shortens names for chains: SHA-256 in base 32 (RFC 4648), of which it takes the first letters. */
final class ChainNames {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private ChainNames() {}

  static String hash(String text, int letters) {
    byte[] digest = sha256(text);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < letters; i++) {
      int value = 0;
      for (int bit = i * BITS; bit < (i + 1) * BITS; bit++) {
        value = value << 1 | digest[bit / 8] >> 7 - bit % 8 & 1;
      }
      out.append(ALPHABET.charAt(value));
    }
    return out.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
