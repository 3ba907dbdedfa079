package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct ifaddrmsg}, include/uapi/linux/if_addr.h: the header of address messages. */
public final class IfAddrMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("ifa_family"),
          JAVA_BYTE.withName("ifa_prefixlen"),
          JAVA_BYTE.withName("ifa_flags"),
          JAVA_BYTE.withName("ifa_scope"),
          JAVA_INT_UNALIGNED.withName("ifa_index"))
          .withName("ifaddrmsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("ifa_family"));
  private static final long PREFIX_LENGTH = LAYOUT.byteOffset(PathElement.groupElement("ifa_prefixlen"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("ifa_flags"));
  private static final long SCOPE = LAYOUT.byteOffset(PathElement.groupElement("ifa_scope"));
  private static final long INDEX = LAYOUT.byteOffset(PathElement.groupElement("ifa_index"));

  private IfAddrMsg() {}

  public static void write(
      MemorySegment memory, long at, int family, int prefixLength, int flags, int scope, int index) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_BYTE, at + PREFIX_LENGTH, (byte) prefixLength);
    memory.set(JAVA_BYTE, at + FLAGS, (byte) flags);
    memory.set(JAVA_BYTE, at + SCOPE, (byte) scope);
    memory.set(JAVA_INT_UNALIGNED, at + INDEX, index);
  }

  public static int family(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FAMILY));
  }

  public static int prefixLength(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + PREFIX_LENGTH));
  }

  public static int flags(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FLAGS));
  }

  public static int scope(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + SCOPE));
  }

  public static int index(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + INDEX);
  }
}
