package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A shell as somebody has it who uses the lab: {@code patchbay lab} is on its PATH, and so are the Python clients of AWS if
 * they can be had. Its environment is an ordinary one that leads elsewhere.
 */
final class Shell {
  private static final long LONGEST_SECONDS = 900;

  private final Path folder;
  private final List<Path> path = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param folder of its own, where it starts
   */
  Shell(Path folder) throws IOException {
    this.folder = folder;
    Path bin = Files.createDirectories(folder.resolve("bin"));
    path.add(bin);
    List<String> words = new ArrayList<>(List.of("exec"));
    words.addAll(java("dev.patchbay.lab.command.Main").stream().map(ClientEnvironment::quoted).toList());
    Path patchbay =
        Files.writeString(bin.resolve("patchbay"), "#!/bin/sh\n[ \"$1\" = lab ] && shift\n" + String.join(" ", words) + " \"$@\"\n");
    Files.setPosixFilePermissions(patchbay, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What a script printed, its errors included. */
  record Printed(int exit, String text) {
    List<String> lines() {
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** The lines, if it succeeded. */
    List<String> ok() {
      assertThat(exit).as(text).isZero();
      return lines();
    }
  }

  /** Also with the programs of that folder. */
  Shell with(Path programs) {
    path.add(programs);
    return this;
  }

  /** Runs a script of bash to its end. */
  Printed run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "script"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "printed", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("KUBE"));
    // Somebody's own credentials and settings, which must not get in the lab's way.
    environment.put("HOME", folder.toString());
    environment.put("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSES000");
    environment.put("AWS_SECRET_ACCESS_KEY", "nothing");
    environment.put("AWS_PROFILE", "somebody's");
    environment.put("AWS_CA_BUNDLE", "");
    environment.put("KUBECONFIG", "/nowhere");
    environment.put("PATH", String.join(":", Stream.concat(path.stream().map(Path::toString), Stream.of(System.getenv("PATH"))).toList()));
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException("it took longer than " + Duration.ofSeconds(LONGEST_SECONDS) + ": " + script + ": " + Files.readString(output));
    }
    return new Printed(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  /** The words that run a class of the tests in a process of its own. */
  static List<String> java(String main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        main);
  }

  /** Whether a program is on this machine. */
  static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }
}
