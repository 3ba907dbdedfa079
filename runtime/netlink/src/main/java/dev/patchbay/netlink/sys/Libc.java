package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The C library's functions that netlink and namespaces need, each linked once. Every method returns what the function
 * returns, or the negated errno where the function failed, as the kernel itself does.
 *
 * <p>{@link NativeAccess#require()} must have passed before this class is touched.
 */
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

  private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = link("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME = link("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      link("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      link("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SEND = link("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV = link("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle POLL = link("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD = link("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle WRITE = link("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle OPEN = linkVariadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCNTL = linkVariadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle IOCTL = linkVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle STATX =
      link("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SETNS = link("setns", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle UNSHARE = link("unshare", JAVA_INT, JAVA_INT);
  private static final MethodHandle MOUNT =
      link("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT2 = link("umount2", JAVA_INT, ADDRESS, JAVA_INT);

  private Libc() {}

  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        symbol(name), FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle linkVariadic(
      String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        symbol(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static MemorySegment symbol(String name) {
    return LIBRARY
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("The C library has no " + name + "; netlink needs Linux"));
  }

  public static int socket(CallState state, int domain, int type, int protocol) {
    try {
      return result((int) SOCKET.invokeExact(state.segment, domain, type, protocol), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int bind(CallState state, int fd, MemorySegment address, int length) {
    try {
      return result((int) BIND.invokeExact(state.segment, fd, address, length), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int getsockname(CallState state, int fd, MemorySegment address, MemorySegment length) {
    try {
      return result((int) GETSOCKNAME.invokeExact(state.segment, fd, address, length), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int setsockopt(CallState state, int fd, int level, int option, MemorySegment value, int length) {
    try {
      return result((int) SETSOCKOPT.invokeExact(state.segment, fd, level, option, value, length), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int getsockopt(CallState state, int fd, int level, int option, MemorySegment value, MemorySegment length) {
    try {
      return result((int) GETSOCKOPT.invokeExact(state.segment, fd, level, option, value, length), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int send(CallState state, int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result((long) SEND.invokeExact(state.segment, fd, buffer, length, flags), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int recv(CallState state, int fd, MemorySegment buffer, long length, int flags) {
    try {
      return result((long) RECV.invokeExact(state.segment, fd, buffer, length, flags), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int poll(CallState state, MemorySegment descriptors, int count, int timeoutMillis) {
    try {
      return result((int) POLL.invokeExact(state.segment, descriptors, (long) count, timeoutMillis), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int eventfd(CallState state, int initial, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(state.segment, initial, flags), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int write(CallState state, int fd, MemorySegment buffer, long length) {
    try {
      return result((long) WRITE.invokeExact(state.segment, fd, buffer, length), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int close(CallState state, int fd) {
    try {
      return result((int) CLOSE.invokeExact(state.segment, fd), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int open(CallState state, MemorySegment path, int flags, int mode) {
    try {
      return result((int) OPEN.invokeExact(state.segment, path, flags, mode), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int fcntl(CallState state, int fd, int command, int argument) {
    try {
      return result((int) FCNTL.invokeExact(state.segment, fd, command, argument), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int ioctl(CallState state, int fd, long request, long argument) {
    try {
      return result((int) IOCTL.invokeExact(state.segment, fd, request, argument), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int statx(CallState state, int fd, MemorySegment path, int flags, int mask, MemorySegment statx) {
    try {
      return result((int) STATX.invokeExact(state.segment, fd, path, flags, mask, statx), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int setns(CallState state, int fd, int type) {
    try {
      return result((int) SETNS.invokeExact(state.segment, fd, type), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int unshare(CallState state, int flags) {
    try {
      return result((int) UNSHARE.invokeExact(state.segment, flags), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int mount(CallState state, MemorySegment source, MemorySegment target, MemorySegment type, long flags) {
    try {
      return result(
          (int) MOUNT.invokeExact(state.segment, source, target, type, flags, MemorySegment.NULL), state);
    } catch (Throwable failure) {
      throw impossible(failure);
    }
  }

  public static int umount2(CallState state, MemorySegment target, int flags) {
    try {
      return result((int) UMOUNT2.invokeExact(state.segment, target, flags), state);
    } catch (Throwable failure) {
      throw impossible(failure);
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
