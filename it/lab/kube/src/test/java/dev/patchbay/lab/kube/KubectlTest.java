package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl, on machines that have it. */
class KubectlTest {
  @TempDir private static Path directory;
  private static KubeApiServer server;

  @BeforeAll
  static void start() throws IOException {
    boolean present =
        Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, "kubectl")));
    Assumptions.assumeTrue(present, "kubectl is not on the PATH of this machine, so nothing is tried with it");
    server = KubeApiServer.start(KubeApiOptions.loopback());
    Files.writeString(directory.resolve("kubeconfig"), server.adminKubeconfig());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private record Result(int code, String output) {}

  private static Result kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl %s ends", command).isTrue();
    return new Result(process.exitValue(), output);
  }

  private static String succeeds(String... arguments) throws IOException, InterruptedException {
    Result result = kubectl(arguments);
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void objectsAreAppliedSeenAndDeleted() throws IOException, InterruptedException {
    Path file = directory.resolve("deployment.yaml");
    Files.writeString(file, """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 1
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: main
                image: pause
        """);
    assertThat(succeeds("apply", "-f", file.toString())).contains("deployment.apps/web created");
    assertThat(succeeds("apply", "-f", file.toString())).contains("deployment.apps/web unchanged");
    Files.writeString(file, Files.readString(file).replace("replicas: 1", "replicas: 3"));
    assertThat(succeeds("apply", "-f", file.toString())).contains("deployment.apps/web configured");
    assertThat(succeeds("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}")).isEqualTo("3");
    assertThat(succeeds("apply", "--server-side", "--force-conflicts", "-f", file.toString()))
        .contains("deployment.apps/web serverside-applied");
    assertThat(succeeds("get", "all")).contains("deployment.apps/web").contains("service/kubernetes");
    assertThat(succeeds("delete", "-f", file.toString())).contains("\"web\" deleted");
  }

  @Test
  void whatIsSentInProtobufIsUnderstood() throws IOException, InterruptedException {
    succeeds("create", "serviceaccount", "reader");
    succeeds("create", "clusterrole", "reader", "--verb=get,list", "--resource=pods");
    succeeds("create", "clusterrolebinding", "reader", "--clusterrole=reader", "--serviceaccount=default:reader");
    succeeds("create", "configmap", "settings", "--from-literal=color=red");
    assertThat(succeeds("get", "configmap", "settings", "-o", "jsonpath={.data.color}")).isEqualTo("red");
    String reader = "--as=system:serviceaccount:default:reader";
    assertThat(kubectl("auth", "can-i", "list", "pods", reader).output()).isEqualTo("yes\n");
    assertThat(kubectl("auth", "can-i", "list", "secrets", reader).output()).isEqualTo("no\n");
    String token = succeeds("create", "token", "reader").strip();
    Result refused = kubectl("--token=" + token, "get", "nodes");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).contains("(Forbidden): nodes is forbidden");
  }

  @Test
  void nodesAreCordonedAndTainted() throws IOException, InterruptedException {
    server.objects().create("{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"node-a\"}}");
    succeeds("cordon", "node-a");
    succeeds("taint", "node", "node-a", "key=value:NoSchedule");
    assertThat(succeeds("get", "node", "node-a", "-o", "jsonpath={.spec.unschedulable} {.spec.taints[*].key}"))
        .startsWith("true")
        .contains("key");
    succeeds("uncordon", "node-a");
    assertThat(succeeds("explain", "nodes")).contains("KIND:       Node");
  }

  private static String fails(String... arguments) throws IOException, InterruptedException {
    Result result = kubectl(arguments);
    assertThat(result.code()).as(result.output()).isEqualTo(1);
    return result.output();
  }

  @Test
  void serverSideApplyTellsWhoOwnsWhat() throws IOException, InterruptedException {
    Path file = directory.resolve("shared.yaml");
    Files.writeString(file, """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shared
        data:
          a: "1"
        """);
    assertThat(succeeds("apply", "--server-side", "--field-manager=alice", "-f", file.toString()))
        .isEqualTo("configmap/shared serverside-applied\n");
    Files.writeString(file, Files.readString(file).replace("\"1\"", "\"2\""));
    assertThat(fails("apply", "--server-side", "--field-manager=bob", "-f", file.toString()))
        .startsWith("error: Apply failed with 1 conflict: conflict with \"alice\": .data.a\n")
        .contains("--force-conflicts");
    succeeds("apply", "--server-side", "--force-conflicts", "--field-manager=bob", "-f", file.toString());
    assertThat(succeeds("get", "configmap", "shared", "-o", "jsonpath={.data.a}")).isEqualTo("2");
    assertThat(succeeds("get", "configmap", "shared", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields[*].manager}"))
        .isEqualTo("bob");
    assertThat(fails("patch", "configmap", "shared", "--type=json", "-p", "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"9\"}]"))
        .contains("The request is invalid: the server rejected our request due to an error in our request");
    assertThat(succeeds("patch", "configmap", "shared", "-p", "{\"data\":{\"b\":\"3\"}}")).contains("patched");
    assertThat(succeeds("get", "configmaps", "--field-selector=metadata.name=shared", "-o", "name")).isEqualTo("configmap/shared\n");
  }

  @Test
  void podsAreDescribedWaitedForAndDeleted() throws IOException, InterruptedException {
    succeeds("run", "seen", "--image=pause");
    assertThat(succeeds("describe", "pod", "seen")).contains("Name:             seen", "Status:           Pending");
    succeeds("patch", "pod", "seen", "--subresource=status", "--type=merge", "-p",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    assertThat(succeeds("wait", "--for=condition=Ready", "pod/seen", "--timeout=50s")).isEqualTo("pod/seen condition met\n");
    assertThat(fails("logs", "seen")).contains("the lab runs no containers: pod \"seen\" has no log");
    assertThat(succeeds("get", "pods", "--all-namespaces")).contains("default", "seen");
    assertThat(succeeds("delete", "pod", "seen", "--now")).contains("pod \"seen\" deleted");
    assertThat(fails("get", "pod", "seen")).contains("Error from server (NotFound): pods \"seen\" not found");
  }

  @Test
  void whatIsServedAndWhoAsksIsTold() throws IOException, InterruptedException {
    assertThat(succeeds("api-resources", "--no-headers", "-o", "name")).contains("pods\n", "leases.coordination.k8s.io\n");
    assertThat(succeeds("auth", "whoami")).contains("admin", "system:masters");
    assertThat(succeeds("get", "--raw", "/readyz")).isEqualTo("ok");
    assertThat(succeeds("version")).contains("Server Version:");
  }
}
