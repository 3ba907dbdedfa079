package dev.patchbay.lab.kube.real;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One process that does not outlive this one. The kernel kills it when the thread ends that has started it, which therefore
 * waits for it and does nothing else (prctl(2), PR_SET_PDEATHSIG).
 */
final class RealProcess implements AutoCloseable {
  private static final long LONGEST_END_SECONDS = 20;
  private static final int LINES_TOLD = 2;

  private final String name;
  private final Process process;
  private final Path log;

  private RealProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static RealProcess start(Path log, List<String> command) throws IOException, InterruptedException {
    String name = String.valueOf(Path.of(command.getFirst()).getFileName());
    List<String> bound = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
    bound.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(bound);
    builder.redirectInput(new File("/dev/null")).redirectErrorStream(true).redirectOutput(log.toFile());
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("lab-" + name)
        .start(
            () -> {
              try {
                Process made = builder.start();
                started.complete(made);
                made.waitFor();
              } catch (IOException failure) {
                started.completeExceptionally(failure);
              } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      return new RealProcess(name, started.get(), log);
    } catch (ExecutionException failure) {
      Throwable why = failure.getCause() == null ? failure : failure.getCause();
      throw new IOException(name + " can't be run: " + why.getMessage(), failure);
    }
  }

  /**
   * @throws IOException with the last that it said, if it has ended
   */
  void requireRunning() throws IOException {
    if (!process.isAlive()) {
      List<String> said;
      try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
        said = lines.filter(line -> !line.isBlank()).toList();
      }
      List<String> last = said.subList(Math.max(0, said.size() - LINES_TOLD), said.size());
      throw new IOException(name + " ended with exit status " + process.exitValue() + ": " + String.join(" / ", last));
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
