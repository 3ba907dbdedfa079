package dev.patchbay.cli.training;

import dev.patchbay.cli.CommandException;
import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The file with the daemon's classes as the virtual machine has them when it is running, made on the machine where it is used. Its name
 * says of what it was made: the launching script looks for the name that fits, so a file that does not fit is never used.
 */
public final class ClassCache {
  private static final String MAKING = "making-";
  private static final long LIMIT_SECONDS = 600;

  private final Path home;
  private final Path file;
  private final Path folder;

  /**
   * Makes it.
   *
   * @param home the installation
   * @param file the file, named as the launching script wants it
   */
  public ClassCache(Path home, Path file) {
    this.home = home;
    this.file = file.toAbsolutePath();
    this.folder = java.util.Objects.requireNonNull(this.file.getParent());
  }

  /**
   * {@return the file}
   */
  public Path file() {
    return file;
  }

  /**
   * {@return whether the file that fits is there}
   */
  public boolean isThere() {
    return Files.isRegularFile(file);
  }

  /**
   * {@return the files that are there and don't fit}
   */
  public List<Path> stale() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.getFileName().toString().endsWith(".aot") && !f.equals(file)).sorted().toList();
    }
  }

  /**
   * Makes the file, in one step for who looks: it is whole or not there. What does not fit is removed then.
   *
   * @throws IOException if it can't be written
   * @throws CommandException if it can't be made, with what was said
   */
  public void make() throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new CommandException("Another process makes the cache in " + folder + " now.", "Wait for it.");
      }
      sweep();
      Path work = Files.createTempDirectory(folder, MAKING);
      try {
        Files.move(made(work), file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(work);
      }
      for (Path old : stale()) {
        Files.deleteIfExists(old);
      }
    }
  }

  /** Removes the folder and all that is in it. */
  public void remove() throws IOException {
    if (Files.isDirectory(folder)) {
      delete(folder);
    }
  }

  private Path made(Path work) throws IOException {
    Path made = work.resolve("made.aot");
    Path log = work.resolve("log");
    Process process = start(work, made, log);
    Thread abandon = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(abandon);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new CommandException("The daemon that runs for the cache did not end within " + LIMIT_SECONDS + " s." + said(log), "Try again.");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new CommandException("Making the cache was interrupted.", "Try again.");
    } finally {
      Runtime.getRuntime().removeShutdownHook(abandon);
    }
    if (process.exitValue() != 0 || !Files.isRegularFile(made)) {
      throw new CommandException("The daemon that runs for the cache ended with exit status " + process.exitValue() + " and no cache."
          + said(log), "The daemon starts without it, only more slowly.");
    }
    return made;
  }

  /** In a network namespace where nothing is, so that nothing of this machine is touched. */
  private Process start(Path work, Path made, Path log) throws IOException {
    Path lib = home.resolve("lib");
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.add("@" + lib.resolve("node.options"));
    command.add("-XX:AOTCacheOutput=" + made);
    command.addAll(List.of("-p", lib.resolve("boot").toString(), "-m", "dev.patchbay.launch", "train", work.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    // What is said to virtual machines by the way could make one that nobody else has.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try (Netns empty = Netns.create()) {
      return empty.call(builder::start);
    }
  }

  /** The end of what was said. */
  private static String said(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    List<String> lines = Files.readAllLines(log);
    return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size())) + "\n";
  }

  /** What a process left that was killed. */
  private void sweep() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path old : all.filter(f -> f.getFileName().toString().startsWith(MAKING)).toList()) {
        delete(old);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
