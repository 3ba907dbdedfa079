package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct rtgenmsg}, include/uapi/linux/rtnetlink.h: the header of namespace id messages; attributes follow at a multiple of 4. */
public final class RtGenMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("rtgen_family"))
          .withName("rtgenmsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("rtgen_family"));

  private RtGenMsg() {}

  public static void write(MemorySegment memory, long at, int family) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
  }
}
