package dev.patchbay.lab.vpc;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address. IPv4 addresses sort before IPv6 addresses, within a family by value.
 *
 * @param six whether this is an IPv6 address
 * @param high the upper 64 bits; 0 for IPv4
 * @param low the lower 64 bits; 0 to 2^32-1 for IPv4
 */
public record Ip(boolean six, long high, long low) implements Comparable<Ip> {
  /** Checks the range of an IPv4 address. */
  public Ip {
    if (!six && (high != 0 || low < 0 || low > 0xffff_ffffL)) {
      throw new IllegalArgumentException("not an IPv4 address: 0x%x, 0x%x".formatted(high, low));
    }
  }

  /**
   * Reads the usual text form, without asking any name service.
   *
   * @throws IllegalArgumentException if the text is no address literal
   */
  public static Ip parse(String text) {
    if (text.isEmpty() || text.indexOf('%') >= 0) {
      throw new IllegalArgumentException("not an IP address: '" + text + "'");
    }
    return of(InetAddress.ofLiteral(text));
  }

  /** The same address as a value of ours. */
  public static Ip of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? new Ip(false, 0, Integer.toUnsignedLong(buffer.getInt()))
        : new Ip(true, buffer.getLong(), buffer.getLong());
  }

  /** The same address as a value of the JDK. */
  public InetAddress inet() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are always an address", e);
    }
  }

  /** The address in network order: 4 or 16 bytes. */
  public byte[] bytes() {
    return six
        ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
        : ByteBuffer.allocate(4).putInt((int) low).array();
  }

  /** 32 or 128. */
  public int bits() {
    return six ? 128 : 32;
  }

  /** The address that many steps further. */
  public Ip plus(long steps) {
    long sum = low + steps;
    boolean carry = six && steps > 0 && Long.compareUnsigned(sum, low) < 0;
    return new Ip(six, carry ? high + 1 : high, sum);
  }

  @Override
  public int compareTo(Ip other) {
    if (six != other.six) {
      return six ? 1 : -1;
    }
    int upper = Long.compareUnsigned(high, other.high);
    return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
  }

  /** The text form; IPv6 as RFC 5952 has it: lower case, the longest run of zeros shortened. */
  @Override
  public String toString() {
    return six ? text6() : ((Inet4Address) inet()).getHostAddress();
  }

  private String text6() {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? high : low;
      groups[i] = (int) (half >>> (48 - 16 * (i % 4))) & 0xffff;
    }
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        best = i;
        bestLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == best) {
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
