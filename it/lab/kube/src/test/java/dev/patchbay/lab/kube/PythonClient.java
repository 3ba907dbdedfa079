package dev.patchbay.lab.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Python's Kubernetes client, of a fixed version from PyPI, in an environment of its own below {@code target}. It is made once
 * and stays until that folder is removed.
 */
final class PythonClient {
  static final String VERSION = "kubernetes==36.0.3";
  private static final Path HOME = Path.of("target", "python-client").toAbsolutePath();
  private static final Path READY = HOME.resolve("ready");
  private static final long LONGEST = 600;

  private PythonClient() {}

  /** Why it can't be had here. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String why) {
      super(why);
    }
  }

  /** What a program printed. */
  record Printed(int code, List<String> lines) {}

  /**
   * Installs it, if it is not there yet.
   *
   * @throws Missing with the reason and the remedy, if the machine has no Python with venv, or its index has not this
   */
  static void install() throws Missing, IOException, InterruptedException {
    if (Files.exists(READY) && Files.readString(READY).equals(VERSION)) {
      return;
    }
    Files.createDirectories(HOME);
    Printed made;
    try {
      made = run(List.of("python3", "-m", "venv", "--clear", HOME.resolve("venv").toString()));
    } catch (IOException e) {
      throw new Missing("there is no python3 (Debian's packages python3 and python3-venv): " + e.getMessage());
    }
    if (made.code() != 0) {
      throw new Missing("python3 can't make an environment (Debian's package python3-venv): " + String.join(" / ", made.lines()));
    }
    Printed installed = run(List.of(program(), "-m", "pip", "install", "--quiet", "--no-compile", VERSION));
    if (installed.code() != 0) {
      throw new Missing("pip can't install " + VERSION + " from this machine's index: " + String.join(" / ", installed.lines()));
    }
    Files.writeString(READY, VERSION);
  }

  /** The version that is there, as {@link #VERSION} has it. */
  static List<String> version() throws IOException, InterruptedException {
    return run(List.of(program(), "-c", "import kubernetes\nprint('kubernetes==' + kubernetes.__version__)")).lines();
  }

  /** Runs a Python program of the tests. */
  static Printed python(Path program, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program(), program.toAbsolutePath().toString()));
    command.addAll(arguments);
    return run(command);
  }

  private static String program() {
    return HOME.resolve("venv/bin/python").toString();
  }

  private static Printed run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("python", ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      // What is compiled, and only what is used, is kept here and not beside the tests.
      builder.environment().put("PYTHONPYCACHEPREFIX", HOME.resolve("compiled").toString());
      builder.environment().put("NO_PROXY", "127.0.0.1");
      builder.environment().remove("KUBECONFIG");
      Process process = builder.start();
      if (!process.waitFor(LONGEST, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " took longer than " + LONGEST + " s: " + Files.readString(output));
      }
      return new Printed(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
