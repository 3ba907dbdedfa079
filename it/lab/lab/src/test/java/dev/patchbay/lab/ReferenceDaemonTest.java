package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Whatever a daemon of the cloud's own making asks of the world, in the order in which it was seen to ask, from within a node and
 * with the node's credentials: a row for each request. Rows go on from what earlier ones have made.
 */
class ReferenceDaemonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
          + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf,application/json";
  private static final String WATCH_LIST =
      "allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeoutSeconds=1&watch=true";
  private static final String CLUSTER_TAG = "cluster.k8s.amazonaws.com/name";

  private static Lab lab;
  private static LabNode node;
  private static String server;
  private static String bearer;
  private static String imdsToken = "";
  private static JsonNode credentials = MissingNode.getInstance();
  private static String created = "";
  private static String attachment = "";
  private static List<String> assigned = List.of();

  @BeforeAll
  static void build() throws IOException {
    lab = Lab.start(TestSettings.empty("r" + ProcessHandle.current().pid()).withNodes(1));
    node = lab.node(0);
    JsonNode config = JSON.readTree(Files.readString(node.kubeconfig()));
    server = config.at("/clusters/0/cluster/server").asText();
    bearer = config.at("/users/0/user/token").asText();
    lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "here", "namespace": "default"},
         "spec": {"nodeName": "node-0", "containers": [{"name": "main", "image": "pause"}]}}""");
    lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "elsewhere", "namespace": "default"},
         "spec": {"nodeName": "node-1", "containers": [{"name": "main", "image": "pause"}]}}""");
    lab.kube().requests().clear();
  }

  @AfterAll
  static void remove() {
    lab.close();
  }

  private static DynamicTest row(String request, Executable check) {
    return DynamicTest.dynamicTest(request, check);
  }

  @TestFactory
  Stream<DynamicTest> kubernetes() {
    return Stream.of(
        row("GET /version?timeout=5s", () -> assertThat(kube("/version?timeout=5s", "*/*").path("major").asText()).isEqualTo("1")),
        row("GET /api, for aggregated discovery", () -> assertServed("/api", "v1")),
        row("GET /apis, for aggregated discovery", () -> assertServed("/apis", "events.k8s.io")),
        row(
            "GET /api/v1",
            () ->
                assertThat(kube("/api/v1", PROTOBUF).path("resources").findValuesAsText("name"))
                    .contains("pods", "nodes", "nodes/status", "events")),
        row(
            "watch of pods by spec.nodeName, from a list of its own",
            () -> assertWatchList("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-0&" + WATCH_LIST, "Pod", "here")),
        row(
            "watch of nodes by metadata.name, from a list of its own",
            () -> {
              JsonNode found =
                  assertWatchList("/api/v1/nodes?fieldSelector=metadata.name%3Dnode-0&" + WATCH_LIST, "Node", "node-0");
              assertThat(found.at("/status/capacity/pods").asInt()).as("capacity.pods").isPositive();
            }),
        row(
            "no list at all",
            () ->
                assertThat(lab.kube().requests().counts())
                    .containsKeys("watch pods 200", "watch nodes 200")
                    .allSatisfy((request, count) -> assertThat(request).doesNotStartWith("list ").endsWith(" 200"))));
  }

  private static void assertServed(String path, String name) throws IOException {
    JsonNode found = kube(path, AGGREGATED);
    List<String> names = new ArrayList<>(found.path("versions").valueStream().map(JsonNode::asText).toList());
    names.addAll(found.findValuesAsText("name"));
    names.addAll(found.findValuesAsText("version"));
    assertThat(names).contains(name);
  }

  /** First what there is, then the bookmark that says so, and nothing else; gives the one object that there is. */
  private static JsonNode assertWatchList(String path, String kind, String name) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : curl("-H", "Authorization: Bearer " + bearer, "-H", "Accept: " + PROTOBUF, "-k", server + path).lines().toList()) {
      events.add(JSON.readTree(line));
    }
    assertThat(events).extracting(event -> event.path("type").asText()).startsWith("ADDED", "BOOKMARK");
    JsonNode object = events.get(0).path("object");
    assertThat(object.at("/metadata/name").asText()).isEqualTo(name);
    JsonNode bookmark = events.get(1).path("object");
    assertThat(bookmark.path("kind").asText()).isEqualTo(kind);
    assertThat(bookmark.at("/metadata/annotations/k8s.io~1initial-events-end").asText()).isEqualTo("true");
    assertThat(bookmark.at("/metadata/resourceVersion").asLong())
        .isGreaterThanOrEqualTo(object.at("/metadata/resourceVersion").asLong());
    return object;
  }

  @TestFactory
  Stream<DynamicTest> instanceMetadata() {
    NetworkInterface primary = node.interfaces().getFirst();
    String macs = "meta-data/network/interfaces/macs/";
    String own = macs + primary.mac() + "/";
    List<DynamicTest> rows = new ArrayList<>();
    rows.add(
        row(
            "PUT /latest/api/token",
            () -> {
              String answer =
                  curl("-i", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 300", "http://169.254.169.254/latest/api/token");
              assertThat(answer).containsIgnoringCase("X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 300");
              imdsToken = answer.lines().reduce((before, line) -> line).orElseThrow();
            }));
    rows.add(
        row(
            "dynamic/instance-identity/document",
            () -> {
              JsonNode document = JSON.readTree(imds("dynamic/instance-identity/document"));
              assertThat(document.path("instanceId").asText()).isEqualTo(node.instanceId());
              assertThat(document.path("region").asText()).isEqualTo("eu-west-1");
            }));
    Map<String, String> values =
        Map.ofEntries(
            Map.entry("meta-data/placement/availability-zone", node.instance().zone()),
            Map.entry("meta-data/local-ipv4", node.address().getHostAddress()),
            Map.entry("meta-data/instance-id", node.instanceId()),
            Map.entry("meta-data/instance-type", node.instance().type().name()),
            Map.entry("meta-data/mac", primary.mac()),
            Map.entry(own + "interface-id", primary.id()),
            Map.entry(own + "subnet-id", primary.subnetId()),
            Map.entry(own + "vpc-id", lab.vpcId()),
            Map.entry(own + "vpc-ipv4-cidr-blocks", "10.0.0.0/16"),
            Map.entry(own + "device-number", "0"),
            Map.entry(own + "local-ipv4s", node.address().getHostAddress()),
            Map.entry(own + "security-group-ids", lab.nodeGroup().id()),
            Map.entry(macs, primary.mac() + "/"));
    values.forEach((path, value) -> rows.add(row(path, () -> assertThat(imds(path).lines()).contains(value))));
    rows.add(
        row(own + "subnet-ipv4-cidr-block", () -> assertThat(imds(own + "subnet-ipv4-cidr-block")).matches("10\\.0\\.\\d+\\.0/\\d+")));
    rows.add(
        row(own, () -> assertThat(imds(own).lines()).contains("device-number", "interface-id", "local-ipv4s", "subnet-id", "vpc-id")));
    rows.add(
        row(
            own + "ipv4-prefix: none",
            () -> assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", "-H", token(), at(own + "ipv4-prefix"))).isEqualTo("404")));
    rows.add(
        row(
            "iam/security-credentials/ and the role",
            () -> {
              String role = imds("meta-data/iam/security-credentials/").strip();
              credentials = JSON.readTree(imds("meta-data/iam/security-credentials/" + role));
              assertThat(credentials.path("Code").asText()).isEqualTo("Success");
            }));
    rows.addAll(ec2(primary));
    return rows.stream();
  }

  /** They need the credentials that the rows before have read. */
  private static List<DynamicTest> ec2(NetworkInterface primary) {
    List<String> cluster = List.of("Tag.1.Key=" + CLUSTER_TAG, "Tag.1.Value=lab");
    return List.of(
        row(
            "start: DescribeNetworkInterfaces (ids)",
            () -> assertThat(all(ec2("DescribeNetworkInterfaces", "NetworkInterfaceId.1=" + primary.id()), "macAddress")).containsExactly(primary.mac())),
        row(
            "start: CreateTags",
            () -> {
              List<String> tags = new ArrayList<>(List.of("ResourceId.1=" + primary.id()));
              tags.addAll(cluster);
              tags.addAll(List.of("Tag.2.Key=node.k8s.amazonaws.com/instance_id", "Tag.2.Value=" + node.instanceId()));
              assertThat(all(ec2("CreateTags", tags.toArray(String[]::new)), "return")).containsExactly("true");
            }),
        row("start: DescribeSubnets (vpc-id, availability-zone)", () -> assertThat(subnets()).contains(primary.subnetId())),
        row(
            "start: ModifyNetworkInterfaceAttribute (groups)",
            () ->
                assertThat(
                        all(
                            ec2(
                                "ModifyNetworkInterfaceAttribute",
                                "NetworkInterfaceId=" + primary.id(),
                                "SecurityGroupId.1=" + lab.nodeGroup().id()),
                            "return"))
                    .containsExactly("true")),
        row(
            "start: AssignPrivateIpAddresses (count)",
            () -> {
              assigned =
                  all(
                      ec2("AssignPrivateIpAddresses", "NetworkInterfaceId=" + primary.id(), "SecondaryPrivateIpAddressCount=2"),
                      "privateIpAddress");
              assertThat(assigned).hasSize(2).doesNotContain(node.address().getHostAddress());
            }),
        row(
            "start: AssignPrivateIpAddresses (Ipv4PrefixCount)",
            () ->
                assertThat(
                        all(
                            ec2("AssignPrivateIpAddresses", "NetworkInterfaceId=" + primary.id(), "Ipv4PrefixCount=1"), "ipv4Prefix"))
                    .singleElement()
                    .asString()
                    .endsWith("/28")),
        row("grow: DescribeSubnets", () -> assertThat(subnets()).contains(primary.subnetId())),
        row("grow: CreateNetworkInterface", () -> create(primary)),
        row(
            "grow: DescribeInstances",
            () ->
                assertThat(all(ec2("DescribeInstances", "InstanceId.1=" + node.instanceId()), "networkInterfaceId"))
                    .containsExactly(primary.id())),
        row(
            "grow: AttachNetworkInterface (DeviceIndex, NetworkCardIndex)",
            () -> {
              attachment =
                  all(
                          ec2(
                              "AttachNetworkInterface",
                              "NetworkInterfaceId=" + created,
                              "InstanceId=" + node.instanceId(),
                              "DeviceIndex=1",
                              "NetworkCardIndex=0"),
                          "attachmentId")
                      .getFirst();
              assertThat(attachment).startsWith("eni-attach-");
            }),
        row(
            "grow: ModifyNetworkInterfaceAttribute (delete on termination)",
            () -> {
              ec2(
                  "ModifyNetworkInterfaceAttribute",
                  "NetworkInterfaceId=" + created,
                  "Attachment.AttachmentId=" + attachment,
                  "Attachment.DeleteOnTermination=true");
              assertThat(all(ec2("DescribeNetworkInterfaces", "NetworkInterfaceId.1=" + created), "deleteOnTermination"))
                  .containsExactly("true");
            }),
        row(
            "grow: the metadata's listing",
            () -> {
              String mac = lab.model().state().networkInterface(created).mac();
              assertThat(imds("meta-data/network/interfaces/macs/").lines()).containsExactlyInAnyOrder(primary.mac() + "/", mac + "/");
              assertThat(imds("meta-data/network/interfaces/macs/" + mac + "/local-ipv4s").lines()).hasSize(4);
            }),
        row(
            "shrink: UnassignPrivateIpAddresses",
            () -> {
              ec2("UnassignPrivateIpAddresses", "NetworkInterfaceId=" + primary.id(), "PrivateIpAddress.1=" + assigned.getFirst());
              assertThat(all(ec2("DescribeNetworkInterfaces", "NetworkInterfaceId.1=" + primary.id()), "privateIpAddress"))
                  .contains(assigned.getLast())
                  .doesNotContain(assigned.getFirst());
            }),
        row(
            "free: DescribeNetworkInterfaces, DetachNetworkInterface, DeleteNetworkInterface",
            () -> {
              assertThat(all(ec2("DescribeNetworkInterfaces", "NetworkInterfaceId.1=" + created), "attachmentId")).containsExactly(attachment);
              assertThat(all(ec2("DetachNetworkInterface", "AttachmentId=" + attachment), "return")).containsExactly("true");
            }),
        row(
            "leaked: DescribeNetworkInterfaces (filters, MaxResults)",
            () -> assertThat(all(leaked(), "networkInterfaceId")).containsExactly(created)),
        row(
            "free: DeleteNetworkInterface",
            () -> {
              assertThat(all(ec2("DeleteNetworkInterface", "NetworkInterfaceId=" + created), "return")).containsExactly("true");
              assertThat(all(leaked(), "networkInterfaceId")).isEmpty();
            }));
  }

  private static void create(NetworkInterface primary) {
    String[] request = {
      "ClientToken=" + node.instanceId() + "-1",
      "Description=aws-K8S-" + node.instanceId(),
      "SecondaryPrivateIpAddressCount=3",
      "SecurityGroupId.1=" + lab.nodeGroup().id(),
      "SubnetId=" + primary.subnetId(),
      "TagSpecification.1.ResourceType=network-interface",
      "TagSpecification.1.Tag.1.Key=" + CLUSTER_TAG,
      "TagSpecification.1.Tag.1.Value=lab",
      "TagSpecification.1.Tag.2.Key=node.k8s.amazonaws.com/createdAt",
      "TagSpecification.1.Tag.2.Value=2026-01-01T00:00:00Z"
    };
    String answer = ec2("CreateNetworkInterface", request);
    created = all(answer, "networkInterfaceId").getFirst();
    assertThat(new ArrayList<>(new java.util.LinkedHashSet<>(all(answer, "privateIpAddress")))).hasSize(4);
    assertThat(all(ec2("CreateNetworkInterface", request), "networkInterfaceId")).as("the same client token").containsExactly(created);
  }

  private static String leaked() {
    return ec2(
        "DescribeNetworkInterfaces",
        "Filter.1.Name=tag-key", "Filter.1.Value.1=node.k8s.amazonaws.com/createdAt",
        "Filter.2.Name=status", "Filter.2.Value.1=available",
        "Filter.3.Name=vpc-id", "Filter.3.Value.1=" + lab.vpcId(),
        "Filter.4.Name=tag:" + CLUSTER_TAG, "Filter.4.Value.1=lab",
        "MaxResults=1000");
  }

  private static List<String> subnets() {
    String answer =
        ec2(
            "DescribeSubnets",
            "Filter.1.Name=vpc-id", "Filter.1.Value.1=" + lab.vpcId(),
            "Filter.2.Name=availability-zone", "Filter.2.Value.1=" + node.instance().zone());
    assertThat(all(answer, "availableIpAddressCount")).allSatisfy(count -> assertThat(Integer.parseInt(count)).isPositive());
    return all(answer, "subnetId");
  }

  /** The texts of all elements of a name. */
  private static List<String> all(String answer, String element) {
    List<String> texts = new ArrayList<>();
    Matcher matcher = Pattern.compile("<" + element + ">([^<]+)</" + element + ">").matcher(answer);
    while (matcher.find()) {
      texts.add(matcher.group(1));
    }
    return texts;
  }

  private static JsonNode kube(String path, String accept) throws IOException {
    return JSON.readTree(curl("-f", "-k", "-H", "Authorization: Bearer " + bearer, "-H", "Accept: " + accept, server + path));
  }

  private static String token() {
    return "X-aws-ec2-metadata-token: " + imdsToken;
  }

  private static String at(String path) {
    return "http://169.254.169.254/latest/" + path;
  }

  private static String imds(String path) {
    return curl("-f", "-H", token(), at(path));
  }

  private static String ec2(String action, String... parameters) {
    String endpoint = String.valueOf(Configurations.read(node.configuration()).get("ec2")).replaceAll(".*=|}", "");
    List<String> words =
        new ArrayList<>(
            List.of(
                "-f",
                "--aws-sigv4", "aws:amz:eu-west-1:ec2",
                "--user", credentials.path("AccessKeyId").asText() + ":" + credentials.path("SecretAccessKey").asText(),
                "-H", "x-amz-security-token: " + credentials.path("Token").asText(),
                "-d", "Action=" + action,
                "-d", "Version=2016-11-15"));
    for (String parameter : parameters) {
      words.addAll(List.of("--data-urlencode", parameter));
    }
    words.add(endpoint + "/");
    return curl(words.toArray(String[]::new));
  }

  private static String curl(String... words) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "60"));
    command.addAll(List.of(words));
    return node.exec(command.toArray(String[]::new)).orThrow("ask " + words[words.length - 1]);
  }
}
