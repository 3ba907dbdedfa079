package dev.patchbay.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlAttr;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Walks over attributes: call {@link #next()} until it returns false, and between calls read the attribute at hand. Valid
 * only as long as the message it came from.
 *
 * <p>Numbers are in the machine's byte order except where the method's name says {@code BigEndian}.
 */
public final class AttributeReader {
  private final MemorySegment memory;
  private final long end;
  private long following;
  private long payload;
  private int length;
  private int type;

  AttributeReader(MemorySegment memory, long start, long end) {
    this.memory = memory;
    this.following = start;
    this.end = end;
  }

  /**
   * Moves to the next attribute.
   *
   * @return false after the last
   * @throws IllegalStateException when the attributes don't fit into their message
   */
  public boolean next() {
    if (following + NlAttr.SIZE > end) {
      return false;
    }
    int whole = NlAttr.length(memory, following);
    if (whole < NlAttr.SIZE || following + whole > end) {
      throw new IllegalStateException("Malformed netlink message: an attribute says " + whole + " bytes where "
          + (end - following) + " are left");
    }
    type = NlAttr.type(memory, following) & NetlinkConstants.NLA_TYPE_MASK;
    payload = following + NlAttr.SIZE;
    length = whole - NlAttr.SIZE;
    following += whole + 3 & ~3;
    return true;
  }

  /** The attribute's type, without its flag bits. */
  public int type() {
    return type;
  }

  /** The payload's length in bytes. */
  public int length() {
    return length;
  }

  public int u8() {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at(1)));
  }

  public int u16() {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at(2)));
  }

  /** As the bits of an int; for values over 2^31 see {@link Integer#toUnsignedLong}. */
  public int u32() {
    return memory.get(JAVA_INT_UNALIGNED, at(4));
  }

  public long u64() {
    return memory.get(JAVA_LONG_UNALIGNED, at(8));
  }

  public int u16BigEndian() {
    return Short.toUnsignedInt(memory.get(BigEndian.SHORT, at(2)));
  }

  public int u32BigEndian() {
    return memory.get(BigEndian.INT, at(4));
  }

  public long u64BigEndian() {
    return memory.get(BigEndian.LONG, at(8));
  }

  /** One 64-bit number of a payload that is an array of them. */
  public long u64At(int index) {
    at(8 * (index + 1));
    return memory.get(JAVA_LONG_UNALIGNED, payload + 8L * index);
  }

  public byte[] bytes() {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, JAVA_BYTE, payload, bytes, 0, length);
    return bytes;
  }

  /** Text in UTF-8 up to the first zero byte. */
  public String string() {
    byte[] bytes = bytes();
    int terminator = 0;
    while (terminator < bytes.length && bytes[terminator] != 0) {
      terminator++;
    }
    return new String(bytes, 0, terminator, StandardCharsets.UTF_8);
  }

  /** An IPv4 or IPv6 address, by the payload's length. */
  public InetAddress address() {
    return IpPrefix.addressOf(bytes());
  }

  /** Whether the payload is as long as an Ethernet address; tunnels have link addresses of other lengths. */
  public boolean isMac() {
    return length == 6;
  }

  public MacAddress mac() {
    long at = at(6);
    return new MacAddress(
        Short.toUnsignedLong(memory.get(BigEndian.SHORT, at)) << 32
            | Integer.toUnsignedLong(memory.get(BigEndian.INT, at + 2)));
  }

  /** The attributes inside this one. */
  public AttributeReader nested() {
    return new AttributeReader(memory, payload, payload + length);
  }

  private long at(int bytes) {
    if (length < bytes) {
      throw new IllegalStateException(
          "Malformed netlink message: attribute " + type + " has " + length + " bytes, " + bytes + " are needed");
    }
    return payload;
  }
}
