package dev.patchbay.it.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.Installed.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code patchbay config from-env}, with the modes of the installation: what it prints is a configuration that can be used. */
class ConfigFromEnvTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  private Result patchbay(String... arguments) throws IOException, InterruptedException {
    return Installed.patchbay(folder, 120, List.of(arguments));
  }

  private Result fromEnv(String option, String content, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("config", "from-env", option,
        Files.writeString(Files.createTempFile(folder, "variables", ""), content).toString()));
    arguments.addAll(List.of(more));
    return patchbay(arguments.toArray(String[]::new));
  }

  @Test
  void daemonSetBecomesAConfigurationThatIsAccepted() throws Exception {
    Result result = fromEnv("--daemonset", """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: aws-node, namespace: kube-system}
        spec:
          template:
            spec:
              initContainers:
                - name: aws-vpc-cni-init
                  env: [{name: DISABLE_TCP_EARLY_DEMUX, value: "false"}]
              containers:
                - name: aws-node
                  env:
                    - {name: ENABLE_PREFIX_DELEGATION, value: "true"}
                    - {name: WARM_PREFIX_TARGET, value: "2"}
                    - {name: AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, value: "true"}
                    - {name: ENI_CONFIG_LABEL_DEF, value: topology.kubernetes.io/zone}
                    - {name: AWS_VPC_K8S_CNI_EXTERNALSNAT, value: "true"}
                    - {name: ADDITIONAL_ENI_TAGS, value: '{"team": "a: b # c"}'}
                    - {name: ANNOTATE_POD_IP, value: "true"}
                    - {name: MY_NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
        """);
    assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
    assertThat(result.out()).contains("  - use: prefix  # ENABLE_PREFIX_DELEGATION=true", "  - use: custom-net  # AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true",
        "warmPrefixTarget: 2  # WARM_PREFIX_TARGET=2", "translate: false  # AWS_VPC_K8S_CNI_EXTERNALSNAT=true",
        "#   ANNOTATE_POD_IP=true: pods are not annotated").doesNotContain("DISABLE_TCP_EARLY_DEMUX");
    Path file = Files.writeString(folder.resolve("made.yaml"), result.out());
    assertThat(patchbay("config", "check", file.toString())).extracting(Result::status, Result::err).containsExactly(0, "");
  }

  @Test
  void linesOfVariablesForEachMode() throws Exception {
    for (String[] row : new String[][] {{"", "secondary-ip"}, {"WARM_IP_TARGET=5\nMAX_ENI=3\n", "secondary-ip"},
        {"ENABLE_PREFIX_DELEGATION=true\n", "prefix"}, {"ENABLE_IPv6=true\nENABLE_PREFIX_DELEGATION=true\n", "ipv6"}}) {
      Result result = fromEnv("--env-file", "# comment\n" + row[0], "--json");
      assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
      JsonNode json = JSON.readTree(result.out());
      assertThat(json.path("usable").asBoolean()).isTrue();
      assertThat(json.path("modes").findValuesAsText("use")).as(row[0]).containsExactly(row[1]);
    }
  }

  @Test
  void whatCantBeReadOrUsedIsSaidInWords() throws Exception {
    Result unusable = fromEnv("--env-file", "AWS_VPC_K8S_CNI_VETHPREFIX=toolong\n");
    assertThat(unusable.status()).isEqualTo(1);
    assertThat(unusable.out()).contains("vethPrefix: toolong");
    assertThat(unusable.err()).contains("can't be used as it is", "vethPrefix").doesNotContain("\tat ");
    for (String content : List.of("a: [", "- 1", "", "{}", "[".repeat(100_000), "spec: {template: {spec: {containers: [1, {env: 7}]}}}")) {
      Result result = fromEnv("--daemonset", content);
      assertThat(result.status()).as(content).isEqualTo(1);
      assertThat(result.err()).contains("can't be used").doesNotContain("\tat ", "Exception");
    }
    assertThat(fromEnv("--env-file", "NAME\n").err()).contains("line 1");
    assertThat(patchbay("config", "from-env", "--env-file", folder.toString()).err()).contains("it is no file");
    assertThat(patchbay("config", "from-env", "--env-file", folder.resolve("none").toString()).err()).contains("no such file");
  }
}
