package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second daemon on a node gives way before it touches anything, also where its state is kept elsewhere, so that it knows no pod. */
class SecondDaemonTest extends OneNode {
  private static final Path HOME = Path.of(System.getProperty("patchbay.home")).toAbsolutePath().normalize();

  @TempDir
  private Path folder;

  @Test
  void otherStateFoldersMakeNoOtherNode() throws Exception {
    Sandbox sandbox = sandboxes.make();
    Executable.Ended added = Executable.of(node, "ADD", sandbox).run().orThrow();
    Kernel before = Kernel.of(node.netns());
    Path other = Files.copy(node.configuration(), folder.resolve("patchbay.yaml"));
    Configurations.change(other, Map.of(
        "state", Map.of("run", folder.resolve("run").toString(), "lib", folder.resolve("lib").toString()),
        "introspection", Map.of("address", "off"), "metrics", Map.of("address", "off")));

    Path said = folder.resolve("said");
    ProcessBuilder builder = node.netns().command(HOME.resolve("bin/patchbay").toString(), "node", "--config", other.toString());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process second = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(second.waitFor(Until.LONG.toSeconds(), TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      second.destroyForcibly();
    }
    assertThat(second.exitValue()).isNotZero();
    assertThat(Files.readString(said)).contains("another daemon serves the CNI socket " + node.socket(), "stop it, or configure another path")
        .doesNotContain("\tat ");

    assertThat(before.differences(Kernel.of(node.netns()))).isEmpty();
    added.check().orThrow();
    Agreement.await(node, Map.of(Sandboxes.key(sandbox), added.address().orElseThrow().getHostAddress()));
    assertThat(Executable.of(node, "DEL", sandbox).run().exit()).isZero();
  }
}
