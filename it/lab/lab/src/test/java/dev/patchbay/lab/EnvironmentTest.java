package dev.patchbay.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.control.ControlServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are not ours use the lab by what {@code patchbay lab env} prints, and may do what they may do. */
@Order(1)
class EnvironmentTest {
  private static final String NAME = "v" + ProcessHandle.current().pid();
  @TempDir private static Path folder;
  private static Lab lab;
  private static ControlServer control;
  private static Shell shell;
  private static List<String> instances;

  @BeforeAll
  static void build() throws Exception {
    lab = Lab.start(TestSettings.empty(NAME));
    control = ControlServer.start(lab);
    shell = new Shell(folder);
    instances = lab.nodes().stream().map(LabNode::instanceId).toList();
  }

  @AfterAll
  static void remove() {
    control.close();
    lab.close();
  }

  private static Shell.Printed asNode(String script) throws Exception {
    return shell.run("eval \"$(patchbay lab env node-1 --lab \"$1\")\"\n" + script, NAME);
  }

  private static Shell.Printed inside(String... command) throws Exception {
    String[] arguments = new String[command.length + 1];
    arguments[0] = NAME;
    System.arraycopy(command, 0, arguments, 1, command.length);
    return shell.run("name=$1; shift; patchbay lab exec --lab \"$name\" node-1 -- \"$@\"", arguments);
  }

  @Test
  void awsCliIsTheNodeAndMayDoWhatItsRoleMay() throws Exception {
    Path programs = PythonClients.programs();
    shell.with(programs);
    List<String> lines =
        asNode(
                """
                set -e
                aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId]' --output text
                aws ec2 create-network-interface --dry-run --subnet-id "$(aws ec2 describe-subnets --query 'Subnets[0].SubnetId' --output text)" || true
                aws ec2 describe-vpcs || echo "exit $?"
                aws sts get-caller-identity --query Arn --output text
                aws iam list-users || echo "exit $?"
                """)
            .ok();
    assertThat(lines.subList(0, 2)).containsExactlyInAnyOrderElementsOf(instances);
    assertThat(String.join("\n", lines)).contains("(DryRunOperation)", "(UnauthorizedOperation)", "ec2:DescribeVpcs", "(SignatureDoesNotMatch)")
        .contains("arn:aws:sts::", "assumed-role/" + lab.node(1).instanceId());
    assertThat(lab.recorder().calls())
        .anyMatch(call -> call.action().equals("DescribeVpcs") && call.caller().equals(lab.node(1).instanceId()) && !call.outcome().equals("ok"));

    List<String> there = inside(programs.resolve("aws").toString(), "ec2", "describe-instances", "--query", "length(Reservations)").ok();
    assertThat(there).containsExactly("2");
    assertThat(inside(programs.resolve("aws").toString(), "ec2", "describe-vpcs").lines().getLast()).contains("(UnauthorizedOperation)");
  }

  @Test
  void boto3RenewsTheCredentialsOfTheRole() throws Exception {
    shell.with(PythonClients.programs());
    String script =
        """
        import boto3
        session = boto3.Session()
        credentials = session.get_credentials()
        print(credentials.method, type(credentials).__name__, session.region_name)
        ec2 = session.client("ec2")
        print(sum("InstanceId" in i.get("Attachment", {}) for i in ec2.describe_network_interfaces()["NetworkInterfaces"]))
        """;
    // The one that renews by itself before they expire.
    List<String> expected = List.of("iam-role RefreshableCredentials eu-west-1", "2");
    assertThat(asNode("python - <<'END'\n" + script + "END\n").ok()).isEqualTo(expected);
    assertThat(inside(PythonClients.programs().resolve("python").toString(), "-c", script).ok()).isEqualTo(expected);
  }

  @Test
  void awsSdkForJavaIsTheNode() throws Exception {
    String words = String.join(" ", Shell.java(SdkProbe.class.getName()).stream().map(ClientEnvironment::quoted).toList());
    List<String> lines = asNode(words).ok();
    assertThat(lines).containsAll(instances);
    assertThat(lines.getLast()).isEqualTo("UnauthorizedOperation");
    List<String> there = inside(Shell.java(SdkProbe.class.getName()).toArray(String[]::new)).ok();
    assertThat(there).containsAll(instances);
    assertThat(there.getLast()).isEqualTo("UnauthorizedOperation");
  }

