package dev.patchbay.node;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that something happened to a file: it may have been written, replaced, or, as kubelet does with a ConfigMap, a link beside it may
 * lead to another folder now. Whoever hears of it looks at the file.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  /** Who writes a file does so in several steps; it is looked at when nothing has happened for so long. */
  private static final long QUIET_MILLIS = 200;

  /** The link that leads to what a ConfigMap holds now. Source: Kubernetes, pkg/volume/util/atomic_writer.go. */
  private static final String CONFIG_MAP_LINK = "..data";

  private final WatchService service;
  private final Set<String> names;

  private FileWatch(WatchService service, Set<String> names) {
    this.service = service;
    this.names = names;
  }

  /**
   * Begins to watch.
   *
   * @param file the file
   * @param happened runs on a thread of its own each time
   * @throws IOException if the folder can't be watched
   */
  static FileWatch of(Path file, Runnable happened) throws IOException {
    Path named = file.toAbsolutePath();
    Set<Path> folders = new LinkedHashSet<>();
    folders.add(named.getParent());
    Path real = named.toRealPath();
    folders.add(real.getParent());
    WatchService service = named.getFileSystem().newWatchService();
    for (Path folder : folders) {
      folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
    }
    Set<String> names = new HashSet<>(List.of(CONFIG_MAP_LINK, named.getFileName().toString(), real.getFileName().toString()));
    FileWatch watch = new FileWatch(service, names);
    Thread.ofPlatform().daemon().name("configuration").start(() -> watch.run(happened));
    return watch;
  }

  private void run(Runnable happened) {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean matters = false;
        while (key != null) {
          // There may be a log beside it.
          matters |= key.pollEvents().stream()
              .anyMatch(e -> e.kind().equals(StandardWatchEventKinds.OVERFLOW) || names.contains(String.valueOf(e.context())));
          key.reset();
          key = matters ? service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : null;
        }
        if (matters) {
          happened.run();
        }
      }
    } catch (ClosedWatchServiceException closed) {
      LOG.debug("The configuration file is not watched any more.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.debug("The watch of the configuration file can't be closed.", e);
    }
  }
}
