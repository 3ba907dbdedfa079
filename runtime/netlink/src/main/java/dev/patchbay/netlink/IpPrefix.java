package dev.patchbay.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address and a prefix length. Bits beyond the length are kept, since an interface's address has them; the kernel refuses
 * a route or rule that has them with EINVAL, so use {@link #network()} there.
 *
 * @param address any address
 * @param length 0 to 32, or to 128 for IPv6
 */
public record IpPrefix(InetAddress address, int length) {
  private static final IpPrefix ANY_IPV4 = new IpPrefix(InetAddress.ofLiteral("0.0.0.0"), 0);
  private static final IpPrefix ANY_IPV6 = new IpPrefix(InetAddress.ofLiteral("::"), 0);

  public IpPrefix {
    int most = Family.of(address).addressBytes() * 8;
    if (length < 0 || length > most) {
      throw new IllegalArgumentException(
          "Prefix length " + length + " of " + address.getHostAddress() + " is not within 0 to " + most);
    }
  }

  /**
   * Parses {@code 10.0.0.0/8}, or an address alone, which gets its full length. Never asks a resolver.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static IpPrefix of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(InetAddress.ofLiteral(text));
    }
    int length;
    try {
      length = Integer.parseInt(text, slash + 1, text.length(), 10);
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException("\"" + text + "\" is not a prefix: expected ADDRESS/LENGTH", malformed);
    }
    return new IpPrefix(InetAddress.ofLiteral(text.substring(0, slash)), length);
  }

  /** The address alone: /32 or /128. */
  public static IpPrefix host(InetAddress address) {
    return new IpPrefix(address, Family.of(address).addressBytes() * 8);
  }

  /** All addresses of a family, the destination of a default route. */
  public static IpPrefix any(Family family) {
    return switch (family) {
      case IPV4 -> ANY_IPV4;
      case IPV6 -> ANY_IPV6;
    };
  }

  public Family family() {
    return Family.of(address);
  }

  /** The same with all bits beyond the length zero. */
  public IpPrefix network() {
    byte[] bytes = address.getAddress();
    for (int bit = length; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >>> (bit % 8));
    }
    return new IpPrefix(addressOf(bytes), length);
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }

  static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException malformed) {
      throw new IllegalArgumentException("An address has 4 or 16 bytes, not " + bytes.length, malformed);
    }
  }
}
