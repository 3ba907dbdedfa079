package dev.patchbay.lab.vpc;

/**
 * A block of addresses.
 *
 * @param base its first address; the bits after {@code length} are zero
 * @param length the number of leading bits that its addresses share; 0 to 32, or to 128 for IPv6
 */
public record Cidr(Ip base, int length) implements Comparable<Cidr> {
  /** Checks that the base is the first address of the block. */
  public Cidr {
    if (length < 0 || length > base.bits()) {
      throw new IllegalArgumentException("no such prefix length: " + base + "/" + length);
    }
    if (!mask(base, length).equals(base)) {
      throw new IllegalArgumentException(
          "%s/%d has bits set after the prefix; the block is %s/%d".formatted(base, length, mask(base, length), length));
    }
  }

  /**
   * Reads {@code address/length}.
   *
   * @throws IllegalArgumentException if the text is no block, or has bits set after the prefix
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR block: '" + text + "'");
    }
    return new Cidr(Ip.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** The block of that length in which the address lies. */
  public static Cidr around(Ip address, int length) {
    return new Cidr(mask(address, length), length);
  }

  /** The block of this one address. */
  public static Cidr of(Ip address) {
    return new Cidr(address, address.bits());
  }

  /** Whether it is a block of IPv6 addresses. */
  public boolean six() {
    return base.six();
  }

  /** Whether the address lies in this block. */
  public boolean contains(Ip address) {
    return address.six() == six() && mask(address, length).equals(base);
  }

  /** Whether the whole other block lies in this one. */
  public boolean contains(Cidr other) {
    return other.length >= length && contains(other.base);
  }

  /** Whether any address lies in both. */
  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /**
   * The number of addresses.
   *
   * @throws ArithmeticException if it is more than a long holds
   */
  public long size() {
    int free = base.bits() - length;
    if (free > 62) {
      throw new ArithmeticException(this + " has more addresses than can be counted");
    }
    return 1L << free;
  }

  @Override
  public int compareTo(Cidr other) {
    int order = base.compareTo(other.base);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return base + "/" + length;
  }

  private static Ip mask(Ip address, int length) {
    int bits = address.six() ? length : length + 96;
    long high = bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    long low = bits <= 64 ? 0 : bits >= 128 ? -1L : -1L << (128 - bits);
    return new Ip(address.six(), address.high() & high, address.low() & low);
  }
}
