package dev.patchbay.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
  @Test
  void digestsAreThoseThatAnOperatorCanCompute(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("b.jar"), "two");
    Files.writeString(folder.resolve("a.jar"), "one");
    Files.writeString(folder.resolve("B.jar"), "three");

    assertThat(Digests.of(folder.resolve("a.jar"))).isEqualTo(shell(folder, "sha256sum a.jar | cut -c 1-64"));
    assertThat(Digests.of(folder)).isEqualTo(shell(folder, "LC_ALL=C sha256sum * | sha256sum | cut -c 1-64"));
  }

  private static String shell(Path folder, String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", "export LC_ALL=C; " + command).directory(folder.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return out;
  }
}
