package dev.patchbay.linux.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Open descriptors of this process of the kinds that the server makes. */
final class Descriptors {
  private static final Set<String> BEFORE = Set.copyOf(withJdkAwake());

  private Descriptors() {}

  /** The JDK's channels keep a socket of their own from their first use on. */
  private static List<String> withJdkAwake() {
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return all();
  }

  /** What has been opened since the first test. */
  static List<String> ours() {
    List<String> found = all();
    found.removeAll(BEFORE);
    return found;
  }

  /** Unix sockets, epoll and eventfd descriptors and namespaces; a process that the tests run has pipes only. */
  private static List<String> all() {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : files) {
        try {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:") || target.startsWith("net:") || target.contains("eventpoll") || target.contains("eventfd")) {
            found.add(file.getFileName() + " -> " + target);
          }
        } catch (NoSuchFileException closedMeanwhile) {
          continue;
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return found;
  }
}
