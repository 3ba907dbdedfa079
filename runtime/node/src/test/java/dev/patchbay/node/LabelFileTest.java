package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelFileTest {
  @TempDir
  private Path folder;

  @Test
  void labelsAreKept() {
    LabelFile file = LabelFile.in(folder.resolve("lib"), "here");
    assertThat(file.read()).isEmpty();
    file.write(Map.of("pool", "batch", "topology.kubernetes.io/zone", "eu-west-1a", "empty", ""));
    assertThat(LabelFile.in(folder.resolve("lib"), "here").read())
        .contains(Map.of("pool", "batch", "topology.kubernetes.io/zone", "eu-west-1a", "empty", ""));
    file.write(Map.of());
    assertThat(file.read()).contains(Map.of());
    assertThat(folder.resolve("lib")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void labelsOfAnotherNodeAreNone() {
    LabelFile.in(folder, "there").write(Map.of("pool", "batch"));
    assertThat(LabelFile.in(folder, "here").read()).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsUnknown() throws IOException {
    LabelFile file = LabelFile.in(folder, "here");
    for (String text : new String[] {"", "{", "[]", "{\"node\": \"here\"}", "{\"node\": \"here\", \"labels\": 7}", "\u0000\u0001"}) {
      Files.writeString(folder.resolve("node-labels.json"), text);
      assertThat(file.read()).as("of %s", text).isEmpty();
    }
  }
}
