package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct rtmsg}, include/uapi/linux/rtnetlink.h: the header of route messages. */
public final class RtMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("rtm_family"),
          JAVA_BYTE.withName("rtm_dst_len"),
          JAVA_BYTE.withName("rtm_src_len"),
          JAVA_BYTE.withName("rtm_tos"),
          JAVA_BYTE.withName("rtm_table"),
          JAVA_BYTE.withName("rtm_protocol"),
          JAVA_BYTE.withName("rtm_scope"),
          JAVA_BYTE.withName("rtm_type"),
          JAVA_INT_UNALIGNED.withName("rtm_flags"))
          .withName("rtmsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("rtm_family"));
  private static final long DESTINATION_LENGTH = LAYOUT.byteOffset(PathElement.groupElement("rtm_dst_len"));
  private static final long SOURCE_LENGTH = LAYOUT.byteOffset(PathElement.groupElement("rtm_src_len"));
  private static final long TOS = LAYOUT.byteOffset(PathElement.groupElement("rtm_tos"));
  private static final long TABLE = LAYOUT.byteOffset(PathElement.groupElement("rtm_table"));
  private static final long PROTOCOL = LAYOUT.byteOffset(PathElement.groupElement("rtm_protocol"));
  private static final long SCOPE = LAYOUT.byteOffset(PathElement.groupElement("rtm_scope"));
  private static final long TYPE = LAYOUT.byteOffset(PathElement.groupElement("rtm_type"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("rtm_flags"));

  private RtMsg() {}

  public static void write(
      MemorySegment memory, long at, int family, int destinationLength, int sourceLength, int tos, int table, int protocol, int scope, int type, int flags) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_BYTE, at + DESTINATION_LENGTH, (byte) destinationLength);
    memory.set(JAVA_BYTE, at + SOURCE_LENGTH, (byte) sourceLength);
    memory.set(JAVA_BYTE, at + TOS, (byte) tos);
    memory.set(JAVA_BYTE, at + TABLE, (byte) table);
    memory.set(JAVA_BYTE, at + PROTOCOL, (byte) protocol);
    memory.set(JAVA_BYTE, at + SCOPE, (byte) scope);
    memory.set(JAVA_BYTE, at + TYPE, (byte) type);
    memory.set(JAVA_INT_UNALIGNED, at + FLAGS, flags);
  }

  public static int family(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FAMILY));
  }

  public static int destinationLength(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + DESTINATION_LENGTH));
  }

  public static int sourceLength(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + SOURCE_LENGTH));
  }

  public static int tos(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + TOS));
  }

  public static int table(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + TABLE));
  }

  public static int protocol(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + PROTOCOL));
  }

  public static int scope(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + SCOPE));
  }

  public static int type(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + TYPE));
  }

  public static int flags(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + FLAGS);
  }
}
