package dev.patchbay.linux.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** An array of {@code struct epoll_event}, which x86-64 alone packs (include/uapi/linux/eventpoll.h, EPOLL_PACKED). */
final class EpollEvents {
  static final StructLayout EVENT = System.getProperty("os.arch").equals("amd64")
      ? MemoryLayout.structLayout(JAVA_INT.withName("events"), JAVA_LONG_UNALIGNED.withName("data"))
      : MemoryLayout.structLayout(JAVA_INT.withName("events"), MemoryLayout.paddingLayout(4), JAVA_LONG.withName("data"));
  private static final long DATA = EVENT.byteOffset(PathElement.groupElement("data"));

  private final MemorySegment segment;
  private final int capacity;

  EpollEvents(Arena arena, int capacity) {
    this.segment = arena.allocate(EVENT.byteSize() * capacity, 8);
    this.capacity = capacity;
  }

  static void set(MemorySegment event, int events, long key) {
    event.set(JAVA_INT_UNALIGNED, 0, events);
    event.set(JAVA_LONG_UNALIGNED, DATA, key);
  }

  MemorySegment segment() {
    return segment;
  }

  int capacity() {
    return capacity;
  }

  int events(int index) {
    return segment.get(JAVA_INT_UNALIGNED, index * EVENT.byteSize());
  }

  long key(int index) {
    return segment.get(JAVA_LONG_UNALIGNED, index * EVENT.byteSize() + DATA);
  }
}
