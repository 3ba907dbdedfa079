package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.command.LabCommand;
import dev.patchbay.lab.control.ControlServer;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a lab is without the daemon: instances that reach everything a node needs, and a kubelet's part. */
class EmptyLabTest {
  private static final String NAME = "e" + ProcessHandle.current().pid();
  private static Lab lab;

  @BeforeAll
  static void build() {
    lab = Lab.start(TestSettings.empty(NAME));
  }

  @AfterAll
  static void removeAndFindNothingLeft() {
    lab.close();
    assertThat(Fabric.existing()).doesNotContain(NAME);
    assertThat(Lab.folder(NAME)).doesNotExist();
    assertThat(Lab.names()).doesNotContain(NAME);
    assertThat(Lab.owner(NAME)).isEmpty();
  }

  @Test
  void nodesAreInTwoZonesAndReachEachOther() {
    assertThat(lab.nodes().subList(0, 2)).extracting(node -> node.instance().zone()).containsExactly("eu-west-1a", "eu-west-1b");
    assertThat(Ping.reaches(lab.node(0).netns(), lab.node(1).address(), Duration.ofSeconds(60))).isTrue();
    assertThat(Ping.reaches(lab.node(0).netns(), Fabric.INTERNET_HOST, Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void nodeCallsEc2WithTheCredentialsOfItsRoleAndMayDoWhatItsPolicySays() {
    String probe =
        """
        set -e
        token=$(curl -sf -m 60 -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
        get() { curl -sf -m 60 -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
        get instance-id; echo
        credentials=$(get iam/security-credentials/$(get iam/security-credentials/))
        field() { echo "$credentials" | sed -n "s/.*\\"$1\\" : \\"\\(.*\\)\\".*/\\1/p"; }
        for action in DescribeInstances DescribeVpcs; do
          curl -s -m 60 --aws-sigv4 aws:amz:eu-west-1:ec2 --user "$(field AccessKeyId):$(field SecretAccessKey)" \\
            -H "x-amz-security-token: $(field Token)" -d "Action=$action&Version=2016-11-15" "$1/"
          echo
        done
        """;
    String endpoint = String.valueOf(Configurations.read(lab.node(0).configuration()).get("ec2")).replaceAll(".*=|}", "");
    List<String> lines = lab.node(0).exec("bash", "-c", probe, "probe", endpoint).orThrow("probe").lines().toList();
    assertThat(lines.get(0)).isEqualTo(lab.node(0).instanceId());
    assertThat(lines.get(1)).contains("<DescribeInstancesResponse", lab.node(1).instanceId());
    assertThat(lines.get(2)).contains("<Code>UnauthorizedOperation</Code>");
    assertThat(lab.ec2().recorder().calls())
        .anyMatch(call -> call.caller().equals(lab.node(0).instanceId()) && call.action().equals("DescribeInstances"));
  }

  @Test
  void nodeReadsTheKubernetesApiByItsKubeconfigAndNoMore() throws IOException {
    JsonNode config = new com.fasterxml.jackson.databind.ObjectMapper().readTree(Files.readString(lab.node(1).kubeconfig()));
    String server = config.at("/clusters/0/cluster/server").asText();
    String token = config.at("/users/0/user/token").asText();
    assertThat(get(server + "/api/v1/nodes/node-1", token)).contains("topology.kubernetes.io/zone", "\"pods\":\"29\"");
    assertThat(get(server + "/api/v1/secrets", token)).contains("Forbidden");
  }

  private static String get(String url, String token) {
    return lab.node(1).exec("curl", "-sk", "-m", "60", "-H", "Authorization: Bearer " + token, url).orThrow("call " + url);
  }

  private static String command(int code, String... words) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new LabCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--lab", NAME));
    assertThat(line.execute(all.toArray(String[]::new))).as(out.toString()).isEqualTo(code);
    return out.toString();
  }

  @Test
  void faultsAndTheRecordAreAtHandOnTheCommandLine(@TempDir Path folder) throws IOException {
    String ask = "curl -s -m 60 -o /dev/null -w %{http_code} -X PUT http://169.254.169.254/latest/api/token"
        + " -H 'X-aws-ec2-metadata-token-ttl-seconds: 60'";
    try (ControlServer control = ControlServer.start(lab)) {
      assertThat(control).isNotNull();
      assertThat(command(0, "fault", "add", "imds@node-1", "refuse=500", "calls=1")).contains("imds@" + lab.node(1).instanceId());
      assertThat(command(0, "fault", "add", "kube:list/nodes", "throttle")).contains("kube:list/nodes throttle");
      assertThat(command(1, "fault", "add", "ec2", "explode")).contains("ec2 knows no fault 'explode'");
      assertThat(lab.node(0).exec("bash", "-c", ask).orThrow("ask")).isEqualTo("200");
      assertThat(lab.node(1).exec("bash", "-c", ask).orThrow("ask")).isEqualTo("500");
      assertThat(lab.node(1).exec("bash", "-c", ask).orThrow("ask")).isEqualTo("200");
      String list = command(0, "fault", "list");
      assertThat(list).contains("kube:list/nodes throttle  (struck 0)").doesNotContain("imds");
      assertThat(command(1, "fault", "clear", "4711")).contains("there is no fault 4711");
      assertThat(command(0, "fault", "clear")).isEmpty();
      Path file = folder.resolve("calls.jsonl");
      assertThat(command(0, "record", file.toString())).contains("imds  PUT /latest/api/token  500");
      assertThat(Files.readString(file)).contains("\"fault\":\"imds@" + lab.node(1).instanceId() + " refuse=500 calls=1\"}");
      assertThat(command(1, "record", "/nowhere/calls")).contains("/nowhere/calls");
      assertThat(command(0, "record", "--json")).contains("\"action\" : \"PUT /latest/api/token\"");
    }
  }

  @Test
  void subnetsInterfacesAndNetworksOfOthersAreAtHandOnTheCommandLine(@TempDir Path folder) throws IOException {
    Path networks = folder.resolve("networks.yaml");
    Files.writeString(networks, """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: side}
        spec: {config: '{"cniVersion": "1.0.0", "type": "macvlan"}'}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: other, namespace: kube-system}
        spec: {config: '{}'}
        """);
    try (ControlServer control = ControlServer.start(lab)) {
      assertThat(control).isNotNull();
      String id = command(0, "subnet", "add", "100.64.7.0/24", "--zone", "a").strip();
      assertThat(lab.model().state().subnet(id).zone()).endsWith("a");
      assertThat(command(0, "subnet", "add", "100.64.7.0/24", "--zone", "a").strip()).isEqualTo(id);
      assertThat(command(1, "subnet", "add", "100.64.7.0/24", "--zone", "b")).contains("lies in zone");
      assertThat(command(1, "subnet", "add", "100.64.7.0/25", "--zone", "a")).contains("conflicts with another subnet");
      assertThat(command(1, "subnet", "add", "somewhere")).contains("write it as 100.64.7.0/24");
      assertThat(command(1, "eni", "add", "node-9", "--subnet", "100.64.7.0/24")).contains("there are node-0");
      assertThat(command(1, "eni", "add", "node-1", "--subnet", "100.64.7.0/24")).contains("lies in zone");
      List<String> eni = List.of(command(0, "eni", "add", "node-0", "--subnet", "100.64.7.0/24", "--unmanaged").strip().split(" "));
      assertThat(lab.model().state().networkInterface(eni.get(0)).sourceDestCheck()).isFalse();
      assertThat(lab.model().state().tags(eni.get(0))).containsEntry(MoreNetworks.NO_MANAGE, "true");
      assertThat(eni.get(2)).startsWith("100.64.7.");
      assertThat(lab.node(0).exec("ip", "-o", "link", "show", "up", "dev", eni.get(1)).output())
          .contains(lab.model().state().networkInterface(eni.get(0)).mac());
      assertThat(command(0, "eni", "add", "node-0", "--subnet", "100.64.7.0/24")).contains(" 100.64.7.").doesNotContain(eni.get(1));
      assertThat(command(1, "eni", "add", "node-0", "--subnet", "100.64.7.0/24")).contains("has no room for another interface");
      // Nobody has told this lab's API server of the kind.
      assertThat(command(1, "network", "add", networks.toString())).contains("default/side", "its definition was put there");
      lab.kube().objects().create(DEFINITION);
      assertThat(command(0, "network", "add", networks.toString())).isEqualTo("default/side\nkube-system/other\n");
      Files.writeString(networks, Files.readString(networks).replace("macvlan", "bridge"));
      assertThat(command(0, "network", "add", networks.toString())).contains("default/side");
      assertThat(lab.kube().objects().get("network-attachment-definitions.k8s.cni.cncf.io", "default", "side").orElseThrow()
          .at("/spec/config").asText()).contains("bridge");
      Files.writeString(networks, "kind: Pod");
      assertThat(command(1, "network", "add", networks.toString())).contains("something else");
      assertThat(command(1, "network", "add", "/nowhere")).contains("cannot read /nowhere");
    }
  }

  private static final String DEFINITION = """
      {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
       "metadata": {"name": "network-attachment-definitions.k8s.cni.cncf.io"},
       "spec": {"group": "k8s.cni.cncf.io", "scope": "Namespaced",
        "names": {"plural": "network-attachment-definitions", "singular": "network-attachment-definition",
                  "kind": "NetworkAttachmentDefinition", "shortNames": ["net-attach-def"]},
        "versions": [{"name": "v1", "served": true, "storage": true,
                      "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}
      """;

  @Test
  void podThatGetsNoNetworkLeavesNothing() {
    assertThatThrownBy(() -> lab.node(0).addPod("nowhere")).isInstanceOf(LabException.class).hasMessageContaining("no network configuration");
    assertThat(lab.node(0).pods()).isEmpty();
    assertThat(lab.kube().objects().get("pods", "default", "nowhere")).isEmpty();
    assertThat(Path.of("/run/netns").toFile().list()).noneMatch(name -> name.contains("nowhere"));
  }

  @Test
  void pluginsOfAListRunInOrderAsARuntimeRunsThem() throws IOException {
    LabNode node = lab.addNodes(1).getFirst();
    plugin(node, "first", "{\"cniVersion\": \"1.0.0\", \"ips\": [{\"address\": \"10.9.9.9/32\"}]}");
    plugin(node, "second", "{\"cniVersion\": \"1.0.0\", \"ips\": [{\"address\": \"10.9.9.9/32\"}], \"dns\": {}}");
    Files.writeString(
        node.conflist(),
        """
        {"cniVersion": "1.0.0", "name": "net", "plugins": [
          {"type": "first", "capabilities": {"portMappings": true}}, {"type": "second"}]}
        """);
    LabPod pod = node.addPod(PodRequest.of("a").in("other").published(8080, 80).annotated("k", "v"));
    assertThat(pod.result().has("dns")).isTrue();
    assertThat(lab.kube().objects().get("pods", "other", "a").orElseThrow().at("/status/podIP").asText()).isEqualTo("10.9.9.9");
    assertThat(lab.status().at("/nodes/" + (lab.nodes().size() - 1) + "/pods/0/addresses/0").asText()).isEqualTo("10.9.9.9");
    pod.delete();
    assertThat(pod.netns().exists()).isFalse();
    assertThat(lab.kube().objects().get("pods", "other", "a")).isEmpty();

    List<String> calls = Files.readAllLines(node.cniBin().resolve("calls"));
    assertThat(calls).hasSize(4);
    assertThat(calls.get(0))
        .startsWith("first ADD eth0 " + pod.netns().path() + " ns=" + inode(node) + " ")
        .contains("K8S_POD_NAMESPACE=other;K8S_POD_NAME=a;", "\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":8080")
        .doesNotContain("prevResult", "capabilities");
    assertThat(calls.get(1)).startsWith("second ADD").contains("\"prevResult\":{", "10.9.9.9").doesNotContain("runtimeConfig");
    assertThat(calls.get(2)).startsWith("second DEL").contains("\"prevResult\":{");
    assertThat(calls.get(3)).startsWith("first DEL");
  }

  private static String inode(LabNode node) {
    return node.exec("readlink", "/proc/self/ns/net").orThrow("readlink").strip();
  }

  private static void plugin(LabNode node, String name, String result) throws IOException {
    Path file = node.cniBin().resolve(name);
    Files.writeString(
        file,
        """
        #!/bin/sh
        echo "%s $CNI_COMMAND $CNI_IFNAME $CNI_NETNS ns=$(readlink /proc/self/ns/net) $CNI_ARGS $(cat)" >> "$(dirname "$0")/calls"
        [ "$CNI_COMMAND" = DEL ] || echo '%s'
        """
            .formatted(name, result));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void statusHasEveryInterfaceWithItsDevice() {
    LabNode node = lab.node(1);
    NetworkInterface eni = lab.model().interfaces().create(
        InterfaceRequest.in(node.instance().subnetId()).secondaryCount(2).ipv4PrefixCount(1).build());
    lab.model().attachments().attach(eni.id(), node.instanceId(), 1, 0);
    lab.awaitFabric();
    JsonNode json = lab.status().at("/nodes/1");
    assertThat(json.path("netns").asText()).isEqualTo(node.netns().path().toString());
    assertThat(json.path("pid").isNull()).isTrue();
    assertThat(json.at("/enis/0/device").asText()).isEqualTo("eth0");
    assertThat(json.at("/enis/1/id").asText()).isEqualTo(eni.id());
    assertThat(json.at("/enis/1/device").asText()).isEqualTo("eth1");
    assertThat(json.at("/enis/1/mac").asText()).isEqualTo(eni.mac());
    assertThat(json.at("/enis/1/addresses")).hasSize(3);
    assertThat(json.at("/enis/1/prefixes")).hasSize(1);
  }

  @Test
  void nameIsTakenWhileALabRunsAndAnotherLabIsSeparate() {
    assertThatThrownBy(() -> Lab.start(TestSettings.empty(NAME))).hasMessageContaining("is up already");
    assertThatThrownBy(() -> Lab.clear(NAME)).hasMessageContaining("is up already");
    assertThat(Lab.owner(NAME)).contains(ProcessHandle.current());
    String other = NAME + "b";
    try (Lab second = Lab.start(TestSettings.empty(other).withNodes(1))) {
      assertThat(Lab.names()).contains(NAME, other);
      // Same addresses, other packets.
      assertThat(second.node(0).address()).isEqualTo(lab.node(0).address());
      assertThat(Ping.run(second.node(0).netns(), lab.node(1).address(), 1, 0.3).received()).isZero();
    }
    assertThat(Lab.names()).contains(NAME).doesNotContain(other);
    assertThat(Ping.reaches(lab.node(0).netns(), lab.node(1).address(), Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void configurationIsMergedKeyByKey() {
    Map<String, Object> base = Map.of("a", Map.of("x", 1, "y", 2), "list", List.of(1, 2), "gone", 1);
    Map<String, Object> over = new java.util.HashMap<>(Map.of("a", Map.of("y", 3), "list", List.of(9)));
    over.put("gone", null);
    assertThat(Configurations.merge(base, over)).isEqualTo(Map.of("a", Map.of("x", 1, "y", 3), "list", List.of(9)));
  }
}
