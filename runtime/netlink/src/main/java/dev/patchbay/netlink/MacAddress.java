package dev.patchbay.netlink;

import java.util.HexFormat;

/**
 * A 48-bit link-layer address.
 *
 * @param bits the address in the low 48 bits, first byte on the wire highest
 */
public record MacAddress(long bits) {
  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("A MAC address has 48 bits, not 0x" + Long.toHexString(bits));
    }
  }

  /**
   * Parses {@code 02:00:0a:00:00:01}.
   *
   * @throws IllegalArgumentException when the text is not six bytes in hexadecimal with colons
   */
  public static MacAddress of(String text) {
    byte[] bytes = HexFormat.ofDelimiter(":").parseHex(text);
    if (bytes.length != 6) {
      throw new IllegalArgumentException("\"" + text + "\" is not a MAC address of six bytes");
    }
    long bits = 0;
    for (byte b : bytes) {
      bits = bits << 8 | Byte.toUnsignedInt(b);
    }
    return new MacAddress(bits);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      hex.toHexDigits(text, (byte) (bits >>> shift));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }
}
