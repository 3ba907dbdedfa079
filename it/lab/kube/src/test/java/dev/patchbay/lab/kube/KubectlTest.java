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
}
