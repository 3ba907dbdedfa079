package dev.patchbay.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Installed.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code patchbay permissions} prints; that a node needs it all and no more is seen by every test on the lab. */
class PermissionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  private Result permissions(String... arguments) throws IOException, InterruptedException {
    return Installed.patchbay(folder, 60, Stream.concat(Stream.of("permissions"), Stream.of(arguments)).toList());
  }

  private Path configuration(String modes) throws IOException {
    Path file = folder.resolve("patchbay.yaml");
    Files.writeString(file, "modules:\n  - file: " + Installed.HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar") + "\n" + modes);
    return file;
  }

  @Test
  void policyOfANodeNamesEachActionOnce() throws Exception {
    Result result = permissions("--iam", "--config", configuration("modes: [{use: secondary-ip}]\n").toString());
    assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
    JsonNode policy = JSON.readTree(result.out());
    assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
    List<String> actions = new ArrayList<>();
    policy.path("Statement").forEach(s -> s.path("Action").forEach(a -> actions.add(a.asText())));
    assertThat(actions).doesNotHaveDuplicates().containsExactlyInAnyOrder("ec2:AssignPrivateIpAddresses",
        "ec2:AttachNetworkInterface", "ec2:CreateNetworkInterface", "ec2:CreateTags", "ec2:DeleteNetworkInterface",
        "ec2:DescribeInstanceTypes", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DetachNetworkInterface",
        "ec2:ModifyNetworkInterfaceAttribute", "ec2:UnassignPrivateIpAddresses");
    assertThat(policy.path("Statement").findValuesAsText("Effect")).containsOnly("Allow");
  }

  @Test
  void roleIsPrintedForKubectl() throws Exception {
    Result result = permissions("--rbac", "--namespace", "networking");
    assertThat(result.status()).isZero();
    assertThat(result.out().split("---\n")).hasSize(4);
    assertThat(result.out()).contains("kind: ServiceAccount\n", "namespace: networking\n", "kind: ClusterRole\n",
        "kind: ClusterRoleBinding\n").doesNotContain("&id", "secrets");
    JsonNode list = JSON.readTree(permissions("--rbac", "--json").out());
    assertThat(list.path("kind").asText()).isEqualTo("List");
    assertThat(list.at("/items/1/rules/0/resources/0").asText()).isEqualTo("events");
  }

  @Test
  void definitionsArePrintedForKubectlOfTheModesChosenAlone() throws Exception {
    Path file = folder.resolve("with.yaml");
    Files.writeString(file, "modules:\n  - file: " + Installed.HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar") + "\n  - file: "
        + Installed.HOME.resolve("modes/dev.patchbay.mode.customnet.jar") + "\nmodes: [{use: secondary-ip}, {use: custom-net}]\n");
    Result result = permissions("--crds", "--config", file.toString());
    assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
    assertThat(result.out().split("(?m)^---\n")).hasSize(2);
    assertThat(result.out()).contains("kind: CustomResourceDefinition\n", "name: eniconfigs.crd.k8s.amazonaws.com\n");
    JsonNode list = JSON.readTree(permissions("--crds", "--json", "--config", file.toString()).out());
    assertThat(list.at("/items/0/spec/names/kind").asText()).isEqualTo("ENIConfig");
    assertThat(permissions("--config", file.toString()).out()).containsPattern("\n    eniconfigs.crd.k8s.amazonaws.com +custom-net\n");
    assertThat(permissions("--crds", "--config", configuration("modes: [{use: secondary-ip}]\n").toString()))
        .extracting(Result::status, Result::out).containsExactly(0, "");
  }

  @Test
  void withoutMoreItSaysWhoNeedsWhat() throws Exception {
    assertThat(permissions().out()).startsWith("The daemon on each node\n")
        // The installation may have any other modes beside it.
        .containsPattern("\n    AssignPrivateIpAddresses +([a-z0-9-]+, )*secondary-ip\n")
        .containsPattern("\n    nodes: get, list, watch +([a-z0-9-]+, )*patchbay\n")
        .containsPattern("\n    nftables +([a-z0-9-]+, )*patchbay, ([a-z0-9-]+, )*secondary-ip\n")
        .containsPattern("\n    net.ipv4.ip_forward=1 +([a-z0-9-]+, )*secondary-ip\n");
  }

  @Test
  void modeThatNoModuleProvidesIsNamedWithItsLine() throws Exception {
    Path file = configuration("modes: [{use: secondary-ips}]\n");
    Result result = permissions("--config", file.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(file + ":3: ", "secondary-ips", "Did you mean secondary-ip?").hasLineCount(1);
  }
}
