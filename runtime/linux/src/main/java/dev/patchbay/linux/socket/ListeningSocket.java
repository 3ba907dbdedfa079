package dev.patchbay.linux.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A socket's place in the file system. Whoever opens it holds the lock {@code <path>.lock}, so that of two daemons starting at once one
 * gives way, and takes the place of a socket only when nobody listens there.
 *
 * <p>Nobody can connect between bind(2) and listen(2), so the mode is set in between.
 */
final class ListeningSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final Path path;
  private final FileChannel lock;
  private final int descriptor;
  private final Object fileKey;

  private ListeningSocket(Path path, FileChannel lock, int descriptor, Object fileKey) {
    this.path = path;
    this.lock = lock;
    this.descriptor = descriptor;
    this.fileKey = fileKey;
  }

  static ListeningSocket open(Path path) {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > NativeSockets.MAX_PATH) {
      throw new CniSocketException("the CNI socket cannot be at " + path + ": a unix socket's path has at most "
          + NativeSockets.MAX_PATH + " bytes; configure a shorter one");
    }
    try {
      Files.createDirectories(Objects.requireNonNull(path.getParent(), "an absolute path of a file has a folder"));
      FileChannel lock = lock(path);
      try {
        removeStale(path);
        return bind(path, lock);
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new CniSocketException("the CNI socket at " + path + " cannot be opened: " + failed + "; check the folder's permissions and file system", failed);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    Path file = path.resolveSibling(path.getFileName() + ".lock");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      channel.close();
      throw taken(path);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    channel.close();
    throw taken(path);
  }

  private static CniSocketException taken(Path path) {
    return new CniSocketException("another daemon serves the CNI socket " + path + ": stop it, or configure another path");
  }

  private static void removeStale(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException free) {
      return;
    }
    if (!attributes.isOther()) {
      throw new CniSocketException("the CNI socket cannot be at " + path + ": a file that is no socket stands there; move it away");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
      throw taken(path);
    } catch (ConnectException nobodyListens) {
      Files.deleteIfExists(path);
    }
  }

  private static ListeningSocket bind(Path path, FileChannel lock) throws IOException {
    int descriptor = check("making the CNI socket", NativeSockets.streamSocket());
    try {
      check("binding the CNI socket to " + path, NativeSockets.bind(descriptor, path.toString()));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Object fileKey = fileKey(path);
      check("listening on the CNI socket " + path, NativeSockets.listen(descriptor, BACKLOG));
      return new ListeningSocket(path, lock, descriptor, fileKey);
    } catch (IOException | RuntimeException failed) {
      NativeSockets.close(descriptor);
      throw failed;
    }
  }

  private static int check(String what, int result) {
    if (result < 0) {
      throw new CniSocketException(what, -result);
    }
    return result;
  }

  private static Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
  }

  Path path() {
    return path;
  }

  int descriptor() {
    return descriptor;
  }

  /** Takes the socket away, unless somebody else has put one in its place. */
  @Override
  public void close() {
    NativeSockets.close(descriptor);
    try (lock) {
      if (fileKey.equals(fileKey(path))) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Somebody removed it: nothing is left to do.
    } catch (IOException failed) {
      throw new CniSocketException("the CNI socket " + path + " cannot be removed: " + failed, failed);
    }
  }
}
