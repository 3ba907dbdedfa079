package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct ifinfomsg}, include/uapi/linux/rtnetlink.h: the header of link messages. */
public final class IfInfoMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("ifi_family"),
          MemoryLayout.paddingLayout(1),
          JAVA_SHORT_UNALIGNED.withName("ifi_type"),
          JAVA_INT_UNALIGNED.withName("ifi_index"),
          JAVA_INT_UNALIGNED.withName("ifi_flags"),
          JAVA_INT_UNALIGNED.withName("ifi_change"))
          .withName("ifinfomsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("ifi_family"));
  private static final long TYPE = LAYOUT.byteOffset(PathElement.groupElement("ifi_type"));
  private static final long INDEX = LAYOUT.byteOffset(PathElement.groupElement("ifi_index"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("ifi_flags"));
  private static final long CHANGE = LAYOUT.byteOffset(PathElement.groupElement("ifi_change"));

  private IfInfoMsg() {}

  public static void write(MemorySegment memory, long at, int family, int type, int index, int flags, int change) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_SHORT_UNALIGNED, at + TYPE, (short) type);
    memory.set(JAVA_INT_UNALIGNED, at + INDEX, index);
    memory.set(JAVA_INT_UNALIGNED, at + FLAGS, flags);
    memory.set(JAVA_INT_UNALIGNED, at + CHANGE, change);
  }

  public static int family(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FAMILY));
  }

  public static int type(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + TYPE));
  }

  public static int index(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + INDEX);
  }

  public static int flags(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + FLAGS);
  }
}
