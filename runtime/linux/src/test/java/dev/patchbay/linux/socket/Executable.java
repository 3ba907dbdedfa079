package dev.patchbay.linux.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the real patchbay-cni as a container runtime would. */
final class Executable {
  static final Path FILE = Path.of(System.getProperty("patchbay.cni.executable")).normalize();

  /** How a run ended. */
  record Outcome(int exitCode, String output, String errors) {}

  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> command = new ArrayList<>();
  private byte[] input = new byte[0];
  private Optional<Path> inputFile = Optional.empty();

  private Executable(String verb) {
    environment.put("PATH", System.getenv("PATH"));
    environment.put("CNI_COMMAND", verb);
    environment.put("CNI_CONTAINERID", "c1");
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_PATH", "/nowhere");
    environment.put("ASAN_OPTIONS", "detect_leaks=1");
    // The number is generous: a test that needs a time-out sets its own.
    environment.put("PATCHBAY_TIMEOUT", "60");
  }

  static Executable verb(String verb) {
    return new Executable(verb);
  }

  Executable with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Executable without(String variable) {
    environment.remove(variable);
    return this;
  }

  Executable through(String... wrapper) {
    command.addAll(List.of(wrapper));
    return this;
  }

  Executable input(byte[] bytes) {
    input = bytes;
    return this;
  }

  Executable input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets it read its input from a new file in a folder, so that it need not wait for us. */
  Executable fromFileIn(Path folder) {
    Path file;
    try {
      file = Files.createTempFile(folder, "input", "");
      Files.write(file, input);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    inputFile = Optional.of(file);
    return this;
  }

  /** A configuration that names the socket. */
  Executable socket(Path socket) {
    return input(configuration(socket));
  }

  static String configuration(Path socket) {
    return "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"type\":\"patchbay-cni\",\"socket\":\"" + socket + "\"}";
  }

  /** Started, its input written and closed. */
  Process start() {
    try {
      List<String> whole = new ArrayList<>(command);
      whole.add(FILE.toString());
      ProcessBuilder builder = new ProcessBuilder(whole);
      builder.environment().clear();
      builder.environment().putAll(environment);
      inputFile.ifPresent(file -> builder.redirectInput(file.toFile()));
      Process process = builder.start();
      if (inputFile.isPresent()) {
        return process;
      }
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input);
      } catch (IOException notWanted) {
        // It ended without reading its input: the outcome says why.
        process.onExit();
      }
      return process;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Outcome run() {
    return outcome(start());
  }

  static Outcome outcome(Process process) {
    CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String output = text(process.getInputStream());
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("patchbay-cni did not end");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stop);
    }
    return new Outcome(process.exitValue(), output, errors.join());
  }

  private static String text(InputStream stream) {
    try (stream) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      stream.transferTo(bytes);
      return bytes.toString(StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
