package dev.patchbay.cli.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cli.daemon.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigTextTest {
  private final Json inForce = Fixtures.json(Fixtures.text("configuration.json"));

  @Test
  void everyValueSaysWhereItComesFrom() {
    List<String> lines = ConfigText.of(inForce.items(), "In force:", List.of(), false, false);
    assertThat(lines).first().isEqualTo("In force:");
    assertThat(lines).anyMatch(l -> l.matches(" *node.name +ip-10-0-0-4 +/etc/patchbay/patchbay.yaml:2"))
        .anyMatch(l -> l.matches(" *node.mtu +9001 +default"))
        .anyMatch(l -> l.matches(" *modes\\[0].settings.warmEniTarget +1 +default"));
  }

  @Test
  void whatTheFileSaysOtherwiseByNowIsNamed() {
    assertThat(ConfigText.differences(inForce, inForce)).isEmpty();
    String text = Fixtures.text("configuration.json");
    Json now = Fixtures.json(text
        .replaceFirst("(?s)\"key\": \"node.mtu\",\\s*\"value\": \"9001\",\\s*\"from\": \"default\",\\s*\"source\": \"default\"",
            "\"key\": \"node.mtu\", \"value\": \"1500\", \"from\": \"/etc/patchbay/patchbay.yaml:3\", \"source\": \"file\"")
        .replaceFirst("\"key\": \"cluster.name\"", "\"key\": \"cluster.gone\""));
    assertThat(ConfigText.differences(inForce, now)).containsExactlyInAnyOrder(
        "node.mtu is 9001 in force, and 1500 by now (/etc/patchbay/patchbay.yaml:3)",
        "cluster.gone is not set in force, and shop by now (/etc/patchbay/patchbay.yaml:4)",
        "cluster.name is shop in force, and not set by now");
  }

  @Test
  void whatTheEnvironmentSuppliesIsTheDaemonsOwn() {
    Json daemon = Fixtures.json("[{\"key\":\"node.name\",\"value\":\"a\",\"source\":\"environment\"}]");
    Json here = Fixtures.json("[{\"key\":\"node.name\",\"value\":\"b\",\"source\":\"environment\"}]");
    assertThat(ConfigText.differences(daemon, here)).isEmpty();
  }
}
