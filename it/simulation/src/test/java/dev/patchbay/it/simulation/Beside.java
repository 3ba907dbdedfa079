package dev.patchbay.it.simulation;

import dev.patchbay.simulation.Tally;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The histories of {@code make test}: a process of its own runs them beside the tests of the modules that follow, with what those leave
 * idle of the processors. {@code it/histories}, at the end, waits for it and sees what came of it.
 *
 * @param folder where they meet: {@code with} has the number of the process with which this one ends, {@code pid} its own, {@code lock}
 *     is locked while it runs, {@code log} is what it says, {@code result} the counts, when all is done
 */
record Beside(Path folder) {
  /** The same seeds each time: what is found is found again. */
  private static final long FIRST = 1;
  private static final Duration TIME = Duration.ofHours(1);

  /** Whether whoever runs the tests wants it. */
  static Optional<Beside> wanted() {
    return Optional.ofNullable(System.getProperty("patchbay.histories")).map(folder -> new Beside(Path.of(folder)));
  }

  /** Starts the process, which goes on when this one ends. Says what the process says when it has begun. */
  String begin() throws IOException {
    // What the other tests wait for comes first.
    List<String> command = List.of("nice", "-n", "19", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
        "-Xmx512m", "-cp", System.getProperty("java.class.path"), Beside.class.getName(), folder.toString(), System.getProperty("patchbay.histories.number"));
    Process process = new ProcessBuilder(command).redirectError(folder.resolve("log").toFile()).start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      return String.valueOf(reader.readLine());
    }
  }

  /**
   * Runs them.
   *
   * @param arguments the folder, and how many
   * @throws Exception if that fails; the log has it then
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    endWith(Long.parseLong(Files.readString(folder.resolve("with")).strip()));
    Files.writeString(folder.resolve("pid"), String.valueOf(ProcessHandle.current().pid()));
    try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      System.out.println("begun");
      System.setOut(new PrintStream(Files.newOutputStream(folder.resolve("log"), StandardOpenOption.APPEND), true, StandardCharsets.UTF_8));
      Tally tally = Many.run(FIRST, Long.parseLong(arguments[1]), TIME);
      Path draft = folder.resolve("result.new");
      Files.writeString(draft, "histories=" + tally.histories() + "\nsteps=" + tally.steps() + "\nviolations="
          + tally.violations().values().stream().mapToLong(Long::longValue).sum() + "\n");
      Files.move(draft, folder.resolve("result"), StandardCopyOption.ATOMIC_MOVE);
    }
    System.exit(0);
  }

  private static void endWith(long pid) {
    Optional<ProcessHandle> other = ProcessHandle.of(pid);
    if (other.isEmpty()) {
      throw new IllegalStateException("process " + pid + " is gone already");
    }
    other.get().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
  }
}
