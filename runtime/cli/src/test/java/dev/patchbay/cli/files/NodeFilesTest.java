package dev.patchbay.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.store.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFilesTest {
  @TempDir
  private Path folder;

  private Configuration configuration() {
    String text = """
        cni: {socket: %1$s/run/cni.sock, confDir: %1$s/net.d, binDir: %1$s/bin}
        state: {run: %1$s/run, lib: %1$s/lib}
        modes: [{use: any}]
        """.formatted(folder);
    return ConfigurationFile.parse(folder.resolve("patchbay.yaml"), text.getBytes(StandardCharsets.UTF_8), Map.of()).forNode(Map.of());
  }

  @Test
  void aNodeWithoutAnythingSaysSoAndStaysSo() throws IOException {
    NodeFiles files = NodeFiles.read(configuration());
    assertThat(files.ledger().there()).isFalse();
    assertThat(files.inUse()).isFalse();
    assertThat(files.attached()).isEmpty();
    assertThat(files.notes()).isEmpty();
    assertThat(files.conflistWords()).contains("is not there, so the container runtime sends no pods here");
    try (var list = Files.list(folder)) {
      assertThat(list).as("looking makes nothing").isEmpty();
    }
  }

  @Test
  void theLedgerIsReadBesideWhoHasItOpen() {
    Path lib = LedgerReading.lib(configuration().state());
    try (Journal journal = Journal.open(lib).journal()) {
      journal.append(new Entry.EniMade("token-1", "eni-1", "default").bytes());
      journal.append(new Entry.UnitsMade("eni-1", List.of(Cidr.of("10.0.0.9/32"))).bytes());
      journal.append(new Entry.UnitsMade("eni-0", List.of(Cidr.of("10.0.0.5/32"), Cidr.of("10.0.1.0/28"))).bytes());
      NodeFiles files = NodeFiles.read(configuration());
      assertThat(files.made()).containsExactly(Map.entry("eni-1", "default"));
      assertThat(files.assigned()).containsExactly(Map.entry("eni-0", List.of("10.0.0.5", "10.0.1.0/28")));
      assertThat(files.ledger().problems()).isEmpty();
    }
  }

  @Test
  void aLedgerThatIsNoneIsAProblemAndNoGuess() throws IOException {
    Path run = LedgerReading.run(configuration().state());
    try (Journal journal = Journal.open(run).journal()) {
      journal.append("this is no entry".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(NodeFiles.read(configuration()).ledger().problems()).singleElement().asString().contains(run.toString());
  }

  @Test
  void onlyAConflistThatNamesOurPluginIsOurs() throws IOException {
    Path file = configuration().cni().confFile();
    Files.createDirectories(file.getParent());
    for (String foreign : List.of("", "{", "[]", "{\"plugins\":7}", "{\"plugins\":[{\"type\":\"bridge\"}]}", "{\"plugins\":[null,3]}")) {
      Files.writeString(file, foreign);
      assertThat(NodeFiles.conflist(file)).as(foreign).isEqualTo(NodeFiles.Conflist.FOREIGN);
    }
    Files.writeString(file, "{\"name\":\"patchbay\",\"plugins\":[{\"type\":\"patchbay-cni\"},{\"type\":\"portmap\"}]}");
    assertThat(NodeFiles.conflist(file)).isEqualTo(NodeFiles.Conflist.OURS);
    Files.delete(file);
    assertThat(NodeFiles.conflist(file)).isEqualTo(NodeFiles.Conflist.NONE);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().onExit().join().exitValue()).isZero();
    assertThat(NodeFiles.conflist(file)).as("a pipe is not waited for").isEqualTo(NodeFiles.Conflist.FOREIGN);
  }
}
