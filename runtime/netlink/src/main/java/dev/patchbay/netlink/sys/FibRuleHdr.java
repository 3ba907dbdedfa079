package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct fib_rule_hdr}, include/uapi/linux/fib_rules.h: the header of rule messages. */
public final class FibRuleHdr {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("family"),
          JAVA_BYTE.withName("dst_len"),
          JAVA_BYTE.withName("src_len"),
          JAVA_BYTE.withName("tos"),
          JAVA_BYTE.withName("table"),
          MemoryLayout.paddingLayout(2),
          JAVA_BYTE.withName("action"),
          JAVA_INT_UNALIGNED.withName("flags"))
          .withName("fib_rule_hdr");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("family"));
  private static final long DESTINATION_LENGTH = LAYOUT.byteOffset(PathElement.groupElement("dst_len"));
  private static final long SOURCE_LENGTH = LAYOUT.byteOffset(PathElement.groupElement("src_len"));
  private static final long TOS = LAYOUT.byteOffset(PathElement.groupElement("tos"));
  private static final long TABLE = LAYOUT.byteOffset(PathElement.groupElement("table"));
  private static final long ACTION = LAYOUT.byteOffset(PathElement.groupElement("action"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("flags"));

  private FibRuleHdr() {}

  public static void write(
      MemorySegment memory, long at, int family, int destinationLength, int sourceLength, int tos, int table, int action, int flags) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_BYTE, at + DESTINATION_LENGTH, (byte) destinationLength);
    memory.set(JAVA_BYTE, at + SOURCE_LENGTH, (byte) sourceLength);
    memory.set(JAVA_BYTE, at + TOS, (byte) tos);
    memory.set(JAVA_BYTE, at + TABLE, (byte) table);
    memory.set(JAVA_BYTE, at + ACTION, (byte) action);
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

  public static int action(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + ACTION));
  }

  public static int flags(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + FLAGS);
  }
}
