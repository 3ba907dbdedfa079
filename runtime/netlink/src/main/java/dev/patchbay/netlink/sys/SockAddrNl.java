package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct sockaddr_nl}, include/uapi/linux/netlink.h: the address of a netlink socket. */
public final class SockAddrNl {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_SHORT_UNALIGNED.withName("nl_family"),
          MemoryLayout.paddingLayout(2),
          JAVA_INT_UNALIGNED.withName("nl_pid"),
          JAVA_INT_UNALIGNED.withName("nl_groups"))
          .withName("sockaddr_nl");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("nl_family"));
  private static final long PORT = LAYOUT.byteOffset(PathElement.groupElement("nl_pid"));
  private static final long GROUPS = LAYOUT.byteOffset(PathElement.groupElement("nl_groups"));

  private SockAddrNl() {}

  public static void write(MemorySegment memory, long at, int family, int port, int groups) {
    memory.set(JAVA_SHORT_UNALIGNED, at + FAMILY, (short) family);
    memory.set(JAVA_INT_UNALIGNED, at + PORT, port);
    memory.set(JAVA_INT_UNALIGNED, at + GROUPS, groups);
  }

  public static int port(MemorySegment memory, long at) {
    return memory.get(JAVA_INT_UNALIGNED, at + PORT);
  }
}
