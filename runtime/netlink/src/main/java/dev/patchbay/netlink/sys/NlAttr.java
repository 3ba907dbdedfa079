package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct nlattr}, include/uapi/linux/netlink.h: the header of every attribute; the length counts the header and not the padding. */
public final class NlAttr {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_SHORT_UNALIGNED.withName("nla_len"),
          JAVA_SHORT_UNALIGNED.withName("nla_type"))
          .withName("nlattr");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long LENGTH = LAYOUT.byteOffset(PathElement.groupElement("nla_len"));
  private static final long TYPE = LAYOUT.byteOffset(PathElement.groupElement("nla_type"));

  private NlAttr() {}

  public static void write(MemorySegment memory, long at, int length, int type) {
    memory.set(JAVA_SHORT_UNALIGNED, at + LENGTH, (short) length);
    memory.set(JAVA_SHORT_UNALIGNED, at + TYPE, (short) type);
  }

  public static int length(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + LENGTH));
  }

  public static int type(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + TYPE));
  }
}
