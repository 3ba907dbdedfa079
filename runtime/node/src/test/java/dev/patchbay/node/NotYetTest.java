package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotYetTest {
  @TempDir
  private Path folder;

  @Test
  void classicDatapathIsRefusedWithLineCauseAndRemedy() throws IOException {
    assertThatThrownBy(() -> NotYet.refuse(configuration("classic"))).isInstanceOf(ConfigurationException.class)
        .hasMessageMatching("(?s)\\S+/patchbay\\.yaml:3: node\\.datapath: this version does not render the classic datapath.*"
            + " Use fast, or leave the key out\\.");
  }

  @Test
  void fastDatapathIsNot() {
    assertThatCode(() -> NotYet.refuse(configuration("fast"))).doesNotThrowAnyException();
  }

  private Configuration configuration(String datapath) throws IOException {
    Path file = folder.resolve("patchbay.yaml");
    Files.writeString(file, """
        node:
          name: here
          datapath: %s
        modules:
          - file: some.jar
        modes:
          - use: some
        """.formatted(datapath));
    return ConfigurationFile.parse(file, Files.readAllBytes(file), Map.of()).forNode(Map.of());
  }
}
