package dev.patchbay.it.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.Installed.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code patchbay max-pods} says, beside the numbers that AWS publishes and beside a table of other modes. */
class MaxPodsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENI_CONFIG = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: not read by any mode}
      ---
      apiVersion: crd.k8s.amazonaws.com/v1alpha1
      kind: ENIConfig
      metadata: {name: %s}
      spec: {subnet: subnet-0123456789abcdef1, securityGroups: [sg-0123456789abcdef0]}
      """;

  @TempDir
  private Path folder;

  private Result maxPods(String... arguments) throws IOException, InterruptedException {
    return Installed.patchbay(folder, 120, Stream.concat(Stream.of("max-pods"), Stream.of(arguments)).toList());
  }

  /** A configuration with all modes of the installation to choose from. */
  private String configuration(String rest) throws IOException {
    String modules;
    try (Stream<Path> files = Files.list(Installed.HOME.resolve("modes"))) {
      modules = files.sorted().map(file -> "  - file: " + file + "\n").collect(Collectors.joining());
    }
    Path file = Files.createTempFile(folder, "patchbay", ".yaml");
    Files.writeString(file, "modules:\n" + modules + rest);
    return file.toString();
  }

  private JsonNode all(String... arguments) throws IOException, InterruptedException {
    Result result = maxPods(Stream.concat(Stream.of("--all", "--json"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
    return JSON.readTree(result.out());
  }

  @Test
  void publishedNumbersOfEveryType() throws Exception {
    Map<String, Integer> published = new TreeMap<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(MaxPodsTest.class.getResourceAsStream("eni-max-pods.csv")), StandardCharsets.US_ASCII))) {
      lines.lines().skip(1).map(line -> line.split(",", -1)).forEach(row -> published.put(row[0], Integer.valueOf(row[1])));
    }
    assertThat(published).hasSizeGreaterThan(1300);
    JsonNode said = all();
    Map<String, Integer> here = new TreeMap<>();
    published.keySet().forEach(type -> here.put(type, said.path(type).asInt(-1)));
    assertThat(here).isEqualTo(published);
  }

  @Test
  void otherModesAndLimits() throws Exception {
    String objects = Files.writeString(folder.resolve("default.yaml"), ENI_CONFIG.formatted("default")).toString();
    // Types: 3 interfaces of 10, 2 of 4, 15 of 50; the last is neither Nitro nor bare metal. Computed by hand.
    Map<String, List<Integer>> table = new TreeMap<>(Map.of(
        "modes: [use: secondary-ip]", List.of(29, 8, 737, 20),
        "modes: [use: prefix]", List.of(434, 98, 11762, -1),
        "modes: [{use: secondary-ip}, {use: custom-net}]", List.of(20, 5, 688, 11),
        "modes: [{use: prefix}, {use: custom-net}]", List.of(290, 50, 10978, -1),
        "modes: [{use: secondary-ip, settings: {maxEni: 2}}]", List.of(20, 8, 100, 20),
        "modes: [{use: secondary-ip, settings: {maxEni: 2}}, {use: custom-net}]", List.of(11, 5, 51, 11),
        "modes: [{use: secondary-ip}, {use: ipv6}]", List.of(29, 8, 737, -1),
        // The trunk has the slot of an interface; the last type carries none, so nothing is kept for one.
        "modes: [{use: secondary-ip}, {use: sgp}]", List.of(20, 5, 688, 20),
        "modes: [{use: prefix}, {use: custom-net}, {use: sgp}]", List.of(146, 2, 10194, -1),
        "node: {maxPods: 12}\nmodes: [use: secondary-ip]", List.of(14, 8, 14, 14)));
    Map<String, List<Integer>> said = new TreeMap<>();
    for (String modes : table.keySet()) {
      JsonNode all = all("--config", configuration(modes + "\n"), "--objects", objects);
      said.put(modes, Stream.of("m5.large", "c7g.medium", "m5.24xlarge", "m4.large").map(t -> all.path(t).asInt(-1)).toList());
    }
    assertThat(said).isEqualTo(table);
  }

  @Test
  void formulaIsShownAndCapsAreAChoice() throws Exception {
    assertThat(maxPods("--instance-type", "m5.large"))
        .isEqualTo(new Result(0, "29 pods = 3 interfaces x 9 addresses, + 2 of the host's network\n", ""));
    String prefix = configuration("modes: [use: prefix]\n");
    assertThat(maxPods("--instance-type", "m5.large", "--config", prefix, "--cap", "--number").out()).isEqualTo("110\n");
    assertThat(maxPods("--instance-type", "m5.24xlarge", "--config", prefix, "--cap", "--number").out()).isEqualTo("250\n");
    assertThat(maxPods("--instance-type", "m5.large", "--host-network-pods", "0", "--cap", "--number").out()).isEqualTo("27\n");
    JsonNode json = JSON.readTree(maxPods("--instance-type", "m5.large", "--config", prefix, "--json").out());
    assertThat(json.path("maxPods").asInt()).isEqualTo(434);
    assertThat(json.at("/families/IPV4/lanes/0/addressesPerUnit").asInt()).isEqualTo(16);
    String ipv6 = configuration("modes: [use: ipv6]\n");
    assertThat(maxPods("--instance-type", "m5.large", "--config", ipv6).out()).contains("no limit");
    assertThat(maxPods("--instance-type", "m5.large", "--config", ipv6, "--number", "--cap").out()).isEqualTo("110\n");
    assertThat(maxPods("--instance-type", "m5.large", "--config", ipv6, "--number").status()).isEqualTo(1);
  }

  @Test
  void whatCantBeKnownIsSaidInWords() throws Exception {
    String both = configuration("modes: [{use: secondary-ip}, {use: custom-net}]\n");
    assertRefused(maxPods("--instance-type", "m5.large", "--config", both), "no ENIConfig default", "--objects");
    String other = Files.writeString(folder.resolve("other.yaml"), ENI_CONFIG.formatted("other")).toString();
    assertRefused(maxPods("--instance-type", "m5.large", "--config", both, "--objects", other), "no ENIConfig default");
    assertThat(maxPods("--instance-type", "m5.large", "--config", both, "--objects", other, "--label",
        "k8s.amazonaws.com/eniConfig=other", "--number").out()).isEqualTo("20\n");
    assertRefused(maxPods("--instance-type", "m4.large", "--config", configuration("modes: [use: prefix]\n")), "m4.large", "Nitro");
    assertRefused(maxPods("--instance-type", "m5.larg"), "m5.larg", "--all");
    assertRefused(maxPods("--instance-type", "m5.large", "--config", folder.resolve("none.yaml").toString()), "none.yaml");
    for (String content : List.of("a: [", "- 1\n", "\u0000", "{\"kind\": \"ENIConfig\", \"apiVersion\": \"crd.k8s.amazonaws.com/v1alpha1\"}",
        "[".repeat(100_000))) {
      String objects = Files.writeString(folder.resolve("bad.yaml"), content).toString();
      assertRefused(maxPods("--instance-type", "m5.large", "--config", both, "--objects", objects), "bad.yaml", "kubectl");
    }
    assertRefused(maxPods("--instance-type", "m5.large", "--config", both, "--objects", folder.toString()), "it is no file");
    assertThat(maxPods().status()).isEqualTo(2);
    assertThat(maxPods("--instance-type", "m5.large", "--host-network-pods", "many").status()).isEqualTo(2);
  }

  private static void assertRefused(Result result, String... words) {
    assertThat(result.status()).as(result.toString()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(words).doesNotContain("\tat ", "Exception");
  }
}
