package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens follows from the seed alone: not from hashes of objects, orders of sets, or the time of day. */
class TwoProcessesTest {
  private static String digests(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.add(Digests.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  @Test
  void oneSeedGivesOneDigest() throws Exception {
    String one = digests();
    String two = digests("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2");

    assertThat(two).isEqualTo(one);
    assertThat(one.lines()).hasSize(4 * BuiltIn.families().size());
    // Families that begin alike may go on alike.
    assertThat(one.lines().distinct().count()).isGreaterThan(2L * BuiltIn.families().size());
  }
}
