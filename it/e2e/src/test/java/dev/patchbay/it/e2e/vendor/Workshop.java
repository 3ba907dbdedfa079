package dev.patchbay.it.e2e.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A vendor's machine, in a folder: a local repository of Maven that has of Patchbay what {@code make publish} puts there and nothing else,
 * and beside it whatever others this machine has; the command {@code patchbay} of the installation on the PATH.
 */
final class Workshop implements AutoCloseable {
  static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();

  private static final Path ORDINARY = Path.of(System.getProperty("patchbay.repository"));
  private static final long LONGEST_SECONDS = 1_200;

  private final Path folder;
  private final Path repository;

  Workshop(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    repository = Files.createDirectories(folder.resolve("repository"));
    link(ORDINARY, repository, "dev");
    if (Files.exists(ORDINARY.resolve("dev"))) {
      link(ORDINARY.resolve("dev"), Files.createDirectories(repository.resolve("dev")), "patchbay");
    }
    // Every Maven that is started below this folder takes that repository.
    Files.writeString(Files.createDirectories(folder.resolve(".mvn")).resolve("maven.config"), "-Dmaven.repo.local=" + repository + "\n");
    Printed published = run(CHECKOUT, List.of(CHECKOUT.resolve("it/home/publish").toString(), repository.toString()));
    assertThat(published.exit()).as(published.text()).isZero();
  }

  private static void link(Path from, Path to, String not) throws IOException {
    try (Stream<Path> groups = Files.list(from)) {
      for (Path group : groups.filter(path -> !path.endsWith(not)).toList()) {
        Files.createSymbolicLink(to.resolve(group.getFileName()), group);
      }
    }
  }

  /** How a program ended, and what it printed. */
  record Printed(int exit, String text) {}

  /** A copy of a folder of the checkout, without what a build has made there. */
  Path copy(String from) throws IOException {
    Path source = CHECKOUT.resolve(from);
    Path target = folder.resolve(source.getFileName());
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.startsWith(source.resolve("target"))).toList()) {
        Path to = target.resolve(source.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return target;
  }

  /** Maven in a folder below this one: from what this machine has, and only if that is not enough with what the net has. */
  Printed maven(Path project, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--no-transfer-progress", "-Dstyle.color=never"));
    command.addAll(List.of(arguments));
    List<String> offline = new ArrayList<>(command);
    offline.add("--offline");
    Printed printed = run(project, offline);
    return printed.exit() != 0 && printed.text().contains("offline mode") ? run(project, command) : printed;
  }

  /** Runs a program to its end. */
  Printed run(Path where, List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "printed", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.equals("JAVA_TOOL_OPTIONS") || name.startsWith("PATCHBAY_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", Installed.HOME.resolve("bin") + ":" + environment.get("PATH"));
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException(command + " took longer than " + LONGEST_SECONDS + " s: " + Files.readString(output));
    }
    return new Printed(process.exitValue(), Files.readString(output));
  }

  /** The artifacts of Patchbay that this machine has. */
  List<String> artifacts() throws IOException {
    try (Stream<Path> files = Files.list(repository.resolve("dev/patchbay"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** Takes away the links to what others have. */
  @Override
  public void close() throws IOException {
    for (Path links : List.of(repository.resolve("dev"), repository)) {
      try (Stream<Path> files = Files.list(links)) {
        for (Path file : files.filter(Files::isSymbolicLink).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
