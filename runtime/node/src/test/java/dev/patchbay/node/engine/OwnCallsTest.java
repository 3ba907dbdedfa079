package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that the daemon makes itself. */
class OwnCallsTest {
  @TempDir
  private Path folder;

  @BeforeEach
  void processes() throws IOException {
    link("self/ns/pid", "pid:[4026531836]");
    link("self/ns/mnt", "mnt:[4026532001]");
    link("1/ns/mnt", "mnt:[4026531841]");
  }

  private void link(String at, String to) throws IOException {
    Path link = folder.resolve(at);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(to));
  }

  private OwnCalls calls(Path executable) {
    return new OwnCalls(new OwnCalls.Place(executable, Path.of("/run/patchbay/cni.sock"), "patchbay", Path.of("/opt/cni/bin"), folder));
  }

  private Path script(String text) throws IOException {
    Path script = folder.resolve("patchbay-cni");
    Files.writeString(script, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void theExecutableGoesToTheMountsOfProcessOneAndCallsTheDaemon() throws Exception {
    Path said = folder.resolve("said");
    assertThat(new ProcessBuilder("mkfifo", said.toString()).inheritIO().start().waitFor()).isZero();
    try (OwnCalls calls = calls(script("{ env; cat; } > " + said + "\n"))) {
      calls.make(Optional.empty());
      // Reading ends when the script has said all.
      assertThat(Files.readString(said).lines()).contains("CNI_COMMAND=STATUS", "CNI_PATH=/opt/cni/bin",
          "PATCHBAY_MOUNTS=" + folder.resolve("1/ns/mnt"),
          "{\"cniVersion\":\"1.1.0\",\"name\":\"patchbay\",\"type\":\"patchbay-cni\",\"socket\":\"/run/patchbay/cni.sock\"}")
          .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("JAVA"));
    }
  }

  @Test
  void whereTheDaemonIsThereAlreadyItStays() throws IOException {
    link("1/ns/mnt", "mnt:[4026532001]");
    assertThat(calls(folder).environment(Optional.of("/usr/lib/cni"))).doesNotContainKey("PATCHBAY_MOUNTS")
        .containsEntry("CNI_PATH", "/usr/lib/cni");
  }

  @Test
  void whatTheInstallationDoesNotGrantIsSaid() throws IOException {
    Path script = script("exit 0\n");
    assertThat(calls(script).hindrance()).isEmpty();
    assertThat(calls(folder.resolve("nowhere")).hindrance().orElseThrow()).contains("nowhere");
    link("self/ns/pid", "pid:[4026532009]");
    assertThat(calls(script).hindrance().orElseThrow()).contains("hostPID");
    link("self/ns/pid", "pid:[4026531836]");
    Files.delete(folder.resolve("1/ns/mnt"));
    assertThat(calls(script).hindrance().orElseThrow()).contains("CAP_SYS_PTRACE");
  }
}
