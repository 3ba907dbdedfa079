package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What make says and does on a machine that lacks something: it/home/need, where the PATH and /usr/lib/jvm are others. */
class NeedTest {
  private static final List<String> ALWAYS = List.of("bash", "cat", "dirname", "grep", "readlink", "sh");
  private static final List<String> BUILD = List.of("mvn", "make", "gcc", "musl-gcc", "cmp", "flock");
  private static final List<String> DEMO = List.of("ip", "nft", "nsenter", "ping", "ps");

  @TempDir Path scratch;
  private Path bin = Path.of("");
  private Path log = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    bin = Files.createDirectory(scratch.resolve("bin"));
    log = scratch.resolve("log");
    for (String tool : ALWAYS) {
      fake(tool, "exec " + located(tool) + " \"$@\"");
    }
    for (List<String> tools : List.of(BUILD, DEMO)) {
      for (String tool : tools) {
        fake(tool, "exit 0");
      }
    }
    fake("id", "echo 1000");
  }

  private static Path located(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, tool)).filter(Files::isExecutable).findFirst()
        .orElseThrow();
  }

  private void fake(String tool, String text) throws IOException {
    Path file = bin.resolve(tool);
    Files.deleteIfExists(file);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int exit, List<String> lines) {}

  private Outcome need(String target, boolean jdk) throws IOException, InterruptedException {
    // A mount namespace of its own, in which this machine's JDKs and its further tools are not seen.
    String hidden = "mount -t tmpfs none /usr/sbin && { [ -L /sbin ] || mount -t tmpfs none /sbin; }"
        + (jdk ? "" : " && mount -t tmpfs none /usr/lib/jvm");
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", hidden + " && exec env PATH=\"$0\" \"$@\"",
        bin.toString(), Checkout.ROOT.resolve("it/home/need").toString(), target));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!jdk) {
      builder.environment().remove("JAVA_HOME");
    }
    Process process = builder.start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    return new Outcome(process.waitFor(), lines);
  }

  @Test
  void whatIsThereIsNotSpokenOf() throws Exception {
    assertThat(need("demo", true)).isEqualTo(new Outcome(0, List.of()));
  }

  @Test
  void whoMayNotInstallIsToldInOneLine() throws Exception {
    Files.delete(bin.resolve("nft"));
    Files.delete(bin.resolve("musl-gcc"));
    assertThat(need("demo", true)).isEqualTo(new Outcome(1,
        List.of("patchbay: make demo needs what is not here: install Debian's packages musl-tools nftables.")));
    assertThat(need("build", true)).as("needs less").isEqualTo(new Outcome(1,
        List.of("patchbay: make build needs what is not here: install Debian's packages musl-tools.")));
  }

  @Test
  void aMissingJdkIsToldInOneLine() throws Exception {
    Outcome outcome = need("demo", false);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.lines()).singleElement().asString().startsWith("patchbay: make demo needs what is not here: install a JDK 25 under");
  }

  @Test
  void allThatIsMissingIsInThatLine() throws Exception {
    Files.delete(bin.resolve("nft"));
    Outcome outcome = need("demo", false);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.lines()).singleElement().asString().contains("a JDK 25", "Debian's packages nftables.");
  }

  @Test
  void rootOnDebianInstallsIt() throws Exception {
    fake("id", "echo 0");
    fake("apt-get", "echo \"$@\" >> " + log + "; [ $4 != nftables ] || exit 0");
    Files.delete(bin.resolve("nft"));
    assertThat(need("demo", true)).isEqualTo(new Outcome(0, List.of("patchbay: installing nftables")));
    assertThat(log).hasContent("-qq -y install --no-install-recommends nftables");
  }

  @Test
  void rootOnADebianWithoutThePackageIsToldToo() throws Exception {
    fake("id", "echo 0");
    fake("apt-get", "echo \"$@\" >> " + log);
    fake("apt-cache", "exit 0");
    Outcome outcome = need("demo", false);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.lines()).singleElement().asString().contains("install a JDK 25");
    assertThat(log).as("nothing but the list of packages").hasContent("-qq -y update");
  }

  @Test
  void rootOnADebianWithThePackageInstallsIt() throws Exception {
    fake("id", "echo 0");
    fake("apt-get", "echo \"$@\" >> " + log);
    fake("apt-cache", "echo openjdk-25-jdk-headless - OpenJDK Development Kit");
    assertThat(need("demo", false)).isEqualTo(new Outcome(0, List.of("patchbay: installing openjdk-25-jdk-headless")));
    assertThat(log).hasContent("-qq -y install --no-install-recommends openjdk-25-jdk-headless");
  }
}
