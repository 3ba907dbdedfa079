package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.NlMsgHdr;
import java.lang.foreign.MemorySegment;

/** A message from the kernel, in the socket's receive buffer: valid only during the callback that it is handed to. */
public final class Message {
  private final MemorySegment memory;
  private long start;
  private int length;

  Message(MemorySegment memory) {
    this.memory = memory;
  }

  /** Points this at another message. */
  void moveTo(long start, int length) {
    this.start = start;
    this.length = length;
  }

  /** The message's type, for example RTM_NEWLINK. */
  public int type() {
    return NlMsgHdr.type(memory, start);
  }

  public int flags() {
    return NlMsgHdr.flags(memory, start);
  }

  /** The port of the socket whose request this is an answer to or an announcement of; 0 for the kernel itself. */
  public int port() {
    return NlMsgHdr.port(memory, start);
  }

  int sequence() {
    return NlMsgHdr.sequence(memory, start);
  }

  /** The memory that holds the message, at {@link #payload()}. */
  public MemorySegment memory() {
    return memory;
  }

  /** Where the payload starts in {@link #memory()}. */
  public long payload() {
    return start + NlMsgHdr.SIZE;
  }

  /** The payload's length in bytes. */
  public int payloadLength() {
    return length - NlMsgHdr.SIZE;
  }

  /**
   * The attributes after a header.
   *
   * @param headerBytes length of the header (struct ifinfomsg and the like)
   * @throws IllegalStateException when the message is shorter than that
   */
  public AttributeReader attributes(int headerBytes) {
    if (payloadLength() < headerBytes) {
      throw new IllegalStateException("Malformed netlink message: type " + type() + " has " + payloadLength()
          + " bytes, its header needs " + headerBytes);
    }
    return new AttributeReader(memory, payload() + (headerBytes + 3 & ~3), start + length);
  }
}
