package dev.patchbay.lab;

import dev.patchbay.lab.fabric.Fabric;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a lab keeps its files, {@code /run/patchbay-lab/NAME}, and the claim to its name: a lock on the file beside it, which
 * the kernel takes back however the process ends. So whoever gets the lock knows that what is left is nobody's.
 */
final class StateDirectory implements AutoCloseable {
  private static final Path BASE = Path.of("/run/patchbay-lab");
  private static final String PID = "lab.pid";
  private static final String LOCK = ".lock";
  private static final Object NONE = new Object();

  /** The names that this process has claimed. */
  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  private final String name;
  private final FileChannel channel;

  private StateDirectory(String name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** The files of a lab, whether there is one or not. */
  static Path of(String name) {
    return BASE.resolve(name);
  }

  private static Path lockFile(String name) {
    return BASE.resolve(name + LOCK);
  }

  /** The names of labs that run or have left something: files, a lock alone, or namespaces alone. */
  static List<String> names() {
    TreeSet<String> names = new TreeSet<>(Fabric.existing());
    try (Stream<Path> files = Files.list(BASE)) {
      files.map(file -> String.valueOf(file.getFileName()).replaceAll("\\.lock$", "")).forEach(names::add);
      return List.copyOf(names);
    } catch (NoSuchFileException none) {
      return List.copyOf(names);
    } catch (IOException failure) {
      throw new LabException("cannot list " + BASE + ": " + failure.getMessage(), failure);
    }
  }

  /** The process that runs a lab; empty if none does. */
  static Optional<ProcessHandle> owner(String name) {
    Optional<StateDirectory> free;
    try {
      if (!Files.exists(lockFile(name))) {
        return Optional.empty();
      }
      free = tryClaim(name);
      if (free.isPresent()) {
        free.get().release();
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(Files.readString(of(name).resolve(PID)).strip()));
    } catch (NoSuchFileException notYetOrNoMore) {
      return Optional.empty();
    } catch (IOException | NumberFormatException failure) {
      throw new LabException("cannot read who runs lab " + name + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Takes a name, removes what an earlier lab of that name left if its process is gone, and makes the directory.
   *
   * @throws LabException if such a lab runs
   */
  static StateDirectory claim(String name) {
    sweep();
    try {
      StateDirectory claimed =
          tryClaim(name)
              .orElseThrow(() -> new LabException("a lab '" + name + "' is up already; take it down first or choose another name"));
      try {
        claimed.removeAll();
        Files.createDirectories(claimed.path());
        Files.writeString(claimed.path().resolve(PID), ProcessHandle.current().pid() + "\n");
        return claimed;
      } catch (IOException | RuntimeException failure) {
        claimed.release();
        throw failure;
      }
    } catch (IOException failure) {
      throw new LabException("cannot make " + of(name) + ": " + failure.getMessage() + "; the lab needs root", failure);
    }
  }

  /**
   * Removes the locks of processes that were killed, of labs that have left nothing else. What has left more is told by {@link
   * #names} and taken down by its name.
   */
  static void sweep() {
    for (String name : locks()) {
      try {
        if (!Files.exists(of(name)) && !Fabric.existing().contains(name)) {
          tryClaim(name).ifPresent(StateDirectory::release);
        }
      } catch (IOException failure) {
        throw new LabException("cannot look at " + lockFile(name) + ": " + failure.getMessage() + "; the lab needs root", failure);
      }
    }
  }

  private static List<String> locks() {
    if (!Files.isDirectory(BASE)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(BASE)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.endsWith(LOCK))
          .map(file -> file.substring(0, file.length() - LOCK.length()))
          .toList();
    } catch (NoSuchFileException ended) {
      // The last lab to end took the folder with it.
      return List.of();
    } catch (IOException failure) {
      throw new LabException("cannot list " + BASE + ": " + failure.getMessage(), failure);
    }
  }

  /** Removes all that a lab left whose process is gone; does nothing if there is nothing. */
  static void clear(String name) {
    claim(name).close();
  }

  /** Removes what a lab left whose process is gone; false if it runs. */
  static boolean clearIfLeft(String name) {
    try {
      Optional<StateDirectory> claimed = tryClaim(name);
      claimed.ifPresent(StateDirectory::close);
      return claimed.isPresent();
    } catch (IOException failure) {
      throw new LabException("cannot look at " + lockFile(name) + ": " + failure.getMessage() + "; the lab needs root", failure);
    }
  }

  Path path() {
    return of(name);
  }

  /** Removes everything of the lab from the machine, and the claim. */
  @Override
  public void close() {
    try {
      removeAll();
    } catch (IOException failure) {
      throw new LabException("cannot remove " + path() + ": " + failure.getMessage(), failure);
    } finally {
      release();
    }
  }

  private static Optional<StateDirectory> tryClaim(String name) throws IOException {
    // The lock is POSIX's: closing any descriptor of the file gives it up for the whole process. So this process must not
    // open it again while it holds it.
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    boolean claimed = false;
    try {
      while (true) {
        Files.createDirectories(BASE);
        FileChannel channel;
        try {
          channel = FileChannel.open(lockFile(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (NoSuchFileException removed) {
          // The last lab to end took the folder with it.
          continue;
        }
        Object before = key(name);
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return Optional.empty();
        }
        // Its last owner may have removed the file between the opening and the lock: then this one is nobody's.
        if (before.equals(key(name)) && !before.equals(NONE)) {
          claimed = true;
          return Optional.of(new StateDirectory(name, channel));
        }
        channel.close();
      }
    } finally {
      if (!claimed) {
        HELD.remove(name);
      }
    }
  }

  private static Object key(String name) throws IOException {
    try {
      return Objects.requireNonNullElse(Files.readAttributes(lockFile(name), BasicFileAttributes.class).fileKey(), NONE);
    } catch (NoSuchFileException removed) {
      return NONE;
    }
  }

  private void removeAll() throws IOException {
    // Processes first: what runs may write. Those that have not entered their namespace yet, or never will, bear the mark.
    Marked.end(name);
    Fabric.destroy(name);
    delete(path());
  }

  private void release() {
    try {
      Files.deleteIfExists(lockFile(name));
      channel.close();
      HELD.remove(name);
      Files.deleteIfExists(BASE);
    } catch (DirectoryNotEmptyException others) {
      // Other labs have their files there.
      return;
    } catch (IOException failure) {
      throw new LabException("cannot remove " + lockFile(name) + ": " + failure.getMessage(), failure);
    }
  }

  /** Removes a folder with all that is in it; nothing if there is none. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walked = Files.walk(root)) {
      all = walked.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
