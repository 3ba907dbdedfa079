package dev.patchbay.spi.net;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A 48-bit hardware address. Immutable.
 *
 * @param value the address in the lowest 48 bits
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MacAddress(long value) implements Comparable<MacAddress> {
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if bits above the lowest 48 are set
   */
  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException("a hardware address has 48 bits only");
    }
  }

  /**
   * Parses six pairs of hexadecimal digits, separated by colons, in either case.
   *
   * @param text the text
   * @return the address
   * @throws IllegalArgumentException if it is none; the message repeats the text
   */
  public static MacAddress of(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no hardware address; write it like 02:11:22:33:44:55");
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
  }

  /**
   * {@return the six bytes, in the order in which they are sent}
   */
  public byte[] bytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (value >>> (40 - 8 * i));
    }
    return bytes;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes());
  }
}
