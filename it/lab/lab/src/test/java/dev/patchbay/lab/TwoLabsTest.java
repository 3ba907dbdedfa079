package dev.patchbay.lab;

import static dev.patchbay.lab.PacketTable.ping;
import static dev.patchbay.lab.PacketTable.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.ec2.IssuedCredentials;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.services.ServiceRules;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two labs at once, alike to the last address, don't meet. */
class TwoLabsTest {
  private static final String NAME = "t" + ProcessHandle.current().pid();
  private static final PacketTable TABLE = new PacketTable();
  private static Lab one;
  private static Lab two;

  @BeforeAll
  static void build() {
    one = Lab.start(TestSettings.empty(NAME + "a").withServices(ServiceRules.NFT));
    // With one more, whose address nobody has in the first.
    two = Lab.start(TestSettings.empty(NAME + "b").withNodes(3).withServices(ServiceRules.NFT));
  }

  @AfterAll
  static void remove() {
    System.out.println(TABLE);
    one.close();
    two.close();
  }

  @Test
  void theyAreAlike() {
    assertThat(one.model().state().vpc(one.vpcId()).cidrs()).isEqualTo(two.model().state().vpc(two.vpcId()).cidrs());
    for (int node = 0; node < 2; node++) {
      assertThat(one.node(node).address()).isEqualTo(two.node(node).address());
      assertThat(one.node(node).publicAddress()).isEqualTo(two.node(node).publicAddress());
    }
  }

