package dev.patchbay.it.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Boots a kernel that has what the host's may lack, runs in it the tests of this package that are for the inside, and tells of each as
 * of a test of its own.
 */
class GuestTest {
  /** An emulated processor is slow, and the machine may be busy. */
  private static final Duration LONGEST = Duration.ofMinutes(60);
  private static final int LACKING = 126;

  /** What the daemon in the guest may do, asked of the installation out here, where that takes a second. */
  private static Path permissions(Path folder) throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("patchbay.home"));
    Path modes = Files.writeString(folder.resolve("modes.yaml"), new ObjectMapper().writeValueAsString(Stage.modes(home)));
    Path printed = folder.resolve("permissions.json");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + home.resolve("lib/patchbay.options"), "-p", home.resolve("lib/boot").toString(),
        "-m", "dev.patchbay.launch/dev.patchbay.launch.Launcher", "patchbay", "permissions", "--json", "--config", modes.toString())
        .redirectOutput(printed.toFile()).redirectError(Redirect.INHERIT).start();
    assertThat(process.waitFor()).as("patchbay permissions").isZero();
    return printed;
  }

  @TestFactory
  Stream<DynamicTest> inside(@TempDir Path folder) throws IOException, InterruptedException {
    Path guest = Path.of("").toAbsolutePath().resolve("../home/guest").normalize();
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>(List.of(guest.toString(), "-t", String.valueOf(LONGEST.toSeconds()), "-r",
        folder.resolve("results").toString(), Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
        "-Dslf4j.internal.verbosity=ERROR", "-Dpatchbay.home=" + System.getProperty("patchbay.home"),
        "-Dpatchbay.lab.permissions=" + permissions(folder), "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Inside.class.getName()));
    long began = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile())).start();
    int exit;
    try {
      exit = process.waitFor();
    } finally {
      process.destroy();
    }
    String said = Files.readString(output);
    if (exit == LACKING) {
      System.out.println("  [guest kernel] LEFT OUT: " + said.strip());
      Assumptions.abort(said);
    }
    assertThat(exit).as("the guest's end: %s", said).isZero();
    List<Inside.Outcome> outcomes = Inside.read(folder.resolve("results").resolve(Inside.FILE));
    assertThat(outcomes).as("tests within the guest: %s", said).isNotEmpty();
    System.out.printf("  [guest kernel] %d tests in %d s, from its start to its end%n", outcomes.size(), (System.nanoTime() - began) / 1_000_000_000);
    said.lines().filter(line -> line.startsWith("  [")).forEach(System.out::println);
    return outcomes.stream().map(outcome -> DynamicTest.dynamicTest(outcome.name(), () -> {
      if (!outcome.failure().isEmpty()) {
        throw new AssertionError(outcome.failure());
      }
    }));
  }
}
