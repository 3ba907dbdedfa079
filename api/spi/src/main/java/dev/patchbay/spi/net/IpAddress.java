package dev.patchbay.spi.net;

import java.net.InetAddress;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An IP address of either family, without a prefix length, zone or port. Immutable; ordered by family, then as an
 * unsigned number.
 *
 * @param family the family
 * @param high the upper 64 bits; always 0 for IPv4
 * @param low the lower 64 bits; for IPv4 the address in the lowest 32, the rest 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IpAddress(AddressFamily family, long high, long low) implements Comparable<IpAddress> {
  private static final long LOW_32 = 0xffff_ffffL;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if an IPv4 address has bits above the lowest 32
   */
  public IpAddress {
    if (family == AddressFamily.IPV4 && (high != 0 || (low & ~LOW_32) != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits only");
    }
  }

  /**
   * Parses a literal: dotted decimal with four parts, or any form of RFC 4291 without a zone. Names are never resolved.
   *
   * @param text the literal
   * @return the address
   * @throws IllegalArgumentException if the text is no such literal; the message repeats it
   */
  public static IpAddress of(String text) {
    long v4 = dotted(text);
    if (v4 >= 0) {
      return new IpAddress(AddressFamily.IPV4, 0, v4);
    }
    boolean plain = !text.isEmpty() && text.indexOf('%') < 0 && text.indexOf('[') < 0;
    boolean v6 = text.indexOf(':') >= 0;
    // InetAddress takes "10.1" and "0x7f.1" too, which nobody who writes configuration means.
    if (!plain || (!v6 && !text.matches("\\d{1,3}(\\.\\d{1,3}){3}"))) {
      throw notAnAddress(text, null);
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(text).getAddress();
      return v6 ? ofMapped(bytes) : of(bytes);
    } catch (IllegalArgumentException e) {
      throw notAnAddress(text, e);
    }
  }

  /** The number of four decimal numbers with dots between, the way in which all write them; -1 for what has another form. */
  private static long dotted(String text) {
    long number = 0;
    int part = -1;
    int parts = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.') {
        if (part < 0) {
          return -1;
        }
        number = number << 8 | part;
        part = -1;
        parts++;
      } else if (c < '0' || c > '9' || part == 0) {
        return -1;
      } else {
        part = Math.max(part, 0) * 10 + c - '0';
        if (part > 255) {
          return -1;
        }
      }
    }
    return parts == 4 ? number : -1;
  }

  private static IpAddress ofMapped(byte[] bytes) {
    if (bytes.length == 16) {
      return of(bytes);
    }
    // The JDK turns ::ffff:a.b.c.d into IPv4; what was written as IPv6 stays IPv6.
    return new IpAddress(AddressFamily.IPV6, 0, 0xffffL << 32 | of(bytes).low);
  }

  private static IllegalArgumentException notAnAddress(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no IP address; write it like 10.0.1.2 or 2001:db8::1", cause);
  }

  /**
   * Makes an address of its bytes in network order.
   *
   * @param bytes 4 or 16 bytes
   * @return the address
   * @throws IllegalArgumentException if there are neither 4 nor 16
   */
  public static IpAddress of(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new IpAddress(AddressFamily.IPV4, 0, number(bytes, 0, 4));
      case 16 -> new IpAddress(AddressFamily.IPV6, number(bytes, 0, 8), number(bytes, 8, 8));
      default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  private static long number(byte[] bytes, int from, int length) {
    long n = 0;
    for (int i = from; i < from + length; i++) {
      n = n << 8 | (bytes[i] & 0xff);
    }
    return n;
  }

  /**
   * {@return the bytes in network order, 4 or 16}
   */
  public byte[] bytes() {
    byte[] bytes = new byte[family.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int shift = (bytes.length - 1 - i) * 8;
      bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return bytes;
  }

  /**
   * Adds to the address as an unsigned number, within its family.
   *
   * @param n how much; may be negative
   * @return the address that lies {@code n} further
   * @throws ArithmeticException if that is beyond the family's first or last address
   */
  public IpAddress plus(long n) {
    if (family == AddressFamily.IPV4) {
      long sum = Math.addExact(low, n);
      if (sum < 0 || sum > LOW_32) {
        throw new ArithmeticException(this + " + " + n + " leaves the address space");
      }
      return new IpAddress(family, 0, sum);
    }
    long sum = low + n;
    long carry = n >= 0 ? (Long.compareUnsigned(sum, low) < 0 ? 1 : 0) : (Long.compareUnsigned(sum, low) > 0 ? -1 : 0);
    long top = high + carry;
    if ((carry == 1 && top == 0) || (carry == -1 && high == 0)) {
      throw new ArithmeticException(this + " + " + n + " leaves the address space");
    }
    return new IpAddress(family, top, sum);
  }

  /**
   * {@return whether this is a link-local address: 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291)}
   */
  public boolean isLinkLocal() {
    return family == AddressFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
  }

  /**
   * {@return this address as a network of one address: /32 or /128}
   */
  public Cidr asCidr() {
    return new Cidr(this, family.bits());
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /**
   * {@return the text: dotted decimal, or RFC 5952's canonical form}
   */
  @Override
  public String toString() {
    if (family == AddressFamily.IPV4) {
      return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (int) ((i < 4 ? high >>> (48 - 16 * i) : low >>> (48 - 16 * (i - 4))) & 0xffff);
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
      i = Math.max(i, end);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
