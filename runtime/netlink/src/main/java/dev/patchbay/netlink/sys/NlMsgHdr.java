package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct nlmsghdr}, include/uapi/linux/netlink.h: the header of every netlink message. */
public final class NlMsgHdr {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_INT_UNALIGNED.withName("nlmsg_len"),
          JAVA_SHORT_UNALIGNED.withName("nlmsg_type"),
          JAVA_SHORT_UNALIGNED.withName("nlmsg_flags"),
          JAVA_INT_UNALIGNED.withName("nlmsg_seq"),
          JAVA_INT_UNALIGNED.withName("nlmsg_pid"))
          .withName("nlmsghdr");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long LENGTH = LAYOUT.byteOffset(PathElement.groupElement("nlmsg_len"));
  private static final long TYPE = LAYOUT.byteOffset(PathElement.groupElement("nlmsg_type"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("nlmsg_flags"));
  private static final long SEQUENCE = LAYOUT.byteOffset(PathElement.groupElement("nlmsg_seq"));
  private static final long PORT = LAYOUT.byteOffset(PathElement.groupElement("nlmsg_pid"));

  private NlMsgHdr() {}

  public static void write(MemorySegment memory, long at, int length, int type, int flags, int sequence, int port) {
    memory.set(JAVA_INT_UNALIGNED, at + LENGTH, length);
    memory.set(JAVA_SHORT_UNALIGNED, at + TYPE, (short) type);
    memory.set(JAVA_SHORT_UNALIGNED, at + FLAGS, (short) flags);
    memory.set(JAVA_INT_UNALIGNED, at + SEQUENCE, sequence);
    memory.set(JAVA_INT_UNALIGNED, at + PORT, port);
  }

  public static int length(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + LENGTH);
  }

  public static int type(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + TYPE));
  }

  public static int flags(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + FLAGS));
  }

  public static int sequence(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + SEQUENCE);
  }

  public static int port(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + PORT);
  }

  /** Sets the sequence number of a message already written, and adds flags. */
  public static void stamp(MemorySegment memory, long at, int sequence, int flags) {
    memory.set(JAVA_INT_UNALIGNED, at + SEQUENCE, sequence);
    memory.set(JAVA_SHORT_UNALIGNED, at + FLAGS, (short) (flags(memory, at) | flags));
  }
}
