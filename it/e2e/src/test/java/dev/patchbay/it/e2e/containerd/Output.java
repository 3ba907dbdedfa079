package dev.patchbay.it.e2e.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What a command printed, errors too.
 *
 * @param exit its exit status
 * @param text all that it printed
 */
record Output(int exit, String text) {
  private static final int LONGEST_SECONDS = 120;

  /** Runs a command to its end. */
  static Output of(ProcessBuilder command) {
    try {
      Path file = Files.createTempFile("patchbay", ".out");
      try {
        // To a file: a process that stays behind and keeps the output open is no reason to wait.
        Process process = command.redirectErrorStream(true).redirectOutput(file.toFile()).start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command.command() + " did not end within " + LONGEST_SECONDS + " s: " + Files.readString(file));
        }
        return new Output(process.exitValue(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      } finally {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new AssertionError("cannot run " + command.command(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + command.command() + " ran", interrupted);
    }
  }

  /** Its text, if it succeeded. */
  String orThrow(String what) {
    if (exit != 0) {
      throw new AssertionError("cannot " + what + ": exit status " + exit + ": " + text);
    }
    return text;
  }
}
