package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct statx}, include/uapi/linux/stat.h: the members that identify a file. */
public final class Statx {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          MemoryLayout.paddingLayout(32),
          JAVA_LONG_UNALIGNED.withName("stx_ino"),
          MemoryLayout.paddingLayout(96),
          JAVA_INT_UNALIGNED.withName("stx_dev_major"),
          JAVA_INT_UNALIGNED.withName("stx_dev_minor"),
          MemoryLayout.paddingLayout(112))
          .withName("statx");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long INODE = LAYOUT.byteOffset(PathElement.groupElement("stx_ino"));
  private static final long DEVICE_MAJOR = LAYOUT.byteOffset(PathElement.groupElement("stx_dev_major"));
  private static final long DEVICE_MINOR = LAYOUT.byteOffset(PathElement.groupElement("stx_dev_minor"));

  private Statx() {}

  public static long inode(MemorySegment memory, long at) {
    return memory.get(JAVA_LONG_UNALIGNED, at + INODE);
  }

  public static int deviceMajor(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + DEVICE_MAJOR);
  }

  public static int deviceMinor(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + DEVICE_MINOR);
  }
}
