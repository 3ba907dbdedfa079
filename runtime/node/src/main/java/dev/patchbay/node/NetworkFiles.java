package dev.patchbay.node;

import dev.patchbay.core.brain.Event;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files in which networks are configured on the node, so that modes see them like objects. That there is no such folder is as
 * good as an empty one; it may come later.
 */
final class NetworkFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkFiles.class);
  private static final List<String> ENDINGS = List.of(".conf", ".conflist", ".json");
  private static final long LARGEST = 1024 * 1024;
  /** Who writes a file does so in several steps. */
  private static final long QUIET_MILLIS = 200;
  /** When a folder that can't be followed is looked at again. */
  private static final long RETRY_MILLIS = 30_000;

  private final Path folder;
  private final Consumer<Event> told;
  private final Thread thread;
  private Map<String, ObjectRecord> known = Map.of();
  private boolean heard;

  /**
   * Begins to follow a folder.
   *
   * @param folder the folder
   * @param told hears what is there, at once, and what changes; must not block
   */
  NetworkFiles(Path folder, Consumer<Event> told) {
    this.folder = folder.toAbsolutePath();
    this.told = told;
    this.thread = Thread.ofPlatform().daemon().name("network-files").start(this::follow);
  }

  private void follow() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try (WatchService service = folder.getFileSystem().newWatchService()) {
          // Where the folder is not there, its coming shows in the one above it.
          nearest().register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
          look();
          for (WatchKey key = service.take(); key != null; key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
            key.pollEvents();
            key.reset();
          }
        } catch (IOException e) {
          LOG.warn("The folder {} can't be followed; it is looked at again in {} s.", folder, RETRY_MILLIS / 1_000, e);
          look();
          TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The folder {} is not followed any more.", folder);
    }
  }

  private Path nearest() {
    Path there = folder;
    while (!Files.isDirectory(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  private void look() {
    Map<String, ObjectRecord> now = read();
    if (Thread.currentThread().isInterrupted()) {
      // What could not be read any more is not gone.
      return;
    }
    now.forEach((name, file) -> {
      if (!file.equals(known.get(name))) {
        told.accept(new Event.ObjectSeen(file));
      }
    });
    known.keySet().stream().filter(name -> !now.containsKey(name)).forEach(name -> told.accept(new Event.ObjectGone(ref(name))));
    known = now;
    if (!heard) {
      heard = true;
      told.accept(new Event.ObjectsHeard(ObjectKind.NETWORK_FILE, true));
    }
  }

  private static ObjectRef ref(String name) {
    return new ObjectRef(ObjectKind.NETWORK_FILE, "", name);
  }

  private Map<String, ObjectRecord> read() {
    Map<String, ObjectRecord> files = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(f -> ENDINGS.stream().anyMatch(f.getFileName().toString()::endsWith)).toList()) {
        String name = file.getFileName().toString();
        try {
          if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
            files.put(name, new ObjectRecord(ref(name), "", "", Map.of(), Map.of(), Fields.empty().with("text", Files.readString(file))));
          }
        } catch (IOException e) {
          LOG.warn("{} can't be read, and the network in it is not known.", file, e);
        }
      }
    } catch (IOException e) {
      LOG.warn("The folder {} can't be read; what was known of it holds.", folder, e);
      return known;
    }
    return files;
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.end(thread);
  }
}
