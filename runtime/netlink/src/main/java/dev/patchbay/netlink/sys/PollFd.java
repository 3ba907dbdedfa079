package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct pollfd}, poll(2): a descriptor and the events waited for. */
public final class PollFd {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_INT_UNALIGNED.withName("fd"),
          JAVA_SHORT_UNALIGNED.withName("events"),
          JAVA_SHORT_UNALIGNED.withName("revents"))
          .withName("pollfd");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long DESCRIPTOR = LAYOUT.byteOffset(PathElement.groupElement("fd"));
  private static final long EVENTS = LAYOUT.byteOffset(PathElement.groupElement("events"));
  private static final long RETURNED = LAYOUT.byteOffset(PathElement.groupElement("revents"));

  private PollFd() {}

  public static void write(MemorySegment memory, long at, int descriptor, int events, int returned) {
    memory.set(JAVA_INT_UNALIGNED, at + DESCRIPTOR, descriptor);
    memory.set(JAVA_SHORT_UNALIGNED, at + EVENTS, (short) events);
    memory.set(JAVA_SHORT_UNALIGNED, at + RETURNED, (short) returned);
  }

  public static int returned(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + RETURNED));
  }
}
