package dev.patchbay.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
final class Commands {
  private Commands() {}

  /**
   * What a command left.
   *
   * @param exit its exit status
   * @param took from before its start to its end
   */
  record Ended(int exit, String output, String errors, Duration took) {}

  /** Runs a command; it is killed if it takes longer than that. */
  static Ended run(ProcessBuilder builder, String input, Duration longest) {
    long start = System.nanoTime();
    try {
      Process process = builder.start();
      CompletableFuture<String> errors = new CompletableFuture<>();
      CompletableFuture<String> output = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> errors.complete(text(process.getErrorStream())));
      Thread.ofVirtual().start(() -> output.complete(text(process.getInputStream())));
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException unread) {
        // It ended without reading its input; its exit status says what it thought of it.
        process.onExit().join();
      }
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new LabException(builder.command() + " did not end within " + longest.toSeconds() + " s");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new Ended(process.exitValue(), output.join(), errors.join(), took);
    } catch (IOException failure) {
      throw new LabException("cannot run " + builder.command().getFirst() + ": " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while " + builder.command().getFirst() + " ran", interrupted);
    }
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      return "(its output could not be read: " + failure.getMessage() + ")";
    }
  }
}
