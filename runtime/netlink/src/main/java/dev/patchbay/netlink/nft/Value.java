package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A value as the kernel keeps it in registers and sets: bytes, in network order for what is in packets and in the machine's for
 * what is not. Immutable.
 */
public final class Value {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** An IPv4 or IPv6 address. */
  public static Value of(InetAddress address) {
    return new Value(address.getAddress());
  }

  public static Value of(MacAddress address) {
    ByteBuffer buffer = ByteBuffer.allocate(8).putLong(address.bits());
    return new Value(Arrays.copyOfRange(buffer.array(), 2, 8));
  }

  /** A port, 0 to 65535. */
  public static Value port(int port) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("A port is within 0 to 65535, unlike " + port);
    }
    return new Value(new byte[] {(byte) (port >> 8), (byte) port});
  }

  /** A packet's or connection's mark, an interface's index, or another number in the machine's byte order. */
  public static Value number(int number) {
    return new Value(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(number).array());
  }

  /** One byte, for example a transport protocol. */
  public static Value oneByte(int value) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("A byte is within 0 to 255, unlike " + value);
    }
    return new Value(new byte[] {(byte) value});
  }

  /** The name of an interface, filled up with zeros to 16 bytes. */
  public static Value linkName(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length < 1 || text.length > 15) {
      throw new IllegalArgumentException("An interface's name has 1 to 15 bytes, unlike \"" + name + "\"");
    }
    return new Value(Arrays.copyOf(text, 16));
  }

  /** The beginning of interfaces' names; matches all that begin so. */
  public static Value linkNamePrefix(String prefix) {
    byte[] text = prefix.getBytes(StandardCharsets.UTF_8);
    if (text.length < 1 || text.length > 15) {
      throw new IllegalArgumentException("The beginning of an interface's name has 1 to 15 bytes, unlike \"" + prefix + "\"");
    }
    return new Value(text);
  }

  /** Any bytes. */
  public static Value bytes(byte... bytes) {
    return new Value(bytes.clone());
  }

  /** Several values one after the other, each filled up to a multiple of four bytes, as in the key of a set of concatenations. */
  public static Value concatenation(Value... parts) {
    int length = 0;
    for (Value part : parts) {
      length += part.bytes.length + 3 & ~3;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (Value part : parts) {
      System.arraycopy(part.bytes, 0, joined, at, part.bytes.length);
      at += part.bytes.length + 3 & ~3;
    }
    return new Value(joined);
  }

  /** In bytes. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The bytes themselves, not to be changed. */
  byte[] raw() {
    return bytes;
  }

  /** The next higher value of this length, or this one's all-zero successor when there is none. */
  Value successor() {
    byte[] next = bytes.clone();
    for (int i = next.length - 1; i >= 0 && ++next[i] == 0; i--) {
      // Carries on into the next byte.
    }
    return new Value(next);
  }

  Value predecessor() {
    byte[] previous = bytes.clone();
    for (int i = previous.length - 1; i >= 0 && previous[i]-- == 0; i--) {
      // Borrows from the next byte.
    }
    return new Value(previous);
  }

  boolean isZero() {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  static int compare(Value one, Value other) {
    return Arrays.compareUnsigned(one.bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** In hexadecimal. */
  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
