package dev.patchbay.node;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that something happened in the folder of a file: it may have been written, replaced, or, as kubelet does with a ConfigMap, a
 * link beside it may lead to another folder now. Whoever hears of it looks at the file.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  /** Who writes a file does so in several steps; it is looked at when nothing has happened for so long. */
  private static final long QUIET_MILLIS = 200;

  private final WatchService service;

  private FileWatch(WatchService service) {
    this.service = service;
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
    folders.add(named.toRealPath().getParent());
    WatchService service = named.getFileSystem().newWatchService();
    for (Path folder : folders) {
      folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
    }
    FileWatch watch = new FileWatch(service);
    Thread.ofPlatform().daemon().name("configuration").start(() -> watch.run(happened));
    return watch;
  }

  private void run(Runnable happened) {
    try {
      while (true) {
        WatchKey key = service.take();
        while (key != null) {
          key.pollEvents();
          key.reset();
          key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
        happened.run();
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
