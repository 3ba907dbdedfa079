package dev.patchbay.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlAttr;
import dev.patchbay.netlink.sys.NlMsgHdr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Builds netlink messages one after the other in native memory that grows and is kept from batch to batch. Not for use by
 * several threads.
 *
 * <p>Numbers are in the machine's byte order except where the method's name says {@code BigEndian}.
 */
public final class MessageWriter {
  private static final int MAX_ATTRIBUTE = 0xffff;

  private MemorySegment memory;
  private int position;
  private int message = -1;

  /** With room for some bytes at first. */
  public MessageWriter(int capacity) {
    memory = Arena.ofAuto().allocate(capacity, 8);
  }

  /** Forgets all messages. */
  public void clear() {
    // All beyond the position is zero at any time, so that padding and unset members need no care; once per batch is cheapest.
    memory.asSlice(0, position).fill((byte) 0);
    position = 0;
    message = -1;
  }

  /** Bytes written so far. */
  public int length() {
    return position;
  }

  /** The native memory; another one after it has grown. */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Ends the message before, if any, and starts another.
   *
   * @param type message type, for example RTM_NEWLINK
   * @param flags NLM_F_* beside NLM_F_REQUEST, which is always set
   */
  public void begin(int type, int flags) {
    end();
    message = position;
    reserve(NlMsgHdr.SIZE);
    NlMsgHdr.write(memory, message, 0, type, flags | NetlinkConstants.NLM_F_REQUEST, 0, 0);
  }

  /**
   * Reserves zeroed bytes for the header that follows a message's own (struct ifinfomsg and the like).
   *
   * @return its offset in {@link #memory()}
   */
  public int header(int size) {
    int at = position;
    reserve(size);
    return at;
  }

  /** Writes the header that follows a message's own, byte by byte as the kernel has it. */
  public void header(byte[] bytes) {
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, header(bytes.length), bytes.length);
  }

  /** Completes the message that was begun last; nothing when there is none. */
  void end() {
    if (message >= 0) {
      memory.set(JAVA_INT_UNALIGNED, message, position - message);
      message = -1;
    }
  }

  /** Opens a nested attribute; hand what this returns to {@link #endNest}. */
  public int beginNest(int type) {
    int at = position;
    reserve(NlAttr.SIZE);
    NlAttr.write(memory, at, 0, type | NetlinkConstants.NLA_F_NESTED);
    return at;
  }

  /**
   * Closes a nested attribute.
   *
   * @throws IllegalStateException when it holds more than 65535 bytes, which an attribute's 16-bit length can't say
   */
  public void endNest(int nest) {
    int length = position - nest;
    if (length > MAX_ATTRIBUTE) {
      throw new IllegalStateException(
          "A nested attribute of " + length + " bytes is over netlink's limit of " + MAX_ATTRIBUTE
              + "; spread its contents over several requests");
    }
    memory.set(JAVA_SHORT_UNALIGNED, nest, (short) length);
  }

  /** How many bytes a nested attribute that is still open holds so far, its header included. */
  public int nestLength(int nest) {
    return position - nest;
  }

  /** An attribute without payload. */
  public void putFlag(int type) {
    attribute(type, 0);
  }

  public void putU8(int type, int value) {
    int at = attribute(type, 1);
    memory.set(JAVA_BYTE, at, (byte) value);
  }

  public void putU16(int type, int value) {
    int at = attribute(type, 2);
    memory.set(JAVA_SHORT_UNALIGNED, at, (short) value);
  }

  public void putU32(int type, int value) {
    int at = attribute(type, 4);
    memory.set(JAVA_INT_UNALIGNED, at, value);
  }

  public void putU64(int type, long value) {
    int at = attribute(type, 8);
    memory.set(JAVA_LONG_UNALIGNED, at, value);
  }

  public void putU16BigEndian(int type, int value) {
    int at = attribute(type, 2);
    memory.set(BigEndian.SHORT, at, (short) value);
  }

  public void putU32BigEndian(int type, int value) {
    int at = attribute(type, 4);
    memory.set(BigEndian.INT, at, value);
  }

  public void putU64BigEndian(int type, long value) {
    int at = attribute(type, 8);
    memory.set(BigEndian.LONG, at, value);
  }

  public void putBytes(int type, byte[] value) {
    int at = attribute(type, value.length);
    MemorySegment.copy(value, 0, memory, JAVA_BYTE, at, value.length);
  }

  /** Text in UTF-8, terminated by a zero byte. */
  public void putString(int type, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int at = attribute(type, bytes.length + 1);
    // The terminator is already there: new attributes are zeroed.
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, bytes.length);
  }

  public void putAddress(int type, InetAddress address) {
    putBytes(type, address.getAddress());
  }

  public void putMac(int type, MacAddress address) {
    int at = attribute(type, 6);
    memory.set(BigEndian.SHORT, at, (short) (address.bits() >>> 32));
    memory.set(BigEndian.INT, at + 2, (int) address.bits());
  }

  /** Returns where the payload goes. May replace the memory, so call it before looking at that. */
  private int attribute(int type, int payload) {
    int length = NlAttr.SIZE + payload;
    if (length > MAX_ATTRIBUTE) {
      throw new IllegalArgumentException("An attribute of " + length + " bytes is over netlink's limit of " + MAX_ATTRIBUTE);
    }
    int at = position;
    reserve(length);
    NlAttr.write(memory, at, length, type);
    return at + NlAttr.SIZE;
  }

  /** Everything in netlink starts at a multiple of four, and its padding must be zero (netlink(3)). */
  private void reserve(int bytes) {
    int aligned = bytes + 3 & ~3;
    if (position + aligned > memory.byteSize()) {
      MemorySegment larger =
          Arena.ofAuto().allocate(Math.max(memory.byteSize() * 2, (long) position + aligned), 8);
      MemorySegment.copy(memory, 0, larger, 0, position);
      memory = larger;
    }
    position += aligned;
  }
}
