package dev.patchbay.lab.ec2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * boto3 and the AWS CLI, of fixed versions from PyPI, in an environment of their own below {@code target}. It is made once and
 * stays until that folder is removed.
 */
final class PythonClients {
  static final List<String> VERSIONS = List.of("awscli==1.45.11", "boto3==1.43.11", "botocore==1.43.11");
  private static final Path HOME = Path.of("target", "python-clients").toAbsolutePath();
  private static final Path READY = HOME.resolve("ready");
  private static final long LONGEST_INSTALLATION = 600;
  private static final long LONGEST_RUN = 600;

  private PythonClients() {}

  /** Why they can't be had here. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String why) {
      super(why);
    }
  }

  /** What a program printed. */
  record Printed(int code, List<String> lines) {}

  /**
   * Installs them, if they are not there yet.
   *
   * @throws Missing with the reason and the remedy, if the machine has no Python with venv, or its index has not these
   */
  static void install() throws Missing, IOException, InterruptedException {
    String wanted = String.join("\n", VERSIONS);
    if (Files.exists(READY) && Files.readString(READY).equals(wanted)) {
      return;
    }
    Files.createDirectories(HOME);
    Printed made;
    try {
      made = run(LONGEST_INSTALLATION, List.of("python3", "-m", "venv", "--clear", HOME.resolve("venv").toString()));
    } catch (IOException e) {
      throw new Missing("there is no python3 (Debian's packages python3 and python3-venv): " + e.getMessage());
    }
    if (made.code() != 0) {
      throw new Missing("python3 can't make an environment (Debian's package python3-venv): " + String.join(" / ", made.lines()));
    }
    List<String> command = new ArrayList<>(List.of(program("python"), "-m", "pip", "install", "--quiet", "--no-compile"));
    command.addAll(VERSIONS);
    Printed installed = run(LONGEST_INSTALLATION, command);
    if (installed.code() != 0) {
      throw new Missing("pip can't install " + VERSIONS + " from this machine's index: " + String.join(" / ", installed.lines()));
    }
    Files.writeString(READY, wanted);
  }

  /** The versions that are there, as {@link #VERSIONS} has them. */
  static List<String> versions() throws IOException, InterruptedException {
    String ask = "import awscli, boto3, botocore\nfor m in awscli, boto3, botocore: print(m.__name__ + '==' + m.__version__)";
    return run(LONGEST_RUN, List.of(program("python"), "-c", ask)).lines();
  }

  /** Runs a Python program of the tests. */
  static Printed python(Path program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program("python"), program.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return run(LONGEST_RUN, command);
  }

  private static String program(String name) {
    return HOME.resolve("venv/bin/" + name).toString();
  }

  private static Printed run(long seconds, List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("python", ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      Map<String, String> environment = builder.environment();
      // Nobody's own credentials and settings: only the lab is asked.
      environment.keySet().removeIf(name -> name.startsWith("AWS_"));
      // What is compiled, and only what is used, is kept here and not beside the tests.
      environment.put("PYTHONPYCACHEPREFIX", HOME.resolve("compiled").toString());
      environment.put("AWS_EC2_METADATA_DISABLED", "false");
      environment.put("AWS_CONFIG_FILE", "/dev/null");
      environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
      environment.put("NO_PROXY", "127.0.0.1");
      Process process = builder.start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " took longer than " + seconds + " s: " + Files.readString(output));
      }
      return new Printed(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
