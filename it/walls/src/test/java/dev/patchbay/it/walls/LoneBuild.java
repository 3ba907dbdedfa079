package dev.patchbay.it.walls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder of the checkout, copied to where nothing else is, and built there as a vendor would. */
final class LoneBuild {
  private static final Pattern TESTS = Pattern.compile("(?m)^\\[\\w+\\] Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: \\d+$");
  private static final Pattern OLD = Pattern.compile("JAVA_VERSION=\"(17|18|19|2[0-4])\\b.*", Pattern.DOTALL);

  private final Path folder;
  private final LocalRepository repository;

  LoneBuild(String module, Path folder, LocalRepository repository) throws IOException {
    this.folder = folder;
    this.repository = repository;
    Copy.tree(Checkout.ROOT.resolve(module), folder);
  }

  /**
   * How it ended.
   *
   * @param exit the exit code
   * @param output what Maven printed
   */
  record Outcome(int exit, String output) {
    /** How many tests ran, and how many of them failed. */
    int[] tests() {
      Matcher sum = TESTS.matcher(output);
      int[] tests = {0, 0};
      while (sum.find()) {
        tests[0] += Integer.parseInt(sum.group(1));
        tests[1] += Integer.parseInt(sum.group(2)) + Integer.parseInt(sum.group(3));
      }
      return tests;
    }

    private boolean lacks() {
      return exit != 0 && output.contains("in offline mode");
    }
  }

  Path folder() {
    return folder;
  }

  /** The jar that it made. */
  Path jar() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  /** {@code mvn verify}: from what this machine has, and only if that is not enough with what the net has. */
  Outcome verify() {
    Outcome outcome = maven("--offline", "verify");
    return outcome.lacks() ? maven("verify") : outcome;
  }

  Outcome maven(String... arguments) {
    List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--no-transfer-progress", "-Dstyle.color=never",
        "-Dmaven.repo.local=" + repository.folder()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.equals("JAVA_TOOL_OPTIONS"));
    oldJava().ifPresent(java -> {
      // As on a Debian machine: the java on the PATH is older, and nothing says where the newer one is.
      environment.remove("JAVA_HOME");
      environment.put("PATH", java.resolve("bin") + ":" + environment.get("PATH"));
    });
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes());
      return new Outcome(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A Java from 17 to 24 on this machine, if there is one and a JDK 25 lies where it is looked for. */
  static Optional<Path> oldJava() {
    try (Stream<Path> all = Files.list(Path.of("/usr/lib/jvm"))) {
      List<Path> homes = all.filter(home -> Files.isExecutable(home.resolve("bin/java"))).sorted().toList();
      boolean newer = homes.stream().anyMatch(home -> release(home).contains("JAVA_VERSION=\"25") && Files.exists(home.resolve("bin/javac")));
      return newer ? homes.stream().filter(home -> OLD.matcher(release(home)).find()).findFirst() : Optional.empty();
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  private static String release(Path home) {
    try {
      return Files.readString(home.resolve("release"));
    } catch (IOException none) {
      return "";
    }
  }
}
