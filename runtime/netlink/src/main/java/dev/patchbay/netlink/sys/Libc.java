package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * The C library's functions that netlink and namespaces need. Every method returns what the function
 * returns, or the negated errno where the function failed, as the kernel itself does.
 *
 * <p>{@link NativeAccess#require()} must have passed before this class is touched.
 */
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

  private static final MemorySegment SOCKET = symbol("socket");
  private static final MemorySegment BIND = symbol("bind");
  private static final MemorySegment GETSOCKNAME = symbol("getsockname");
  private static final MemorySegment SETSOCKOPT = symbol("setsockopt");
  private static final MemorySegment GETSOCKOPT = symbol("getsockopt");
  private static final MemorySegment SEND = symbol("send");
  private static final MemorySegment RECV = symbol("recv");
  private static final MemorySegment POLL = symbol("poll");
  private static final MemorySegment EVENTFD = symbol("eventfd");
  private static final MemorySegment WRITE = symbol("write");
  private static final MemorySegment CLOSE = symbol("close");
  private static final MemorySegment OPEN = symbol("open");
  private static final MemorySegment FCNTL = symbol("fcntl");
  private static final MemorySegment IOCTL = symbol("ioctl");
  private static final MemorySegment STATX = symbol("statx");
  private static final MemorySegment SETNS = symbol("setns");
  private static final MemorySegment UNSHARE = symbol("unshare");
  private static final MemorySegment MOUNT = symbol("mount");
  private static final MemorySegment UMOUNT2 = symbol("umount2");

  /**
   * One shape for all of them, since linking a shape costs as much as the rest of a start's calls: five registers, of which a function looks
   * at as many as it has arguments, and at the lower half where that is an int. The ABIs of Linux on x86-64 and arm64 pass integers and
   * pointers so, to variadic functions too.
   */
  private static final MethodHandle CALL = shape();

  private Libc() {}

  @SuppressWarnings("restricted")
  private static MethodHandle shape() {
    return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  private static MemorySegment symbol(String name) {
    return LIBRARY
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("The C library has no " + name + "; netlink needs Linux"));
  }

  private static long call(MemorySegment function, CallState state, long a, long b, long c, long d, long e) {
    try {
      return (long) CALL.invokeExact(function, state.segment, a, b, c, d, e);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  /** The address of memory outside the heap, which the caller keeps reachable until the call is over. */
  private static long pointer(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("The kernel can't be given memory of the heap, which moves");
    }
    return segment.address();
  }

  public static int socket(CallState state, int domain, int type, int protocol) {
    return result((int) call(SOCKET, state, domain, type, protocol, 0, 0), state);
  }

  public static int bind(CallState state, int fd, MemorySegment address, int length) {
    try {
      return result((int) call(BIND, state, fd, pointer(address), length, 0, 0), state);
    } finally {
      Reference.reachabilityFence(address);
    }
  }

  public static int getsockname(CallState state, int fd, MemorySegment address, MemorySegment length) {
    try {
      return result((int) call(GETSOCKNAME, state, fd, pointer(address), pointer(length), 0, 0), state);
    } finally {
      Reference.reachabilityFence(address);
      Reference.reachabilityFence(length);
    }
  }

  public static int setsockopt(CallState state, int fd, int level, int option, MemorySegment value, int length) {
    try {
      return result((int) call(SETSOCKOPT, state, fd, level, option, pointer(value), length), state);
    } finally {
      Reference.reachabilityFence(value);
    }
  }

  public static int getsockopt(CallState state, int fd, int level, int option, MemorySegment value, MemorySegment length) {
    try {
      return result((int) call(GETSOCKOPT, state, fd, level, option, pointer(value), pointer(length)), state);
    } finally {
      Reference.reachabilityFence(value);
      Reference.reachabilityFence(length);
    }
  }

  public static int send(CallState state, int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result(call(SEND, state, fd, pointer(buffer), length, flags, 0), state);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  public static int recv(CallState state, int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result(call(RECV, state, fd, pointer(buffer), length, flags, 0), state);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  public static int poll(CallState state, MemorySegment descriptors, int count, int timeoutMillis) {
    try {
      return result((int) call(POLL, state, pointer(descriptors), count, timeoutMillis, 0, 0), state);
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }

  public static int eventfd(CallState state, int initial, int flags) {
    return result((int) call(EVENTFD, state, initial, flags, 0, 0, 0), state);
  }

  public static int write(CallState state, int fd, MemorySegment buffer, long length) {
    try {
      return result(call(WRITE, state, fd, pointer(buffer), length, 0, 0), state);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  public static int close(CallState state, int fd) {
    return result((int) call(CLOSE, state, fd, 0, 0, 0, 0), state);
  }

  public static int open(CallState state, MemorySegment path, int flags, int mode) {
    try {
      return result((int) call(OPEN, state, pointer(path), flags, mode, 0, 0), state);
    } finally {
      Reference.reachabilityFence(path);
    }
  }

  public static int fcntl(CallState state, int fd, int command, int argument) {
    return result((int) call(FCNTL, state, fd, command, argument, 0, 0), state);
  }

  public static int ioctl(CallState state, int fd, long request, long argument) {
    return result((int) call(IOCTL, state, fd, request, argument, 0, 0), state);
  }

  public static int statx(CallState state, int fd, MemorySegment path, int flags, int mask, MemorySegment statx) {
    try {
      return result((int) call(STATX, state, fd, pointer(path), flags, mask, pointer(statx)), state);
    } finally {
      Reference.reachabilityFence(path);
      Reference.reachabilityFence(statx);
    }
  }

  public static int setns(CallState state, int fd, int type) {
    return result((int) call(SETNS, state, fd, type, 0, 0, 0), state);
  }

  public static int unshare(CallState state, int flags) {
    return result((int) call(UNSHARE, state, flags, 0, 0, 0, 0), state);
  }

  public static int mount(CallState state, MemorySegment source, MemorySegment target, MemorySegment type, long flags) {
    try {
      return result((int) call(MOUNT, state, pointer(source), pointer(target), pointer(type), flags, 0), state);
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
      Reference.reachabilityFence(type);
    }
  }

  public static int umount2(CallState state, MemorySegment target, int flags) {
    try {
      return result((int) call(UMOUNT2, state, pointer(target), flags, 0, 0, 0), state);
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  private static int result(long value, CallState state) {
    return value >= 0 ? (int) value : -state.errno();
  }

  private static RuntimeException impossible(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    return new IllegalStateException("A system call threw a checked exception, which no method handle here can", failure);
  }
}
