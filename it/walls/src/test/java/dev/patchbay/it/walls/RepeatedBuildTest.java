package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same sources make the same bytes, wherever they lie and how often it is done; and what has not changed is not compiled. The cache of
 * classes, which is made where it is used and is of that machine, is no part of what is distributed.
 */
@Tag("soak")
class RepeatedBuildTest {
  @TempDir Path scratch;

  @Test
  void buildsOfOneCommitAreTheSameBytes() throws Exception {
    Path one = scratch.resolve("one");
    Path other = scratch.resolve("some/where/else/with/a/longer/name");
    Copy.tree(Checkout.ROOT, one);
    Files.createDirectories(other);
    Copy.tree(Checkout.ROOT, other);
    run(one, "make", "build");
    SortedMap<String, String> first = digests(one.resolve("build/home"));
    assertThat(first).hasSizeGreaterThan(40).containsKeys("bin/patchbay-cni", "modes/dev.patchbay.mode.secondaryip.jar");

    assertThat(run(one, "bash", "-c", "root=$PWD; . it/home/functions; maven -Dmaven.test.skip=true package"))
        .contains("Nothing to compile").doesNotContain("Recompiling", "Compiling ");
    assertThat(digests(one.resolve("build/home"))).as("built again").isEqualTo(first);

    run(one, "make", "clean");
    assertThat(one.resolve("build")).doesNotExist();
    run(one, "make", "build");
    assertThat(digests(one.resolve("build/home"))).as("built from nothing").isEqualTo(first);

    run(other, "make", "build");
    assertThat(digests(other.resolve("build/home"))).as("built elsewhere").isEqualTo(first);
  }

  private static String run(Path folder, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // Those that ran this test are not meant for another Maven.
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_") || name.startsWith("MAKE") || name.equals("MFLAGS"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static SortedMap<String, String> digests(Path folder) throws IOException, NoSuchAlgorithmException {
    SortedMap<String, String> digests = new TreeMap<>();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(file -> Files.isRegularFile(file) && !file.startsWith(folder.resolve("cache"))).toList()) {
        digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file))));
      }
    }
    return digests;
  }
}