  @Test
  void aPodHasTheTokenOfItsOwnAccount() {
    assertThatThrownBy(() -> lab.node(0).addPod(PodRequest.of("reader").withServiceAccount("reader")))
        .isInstanceOf(LabException.class).hasMessageContaining("kubectl create serviceaccount reader");
    ObjectNode account = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "ServiceAccount");
    account.putObject("metadata").put("name", "reader").put("namespace", "default");
    lab.kube().objects().create(account);
    assertThat(lab.kube().objects().get("pods", "default", "reader")).isEmpty();
    for (String name : List.of("reader", "default")) {
      lab.cluster().addPod("node-0", PodRequest.of("with-" + name).withServiceAccount(name));
      String claims = new String(Base64.getUrlDecoder().decode(lab.kube().podToken("default", "with-" + name).split("\\.")[1]), UTF_8);
      assertThat(claims).contains("\"system:serviceaccount:default:" + name + "\"");
      lab.cluster().removePod("default", "with-" + name);
    }
  }

  /** Compiling that SDK's EC2 takes minutes. */
  @Test
  @Tag("soak")
  void awsSdkForGoIsTheNode() throws Exception {
    Assumptions.assumeTrue(Shell.has("go"), "there is no Go on this machine");
    Path source = Path.of("src/test/go").toAbsolutePath();
    Path probe = folder.resolve("probe");
    Shell.Printed built = shell.run("export HOME=$3; cd \"$1\" && go build -o \"$2\" .", source.toString(), probe.toString(), System.getProperty("user.home"));
    Assumptions.assumeTrue(built.exit() == 0, () -> "the AWS SDK for Go can't be had: " + built.text());
    for (List<String> lines : List.of(asNode(probe.toString()).ok(), inside(probe.toString()).ok())) {
      assertThat(lines).hasSize(3).containsAll(instances);
      assertThat(lines.getLast()).isEqualTo("UnauthorizedOperation");
    }
  }

  @Test
  void kubectlIsTheNodeAndMayDoWhatItsAccountMay() throws Exception {
    Assumptions.assumeTrue(Shell.has("kubectl"), "kubectl is not on the PATH of this machine");
    assertThat(asNode("kubectl get nodes -o name").ok()).containsExactly("node/node-0", "node/node-1");
    Shell.Printed refused = asNode("kubectl get secrets --all-namespaces");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.text()).contains("Forbidden", "system:serviceaccount:kube-system:");
    assertThat(inside("kubectl", "get", "nodes", "-o", "name").ok()).containsExactly("node/node-0", "node/node-1");
    assertThat(inside("kubectl", "delete", "node", "node-0").text()).contains("Forbidden");
  }

  @Test
  void administratorMayDoEverythingInBoth() throws Exception {
    shell.with(PythonClients.programs());
    List<String> lines =
        shell.run(
                """
                eval "$(patchbay lab env --lab "$1")"
                set -e
                vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
                aws ec2 create-security-group --vpc-id "$vpc" --group-name made --description 'by the administrator' --query GroupId --output text
                curl -sf --cacert "$PATCHBAY_LAB_CA" -o /dev/null -w '%{http_code}\\n' "$2/version"
                eval "$(patchbay lab env --lab "$1" --inside)"
                echo "$AWS_ENDPOINT_URL_EC2"
                """,
                NAME, lab.kube().url())
            .ok();
    assertThat(lines.get(0)).startsWith("sg-");
    // By TLS with that bundle alone.
    assertThat(lines.get(1)).isEqualTo("200");
    assertThat(lines.get(2)).isEqualTo("http://198.18.0.1:" + lab.ec2Uri().getPort());
    assertThat(lab.model().state().groups().values()).anyMatch(group -> group.name().equals("made"));
    if (Shell.has("kubectl")) {
      assertThat(shell.run("eval \"$(patchbay lab env --lab \"$1\")\"\nkubectl create namespace mine -o name", NAME).ok())
          .containsExactly("namespace/mine");
    }
  }

  @Test
  void nothingOfSomebodysOwnStays() throws Exception {
    List<String> lines = asNode("env | grep -E '^(AWS_|KUBE)' | sort").ok();
    assertThat(lines).noneMatch(line -> line.contains("SOMEBODY") || line.contains("somebody's") || line.contains("/nowhere"));
    assertThat(asNode("echo $PATCHBAY_LAB; patchbay lab status --json | head -c 1").ok()).containsExactly(NAME, "{");
    List<String> proxies = shell.run("export NO_PROXY=a.example,127.0.0.1\neval \"$(patchbay lab env --lab \"$1\")\"\necho $NO_PROXY; echo $no_proxy", NAME).ok();
    assertThat(proxies.get(0)).startsWith("a.example,127.0.0.1,localhost,").isEqualTo(proxies.get(1));
  }

  @Test
  void whoEvaluatesAFailureHears() throws Exception {
    for (String wrong : List.of("node-7", "'a b'")) {
      Shell.Printed printed = shell.run("eval \"$(patchbay lab env " + wrong + " --lab \"$1\")\" && echo went on", NAME);
      assertThat(printed.exit()).isEqualTo(1);
      assertThat(printed.text()).contains("there are node-0, node-1").doesNotContain("went on");
    }
    assertThat(shell.run("eval \"$(patchbay lab env --lab nosuchlab)\" && echo went on").text()).contains("there is no lab").doesNotContain("went on");
  }

  @Test
  void jsonSaysTheSameAsTheShell() throws Exception {
    JsonNode json = new ObjectMapper().readTree(shell.run("patchbay lab env node-0 --json --lab \"$1\"", NAME).text());
    String asked = shell.run("patchbay lab env node-0 --lab \"$1\"", NAME).text();
    json.path("set").properties().forEach(entry ->
        assertThat(asked.lines()).contains("export " + entry.getKey() + "=" + ClientEnvironment.quoted(entry.getValue().asText())));
    assertThat(json.path("set").size()).isGreaterThan(10);
    assertThat(json.path("unset").size()).isGreaterThan(10);
    assertThat(json.at("/set/AWS_EC2_METADATA_SERVICE_ENDPOINT").asText()).startsWith("http://127.0.0.1:");
  }

  @Test
  void valuesAreQuotedForAnyShell() throws Exception {
    String hostile = "a'b \"c\" $HOME `id` \\ ;|&\n*~é";
    ClientEnvironment environment = new ClientEnvironment(Map.of("HOSTILE", hostile), List.of(), List.of());
    Shell.Printed printed = shell.run("eval \"$1\"; printf '%s|' \"$HOSTILE\"; sh -c 'printf %s \"$HOSTILE\"'", environment.shell(Map.of()));
    assertThat(printed.text()).isEqualTo(hostile + "|" + hostile);
    assertThat(ClientEnvironment.of(environment.json())).isEqualTo(environment);
  }
}
