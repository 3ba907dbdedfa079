package dev.patchbay.linux.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * The system calls of the socket server. Every method returns what the call returns, or minus the errno, as the kernel
 * itself does: most errors here (EAGAIN, EPIPE) are ordinary answers. No method blocks but {@link #epollWait}.
 *
 * <p>Constants and structs: include/uapi/linux/{un,socket,eventpoll}.h, include/linux/socket.h; the values are those of x86-64 and arm64.
 */
final class NativeSockets {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ECONNRESET = 104;
  static final int EPOLLIN = 0x1;
  static final int EPOLLOUT = 0x4;
  static final int EPOLLRDHUP = 0x2000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  /** Longest path of a unix socket in bytes: sun_path without its final NUL, unix(7). */
  static final int MAX_PATH = 107;

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SHUT_WR = 1;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;

  static final StructLayout SOCKADDR_UN = MemoryLayout.structLayout(
      JAVA_SHORT.withName("sun_family"), MemoryLayout.sequenceLayout(MAX_PATH + 1, JAVA_BYTE).withName("sun_path"));
  static final StructLayout UCRED =
      MemoryLayout.structLayout(JAVA_INT.withName("pid"), JAVA_INT.withName("uid"), JAVA_INT.withName("gid"));

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CAPTURED.varHandle(PathElement.groupElement("errno"));

  private static final MemorySegment SOCKET = LINKER.defaultLookup().findOrThrow("socket");
  private static final MemorySegment BIND = LINKER.defaultLookup().findOrThrow("bind");
  private static final MemorySegment LISTEN = LINKER.defaultLookup().findOrThrow("listen");
  private static final MemorySegment ACCEPT = LINKER.defaultLookup().findOrThrow("accept4");
  private static final MemorySegment GETSOCKOPT = LINKER.defaultLookup().findOrThrow("getsockopt");
  private static final MemorySegment SHUTDOWN = LINKER.defaultLookup().findOrThrow("shutdown");
  private static final MemorySegment CLOSE = LINKER.defaultLookup().findOrThrow("close");
  private static final MemorySegment EPOLL_CREATE = LINKER.defaultLookup().findOrThrow("epoll_create1");
  private static final MemorySegment EPOLL_CTL = LINKER.defaultLookup().findOrThrow("epoll_ctl");
  private static final MemorySegment EPOLL_WAIT = LINKER.defaultLookup().findOrThrow("epoll_wait");
  private static final MemorySegment EVENTFD = LINKER.defaultLookup().findOrThrow("eventfd");
  private static final MemorySegment EVENTFD_WRITE = LINKER.defaultLookup().findOrThrow("eventfd_write");
  private static final MemorySegment EVENTFD_READ = LINKER.defaultLookup().findOrThrow("eventfd_read");
  private static final MemorySegment RECVMSG = LINKER.defaultLookup().findOrThrow("recvmsg");
  private static final MemorySegment SEND = LINKER.defaultLookup().findOrThrow("send");

  /**
   * One shape for all of them, the same as netlink's, since linking a shape costs as much as the rest of a start's calls: five registers,
   * of which a function looks at as many as it has arguments, and at the lower half where that is an int. The ABIs of Linux on x86-64 and
   * arm64 pass integers and pointers so.
   */
  private static final MethodHandle CALL = shape();

  private NativeSockets() {}

  /** A new stream socket for {@link #bind}; it never blocks. */
  static int streamSocket() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(SOCKET, errno, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0));
    } catch (Throwable impossible) {
      throw broken("socket", impossible);
    }
  }

  /** Binds to a path of at most {@value #MAX_PATH} bytes. */
  static int bind(int socket, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PATH) {
      throw new IllegalArgumentException("the path of a unix socket has at most " + MAX_PATH + " bytes: " + path);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      MemorySegment address = arena.allocate(SOCKADDR_UN);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
      return result(errno, (int) call(BIND, errno, socket, address.address(), SOCKADDR_UN.byteSize(), 0, 0));
    } catch (Throwable impossible) {
      throw broken("bind", impossible);
    }
  }

  static int listen(int socket, int backlog) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(LISTEN, errno, socket, backlog, 0, 0, 0));
    } catch (Throwable impossible) {
      throw broken("listen", impossible);
    }
  }

  /** The next connection, or -EAGAIN. */
  static int accept(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(ACCEPT, errno, socket, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    } catch (Throwable impossible) {
      throw broken("accept4", impossible);
    }
  }

  /** Who connected, as the kernel noted it at connect (unix(7), SO_PEERCRED). */
  static PeerCredentials peer(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      MemorySegment credentials = arena.allocate(UCRED);
      MemorySegment length = arena.allocateFrom(JAVA_INT, (int) UCRED.byteSize());
      int result = result(errno, (int) call(GETSOCKOPT, errno, socket, SOL_SOCKET, SO_PEERCRED, credentials.address(), length.address()));
      if (result < 0) {
        throw new CniSocketException("asking who connected to the CNI socket (SO_PEERCRED)", -result);
      }
      return new PeerCredentials(credentials.get(JAVA_INT, 0), Integer.toUnsignedLong(credentials.get(JAVA_INT, 4)),
          Integer.toUnsignedLong(credentials.get(JAVA_INT, 8)));
    } catch (CniSocketException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw broken("getsockopt", impossible);
    }
  }

  /** Number of bytes received into what the message header names, 0 at the end, or -EAGAIN and the like. */
  static int receive(int socket, MemorySegment messageHeader) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, call(RECVMSG, errno, socket, messageHeader.address(), MSG_DONTWAIT | MSG_CMSG_CLOEXEC, 0, 0));
    } catch (Throwable impossible) {
      throw broken("recvmsg", impossible);
    }
  }

  /** Number of bytes that were sent, or -EAGAIN, -EPIPE and the like. */
  static int send(int socket, byte[] bytes, int from) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      // No more than a socket's usual buffer is copied at a time.
      int length = Math.min(bytes.length - from, 256 * 1024);
      MemorySegment part = arena.allocate(length);
      MemorySegment.copy(bytes, from, part, JAVA_BYTE, 0, length);
      return result(errno, call(SEND, errno, socket, part.address(), length, MSG_DONTWAIT | MSG_NOSIGNAL, 0));
    } catch (Throwable impossible) {
      throw broken("send", impossible);
    }
  }

  /** Sends no more; the other end comes to an end of what it reads. */
  static int endOutput(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(SHUTDOWN, errno, socket, SHUT_WR, 0, 0, 0));
    } catch (Throwable impossible) {
      throw broken("shutdown", impossible);
    }
  }

  /** Gives the descriptor back. After this call its number may be somebody else's, whatever is returned (close(2)). */
  static void close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) call(CLOSE, arena.allocate(CAPTURED), descriptor, 0, 0, 0, 0);
    } catch (Throwable impossible) {
      throw broken("close", impossible);
    }
  }

  static int epollCreate() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(EPOLL_CREATE, errno, EPOLL_CLOEXEC, 0, 0, 0, 0));
    } catch (Throwable impossible) {
      throw broken("epoll_create1", impossible);
    }
  }

  /** Adds, changes or removes the events that are waited for, under a key that comes back with them. */
  static int epollControl(int epoll, int operation, int descriptor, int events, long key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      MemorySegment event = arena.allocate(EpollEvents.EVENT);
      EpollEvents.set(event, events, key);
      return result(errno, (int) call(EPOLL_CTL, errno, epoll, operation, descriptor, event.address(), 0));
    } catch (Throwable impossible) {
      throw broken("epoll_ctl", impossible);
    }
  }

  /** Waits up to that many milliseconds, or without end when negative. Number of events, or -EINTR. */
  static int epollWait(int epoll, EpollEvents events, int milliseconds) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(EPOLL_WAIT, errno, epoll, events.segment().address(), events.capacity(), milliseconds, 0));
    } catch (Throwable impossible) {
      throw broken("epoll_wait", impossible);
    }
  }

  /** A descriptor that becomes readable by {@link #wake}. */
  static int wakeable() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURED);
      return result(errno, (int) call(EVENTFD, errno, 0, EFD_CLOEXEC_NONBLOCK, 0, 0, 0));
    } catch (Throwable impossible) {
      throw broken("eventfd", impossible);
    }
  }

  static void wake(int wakeable) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) call(EVENTFD_WRITE, arena.allocate(CAPTURED), wakeable, 1, 0, 0, 0);
    } catch (Throwable impossible) {
      throw broken("eventfd_write", impossible);
    }
  }

  static void clearWake(int wakeable) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) call(EVENTFD_READ, arena.allocate(CAPTURED), wakeable, arena.allocate(JAVA_LONG).address(), 0, 0, 0);
    } catch (Throwable impossible) {
      throw broken("eventfd_read", impossible);
    }
  }

  private static int result(MemorySegment errno, long returned) {
    return returned < 0 ? -(int) ERRNO.get(errno, 0L) : (int) returned;
  }

  /** A pointer among the arguments is into memory that the caller's arena keeps. */
  private static long call(MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e) throws Throwable {
    return (long) CALL.invokeExact(function, errno, a, b, c, d, e);
  }

  // Linking native code is what this module is for; the operator grants it by --enable-native-access.
  @SuppressWarnings("restricted")
  private static MethodHandle shape() {
    return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  private static IllegalStateException broken(String function, Throwable cause) {
    return new IllegalStateException("calling " + function + " failed in the Foreign Function and Memory API, not in the kernel", cause);
  }
}