  @Test
  void theyShareNoNameNoPortAndNoFile() throws Exception {
    Set<Integer> ports = new HashSet<>();
    for (Lab lab : List.of(one, two)) {
      assertThat(ports.add(lab.ec2Uri().getPort())).isTrue();
      assertThat(ports.add(lab.kube().port())).isTrue();
      for (LabNode node : lab.nodes()) {
        assertThat(ports.add(lab.imdsAddress(node.instanceId()).orElseThrow().getPort())).isTrue();
        assertThat(ports.add(node.daemon().metricsUri().getPort())).isTrue();
        assertThat(node.netns().name()).startsWith("patchbay-" + lab.name() + "-");
        assertThat(node.configuration()).startsWith(Lab.folder(lab.name()));
        assertThat(node.netns().exists()).isTrue();
      }
    }
    assertThat(inode(one.node(0).netns())).isNotEqualTo(inode(two.node(0).netns()));
    try (Stream<Path> files = Files.walk(Lab.folder(one.name()))) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> named(file, two.name())).toList()).isEmpty();
    }
  }

  private static String inode(NetworkNamespace namespace) {
    return namespace.run("readlink", "/proc/self/ns/net").orThrow("readlink").strip();
  }

  private static boolean named(Path file, String text) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @Test
  void eachHasTheApiInItsOwnVpc() {
    for (Lab lab : List.of(one, two)) {
      JsonNode slice = lab.kube().objects().get("endpointslices.discovery.k8s.io", "default", "kubernetes").orElseThrow();
      assertThat(slice.at("/endpoints/0/addresses/0").asText()).isEqualTo("10.0.63.250");
      TABLE.passes(lab.name(), "the Kubernetes API in the VPC", tcpOpen(lab.node(0).netns(), "10.0.63.250"));
    }
    TABLE.verify();
  }

  /** Whether a connection to port 443 is accepted. */
  private static PacketTable.Attempt tcpOpen(NetworkNamespace from, String to) {
    return time ->
        from.run("curl", "-sSk", "-m", "30", "-o", "/dev/null", "https://" + to + "/version").succeeded()
            ? Optional.of(InetAddress.ofLiteral(to))
            : Optional.empty();
  }

  @Test
  void packetsStayInTheirLab() {
    InetAddress third = two.node(2).address();
    NetworkNamespace far = one.node(1).netns();
    NetworkNamespace near = two.node(1).netns();
    TABLE.passes("their own", "ping to an address of the second lab, in it", ping(near, third));
    TABLE.stopped("other lab", "ping to it from the first lab", ping(far, third));
    try (Echo echo = PlainPod.serve(two.node(0).netns(), PacketTable.PORT)) {
      assertThat(echo.address().getPort()).isEqualTo(PacketTable.PORT);
      InetAddress both = two.node(0).address();
      TABLE.passesAs("their own", "a server at an address of both", two.node(1).address(), tcp(near, both));
      TABLE.stopped("other lab", "the same from the first lab, where nothing listens", tcp(far, both));
    }
    TABLE.stopped("other lab", "EC2 of the second lab, from a node of the first", tcp(far, dev.patchbay.lab.fabric.Fabric.LAB_HOST, two.ec2Uri().getPort()));
    TABLE.verify();
  }

  @Test
  void credentialsAndChangesStayInTheirLab() throws Exception {
    IssuedCredentials issued = one.ec2().callers().issue(Cloud.ADMINISTRATOR, Duration.ofHours(1));
    String create = "Action=CreateSecurityGroup&Version=2016-11-15&GroupName=of-one&GroupDescription=of-one&VpcId=" + one.vpcId();
    assertThat(call(one, issued, create)).contains("<CreateSecurityGroupResponse");
    assertThat(one.model().state().groups().values()).anyMatch(each -> each.name().equals("of-one"));
    assertThat(two.model().state().groups().values()).noneMatch(each -> each.name().equals("of-one"));
    assertThat(call(two, issued, create)).contains("<Code>AuthFailure</Code>");
    assertThat(two.model().state().groups().values()).noneMatch(each -> each.name().equals("of-one"));
    int before = two.recorder().calls().size();
    one.node(0).exec("curl", "-s", "-m", "30", "http://169.254.169.254/latest/meta-data/").orThrow("ask IMDS");
    assertThat(one.recorder().calls()).anyMatch(call -> call.service().equals("imds"));
    assertThat(two.recorder().calls().subList(before, two.recorder().calls().size())).noneMatch(call -> call.service().equals("imds"));
  }

  private static String call(Lab lab, IssuedCredentials issued, String form) throws Exception {
    return curl(
            lab.ec2Uri() + "/", "--aws-sigv4", "aws:amz:eu-west-1:ec2", "--user", issued.accessKeyId() + ":" + issued.secretAccessKey(),
            "-H", "x-amz-security-token: " + issued.sessionToken(), "-d", form)
        .output();
  }

  @Test
  void tokensAndCertificatesStayInTheirLab(@TempDir Path folder) throws Exception {
    Path authority = Files.writeString(folder.resolve("one.crt"), one.kube().caPem());
    String token = "Authorization: Bearer " + one.kube().adminToken();
    assertThat(ask(two, "--cacert", authority.toString()).errors()).contains("certificate");
    assertThat(ask(one, "--cacert", authority.toString(), "-H", token).output()).contains("\"node-1\"").doesNotContain("node-2");
    assertThat(ask(two, "--insecure", "-H", token).output()).contains("\"code\":401");
  }

  private static NetworkNamespace.Outcome ask(Lab lab, String... more) throws Exception {
    return curl(lab.kube().url() + "/api/v1/nodes", more);
  }

  private static NetworkNamespace.Outcome curl(String url, String... more) throws Exception {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("curl", "-sS", "-m", "60", "--noproxy", "*", url), Stream.of(more)).toList()).start();
    String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new NetworkNamespace.Outcome(process.waitFor(), output, errors);
  }

  @Test
  void oneGoesAndTheOtherStays() {
    Lab third = Lab.start(TestSettings.empty(NAME + "c").withServices(ServiceRules.NFT));
    NetworkNamespace gone = third.node(0).netns();
    third.close();
    assertThat(gone.exists()).isFalse();
    assertThat(Lab.names()).contains(one.name(), two.name()).doesNotContain(NAME + "c");
    TABLE.passes("after another", "ping in the first lab", ping(one.node(0).netns(), one.node(1).address()));
    TABLE.passes("after another", "ping in the second lab", ping(two.node(0).netns(), two.node(2).address()));
    TABLE.verify();
  }
}
