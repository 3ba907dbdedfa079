package dev.patchbay.netlink.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Where one thread's system calls leave their errno. Never shared between threads that may call at once: a shared errno is
 * somebody else's error. A socket owns one, which its rule of one thread at a time protects; anything else makes one per use.
 */
public final class CallState {
  static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
  private static final long ERRNO = LAYOUT.byteOffset(StructLayout.PathElement.groupElement("errno"));

  final MemorySegment segment;

  /** Lives as long as the arena. */
  public CallState(Arena arena) {
    segment = arena.allocate(LAYOUT);
  }

  int errno() {
    return segment.get(ValueLayout.JAVA_INT, ERRNO);
  }
}
