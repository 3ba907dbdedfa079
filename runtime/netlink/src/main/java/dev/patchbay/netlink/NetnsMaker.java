package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NativeAccess;
import dev.patchbay.netlink.sys.NetlinkConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes and removes namespaces. Each is made by a thread that enters it by unshare(2), pins it, and ends. */
final class NetnsMaker {
  private static final String OWN = "/proc/thread-self/ns/net";

  private int fd = -1;
  private String step = "";
  private int result;

  private NetnsMaker() {}

  static Netns create() {
    NativeAccess.require();
    return new NetnsMaker().make("without a name", null);
  }

  static Netns create(Path path) {
    NativeAccess.require();
    Path absolute = path.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot make the directory of network namespace " + absolute, failure);
    }
    try (Arena arena = Arena.ofConfined()) {
      CallState state = new CallState(arena);
      if (Netns.NAMED.equals(absolute.getParent())) {
        share(state, arena.allocateFrom(Netns.NAMED.toString()), arena.allocateFrom("none"));
      }
      MemorySegment target = arena.allocateFrom(absolute.toString());
      int flags = NetlinkConstants.O_RDONLY | NetlinkConstants.O_CREAT | NetlinkConstants.O_EXCL | NetlinkConstants.O_CLOEXEC;
      int file = RawSockets.checked(Libc.open(state, target, flags, 0), "create the file of network namespace " + absolute);
      Libc.close(state, file);
    }
    try {
      return new NetnsMaker().make(absolute.toString(), absolute);
    } catch (RuntimeException failure) {
      try {
        Files.deleteIfExists(absolute);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  /**
   * Makes the folder of names a shared mount, as the first {@code ip netns add} does. Did that come after us, it would mount the
   * folder over ours, and no name made before could be removed any more.
   */
  private static synchronized void share(CallState state, MemorySegment folder, MemorySegment none) {
    int flags = NetlinkConstants.MS_SHARED | NetlinkConstants.MS_REC;
    int shared = Libc.mount(state, none, folder, none, flags);
    if (shared == -Errno.EINVAL.number()) {
      // It is no mount yet.
      int bound = Libc.mount(state, folder, folder, none, NetlinkConstants.MS_BIND | NetlinkConstants.MS_REC);
      RawSockets.checked(bound, "mount " + Netns.NAMED + " on itself");
      shared = Libc.mount(state, none, folder, none, flags);
    }
    RawSockets.checked(shared, "share the mount " + Netns.NAMED);
  }

  static void delete(Path path) {
    NativeAccess.require();
    try (Arena arena = Arena.ofConfined()) {
      CallState state = new CallState(arena);
      int unmounted = Libc.umount2(state, arena.allocateFrom(path.toString()), NetlinkConstants.MNT_DETACH);
      // EINVAL: a file on which nothing is mounted, left by a creation that was cut short.
      if (unmounted < 0 && unmounted != -Errno.EINVAL.number()) {
        throw new NetlinkException("unmount network namespace " + path, Errno.of(-unmounted));
      }
    }
    try {
      Files.delete(path);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot remove the file of network namespace " + path, failure);
    }
  }

  private Netns make(String name, @Nullable Path path) {
    NetnsTask.onOwnThread("netns-maker", () -> unshare(path));
    if (result < 0) {
      throw new NetlinkException(step + " a network namespace " + name, Errno.of(-result));
    }
    return Netns.adopt(fd, name);
  }

  private void unshare(@Nullable Path path) {
    try (Arena arena = Arena.ofConfined()) {
      CallState state = new CallState(arena);
      MemorySegment own = arena.allocateFrom(OWN);
      step = "make";
      result = Libc.unshare(state, NetlinkConstants.CLONE_NEWNET);
      if (result < 0) {
        return;
      }
      if (path != null) {
        step = "mount";
        MemorySegment target = arena.allocateFrom(path.toString());
        result = Libc.mount(state, own, target, arena.allocateFrom("none"), NetlinkConstants.MS_BIND);
        if (result < 0) {
          return;
        }
      }
      step = "open";
      fd = Libc.open(state, own, NetlinkConstants.O_RDONLY | NetlinkConstants.O_CLOEXEC, 0);
      result = fd;
      if (fd < 0 && path != null) {
        Libc.umount2(state, arena.allocateFrom(path.toString()), NetlinkConstants.MNT_DETACH);
      }
    }
  }
}
