package dev.patchbay.spi.net;

import org.apiguardian.api.API;

/**
 * A network: an address whose host bits are zero, and a prefix length. Immutable; ordered by address, then shorter
 * prefix first.
 *
 * @param address the first address of the network
 * @param length the prefix length in bits, 0 to 32 or 128
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Cidr(IpAddress address, int length) implements Comparable<Cidr> {
  /**
   * Checks the length and the host bits.
   *
   * @throws IllegalArgumentException if the length is out of range or host bits are set
   */
  public Cidr {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException(
          "/" + length + " is no prefix length of " + address.family() + "; it has 0 to " + address.family().bits());
    }
    if (!masked(address, length).equals(address)) {
      throw new IllegalArgumentException(
          address + "/" + length + " has host bits set; the network is " + masked(address, length) + "/" + length);
    }
  }

  /**
   * Parses {@code ADDRESS/LENGTH}. An address alone stands for itself: /32 or /128.
   *
   * @param text the text
   * @return the network
   * @throws IllegalArgumentException if it is none, or host bits are set; the message says which
   */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpAddress.of(text).asCidr();
    }
    String length = text.substring(slash + 1);
    if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("\"" + text + "\" has no prefix length; write it like 10.0.0.0/16");
    }
    return new Cidr(IpAddress.of(text.substring(0, slash)), Integer.parseInt(length));
  }

  /**
   * The network of a given size that an address lies in.
   *
   * @param address any address
   * @param length the prefix length in bits
   * @return the network
   */
  public static Cidr containing(IpAddress address, int length) {
    return new Cidr(masked(address, length), length);
  }

  private static IpAddress masked(IpAddress a, int length) {
    if (a.family() == AddressFamily.IPV4) {
      return new IpAddress(a.family(), 0, length == 0 ? 0 : a.low() & (-1L << (32 - length)) & 0xffff_ffffL);
    }
    long high = length >= 64 ? a.high() : length == 0 ? 0 : a.high() & (-1L << (64 - length));
    long low = length <= 64 ? 0 : length == 128 ? a.low() : a.low() & (-1L << (128 - length));
    return new IpAddress(a.family(), high, low);
  }

  /**
   * {@return the family}
   */
  public AddressFamily family() {
    return address.family();
  }

  /**
   * {@return whether the address lies in this network; false for one of the other family}
   * @param other the address
   */
  public boolean contains(IpAddress other) {
    return other.family() == family() && masked(other, length).equals(address);
  }

  /**
   * {@return whether all of the other network lies in this one}
   * @param other the other network
   */
  public boolean contains(Cidr other) {
    return other.length >= length && contains(other.address);
  }

  /**
   * {@return whether the two have an address in common}
   * @param other the other network
   */
  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /**
   * {@return the number of addresses, {@link Long#MAX_VALUE} if there are more than that}
   */
  public long size() {
    int hostBits = family().bits() - length;
    return hostBits >= 63 ? Long.MAX_VALUE : 1L << hostBits;
  }

  /**
   * The address at a place in the network.
   *
   * @param n the place, from 0
   * @return the address
   * @throws IndexOutOfBoundsException if the network is smaller
   */
  public IpAddress at(long n) {
    if (n < 0 || n >= size()) {
      throw new IndexOutOfBoundsException(this + " has no address at place " + n);
    }
    return address.plus(n);
  }

  @Override
  public int compareTo(Cidr other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
