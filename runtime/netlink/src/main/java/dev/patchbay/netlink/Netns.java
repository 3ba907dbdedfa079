package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NativeAccess;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.Statx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open network namespace (network_namespaces(7)). It stays alive at least as long as this is open, whoever deletes its name.
 *
 * <p>Two of them are equal when they are the same namespace: same device and inode, which the kernel gives to no other while
 * either is open. Thread-safe except for {@link #close()}, which the owner calls last.
 */
public final class Netns implements AutoCloseable {
  /** The folder of names. */
  static final Path NAMED = Path.of("/run/netns");

  private final int fd;
  private final String name;
  private final long device;
  private final long inode;
  private volatile boolean closed;

  private Netns(int fd, String name) {
    this.fd = fd;
    this.name = name;
    try (Arena arena = Arena.ofConfined()) {
      CallState state = new CallState(arena);
      int type = Libc.ioctl(state, fd, NetlinkConstants.NS_GET_NSTYPE, 0);
      if (type != NetlinkConstants.CLONE_NEWNET) {
        throw new IllegalArgumentException(name + " is no network namespace");
      }
      MemorySegment statx = arena.allocate(Statx.LAYOUT);
      int result =
          Libc.statx(
              state, fd, arena.allocateFrom(""), NetlinkConstants.AT_EMPTY_PATH, NetlinkConstants.STATX_INO, statx);
      RawSockets.checked(result, "identify " + name);
      device = (long) Statx.deviceMajor(statx, 0) << 32 | Statx.deviceMinor(statx, 0);
      inode = Statx.inode(statx, 0);
    }
  }

  /**
   * Opens a namespace by a file that stands for it: a bind mount such as {@code /run/netns/blue}, or {@code /proc/PID/ns/net}.
   *
   * @throws NetlinkException when the file can't be opened
   * @throws IllegalArgumentException when it is no network namespace
   */
  public static Netns open(Path path) {
    return adopt(openFile(path), path.toString());
  }

  /** Opens a namespace by the name that {@code ip netns} uses. */
  public static Netns open(String name) {
    return open(pathOf(name));
  }

  /**
   * Opens the namespace of the calling thread. That of a thread which has not been moved is the namespace of the process.
   */
  public static Netns current() {
    return open(Path.of("/proc/thread-self/ns/net"));
  }

  /**
   * Takes over a descriptor, for example one received over a unix socket. It is closed with this, and at once when it is no
   * network namespace.
   *
   * @throws IllegalArgumentException when it is no network namespace
   */
  public static Netns adopt(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException("A descriptor is not negative, as " + fd + " is");
    }
    return adopt(fd, "descriptor " + fd);
  }

  /**
   * Opens the namespace that a descriptor of somebody else's stands for; that one stays his. Unlike opening it anew by way of
   * {@code /proc/self/fd}, this never blocks, whatever it is: a pipe, for one.
   *
   * @throws NetlinkException when it is no open descriptor
   * @throws IllegalArgumentException when it is no network namespace
   */
  public static Netns copyOf(int fd) {
    NativeAccess.require();
    try (Arena arena = Arena.ofConfined()) {
      int copy = Libc.fcntl(new CallState(arena), fd, NetlinkConstants.F_DUPFD_CLOEXEC, 0);
      return adopt(RawSockets.checked(copy, "duplicate descriptor " + fd), "descriptor " + fd);
    }
  }

  /** Makes a new namespace without a name, which lives until this is closed and nothing else holds it. Its lo is down. */
  public static Netns create() {
    return NetnsMaker.create();
  }

  /**
   * Makes a new namespace and mounts it on a file, where {@code ip netns} and everybody else finds it until it is deleted.
   *
   * @param path does not exist yet; its directory is made if necessary
   * @throws NetlinkException with EEXIST when there is such a file
   */
  public static Netns create(Path path) {
    return NetnsMaker.create(path);
  }

  /** Makes a new namespace with a name that {@code ip netns} sees. */
  public static Netns create(String name) {
    return create(pathOf(name));
  }

  /**
   * Unmounts and removes the file of a namespace. The namespace itself ends when nothing is in it and nothing holds it.
   *
   * @throws NetlinkException when there is none or it can't be removed
   */
  public static void delete(Path path) {
    NetnsMaker.delete(path);
  }

  /** Removes a name that {@code ip netns} sees. */
  public static void delete(String name) {
    delete(pathOf(name));
  }

  /** Where {@code ip netns} keeps a name. */
  public static Path pathOf(String name) {
    Path path = NAMED.resolve(name).normalize();
    if (!NAMED.equals(path.getParent())) {
      throw new IllegalArgumentException("\"" + name + "\" can't name a network namespace: it must be a file name");
    }
    return path;
  }

  /**
   * Runs a task on a new platform thread inside the namespace and waits for it. Whatever the task opens (sockets, files under
   * {@code /proc/thread-self/net} and {@code /proc/sys/net}) belongs to the namespace; so do threads and processes that it
   * starts, and they keep it alive, so it should start none. {@code /proc/self/net} would be the process's own.
   *
   * @param <T> type of the result
   * @param <E> what the task throws, thrown on to the caller
   * @throws NetlinkException when the namespace can't be entered
   */
  public <T extends @Nullable Object, E extends Exception> T call(Task<T, E> task) throws E {
    return NetnsTask.run(this, task);
  }

  /**
   * What to do inside a namespace.
   *
   * @param <T> type of the result
   * @param <E> what it throws
   */
  @FunctionalInterface
  public interface Task<T extends @Nullable Object, E extends Exception> {
    T run() throws E;
  }

  /** Another descriptor of the same namespace, to be closed on its own. */
  public Netns duplicate() {
    try (Arena arena = Arena.ofConfined()) {
      int copy = Libc.fcntl(new CallState(arena), fd(), NetlinkConstants.F_DUPFD_CLOEXEC, 0);
      return adopt(RawSockets.checked(copy, "duplicate " + this), name);
    }
  }

  /**
   * The descriptor, which remains this object's.
   *
   * @throws IllegalStateException when this is closed: the number may be another file's by now
   */
  public int fd() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
    return fd;
  }

  /** The inode number, as in {@code readlink /proc/PID/ns/net}. May be used again after the namespace has ended. */
  public long inode() {
    return inode;
  }

  /** The cookie, which no other namespace gets until the machine starts again (SO_NETNS_COOKIE, Linux 5.14). */
  public long cookie() {
    try (NetlinkSocket socket = NetlinkSocket.open(Protocol.ROUTE, this)) {
      return socket.namespaceCookie();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeDescriptor(fd);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Netns that && that.inode == inode && that.device == device;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inode);
  }

  @Override
  public String toString() {
    return "network namespace " + name;
  }

  static Netns adopt(int fd, String name) {
    NativeAccess.require();
    try {
      return new Netns(fd, name);
    } catch (RuntimeException refused) {
      closeDescriptor(fd);
      throw refused;
    }
  }

  static int openFile(Path path) {
    NativeAccess.require();
    try (Arena arena = Arena.ofConfined()) {
      int flags = NetlinkConstants.O_RDONLY | NetlinkConstants.O_CLOEXEC;
      return RawSockets.checked(
          Libc.open(new CallState(arena), arena.allocateFrom(path.toString()), flags, 0), "open network namespace " + path);
    }
  }

  private static void closeDescriptor(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      RawSockets.checked(Libc.close(new CallState(arena), fd), "close descriptor " + fd);
    }
  }
}
