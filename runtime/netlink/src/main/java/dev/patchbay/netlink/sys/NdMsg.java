package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct ndmsg}, include/uapi/linux/neighbour.h: the header of neighbour messages. */
public final class NdMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("ndm_family"),
          MemoryLayout.paddingLayout(3),
          JAVA_INT_UNALIGNED.withName("ndm_ifindex"),
          JAVA_SHORT_UNALIGNED.withName("ndm_state"),
          JAVA_BYTE.withName("ndm_flags"),
          JAVA_BYTE.withName("ndm_type"))
          .withName("ndmsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("ndm_family"));
  private static final long INDEX = LAYOUT.byteOffset(PathElement.groupElement("ndm_ifindex"));
  private static final long STATE = LAYOUT.byteOffset(PathElement.groupElement("ndm_state"));
  private static final long FLAGS = LAYOUT.byteOffset(PathElement.groupElement("ndm_flags"));
  private static final long TYPE = LAYOUT.byteOffset(PathElement.groupElement("ndm_type"));

  private NdMsg() {}

  public static void write(MemorySegment memory, long at, int family, int index, int state, int flags, int type) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_INT_UNALIGNED, at + INDEX, index);
    memory.set(JAVA_SHORT_UNALIGNED, at + STATE, (short) state);
    memory.set(JAVA_BYTE, at + FLAGS, (byte) flags);
    memory.set(JAVA_BYTE, at + TYPE, (byte) type);
  }

  public static int family(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FAMILY));
  }

  public static int index(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + INDEX);
  }

  public static int state(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + STATE));
  }

  public static int flags(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FLAGS));
  }

  public static int type(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + TYPE));
  }
}
