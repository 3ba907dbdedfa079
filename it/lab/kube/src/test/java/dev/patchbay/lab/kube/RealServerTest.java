package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.calls.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real API server in place of the lab's own: the same tests, the same faults, the same record. Where its programs are, the
 * variables {@code PATCHBAY_KUBE_APISERVER} and {@code PATCHBAY_ETCD} say.
 */
@Timeout(600)
class RealServerTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  @TempDir private static Path folder;

  private static Optional<KubeBinaries> binaries(Path below) {
    Optional<String> server = Optional.ofNullable(System.getenv("PATCHBAY_KUBE_APISERVER")).filter(text -> !text.isBlank());
    Optional<String> etcd = Optional.ofNullable(System.getenv("PATCHBAY_ETCD")).filter(text -> !text.isBlank());
    return server.isPresent() && etcd.isPresent()
        ? Optional.of(new KubeBinaries(Path.of(server.get()), Path.of(etcd.get()), below))
        : Optional.empty();
  }

  /** Where there are no such programs, and nothing else. */
  @Test
  void programsThatAreNoneAreRefusedInWords() throws IOException {
    Path none = folder.resolve("none");
    Path idle = Files.writeString(folder.resolve("idle"), "#!/bin/sh\necho gone astray\nexit 3\n");
    assertThat(new KubeBinaries(none, idle, folder).complaint()).hasValueSatisfying(why -> assertThat(why).contains(none.toString(), "kube-apiserver"));
    assertThat(idle.toFile().setExecutable(true)).isTrue();
    KubeBinaries wrong = new KubeBinaries(idle, idle, folder.resolve("wrong"));
    assertThat(wrong.complaint()).isEmpty();
    assertThatThrownBy(() -> KubeApiServer.start(KubeApiOptions.loopback().withBinaries(wrong)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("idle ended with exit status 3: gone astray");
  }

  /** What needs the real one. */
  @Nested
  class TheRealOne {
    private static KubeApiServer server;
    private static final Recorder RECORDER = new Recorder();
    private static final dev.patchbay.lab.calls.Faults FAULTS = new dev.patchbay.lab.calls.Faults(InstantSource.system());

    @BeforeAll
    static void start() {
      Optional<KubeBinaries> binaries = binaries(folder.resolve("real"));
      if (binaries.isEmpty()) {
        String why = "PATCHBAY_KUBE_APISERVER and PATCHBAY_ETCD do not name the programs";
        System.out.println("LEFT OUT: the tests of the Kubernetes API on the real API server, since " + why);
        Assumptions.abort("the real API server is left out: " + why);
      }
      assertThat(binaries.get().complaint()).isEmpty();
      server = KubeApiServer.start(KubeApiOptions.loopback().withBinaries(binaries.get()), FAULTS, RECORDER);
    }

    @AfterAll
    static void stop() throws IOException {
      if (server != null) {
        List<Long> running = programs();
        server.close();
        assertThat(running).hasSize(2).noneMatch(each -> ProcessHandle.of(each).filter(ProcessHandle::isAlive).isPresent());
      }
    }

    private static List<Long> programs() {
      return ProcessHandle.current().children().filter(each -> each.info().command().filter(path -> path.contains("etcd") || path.contains("kube-apiserver")).isPresent()).map(ProcessHandle::pid).toList();
    }

    @TestFactory
    Stream<DynamicTest> itAnswersAsWrittenDown() throws IOException, InterruptedException {
      return TalksTest.play(server, true).stream();
    }

    @TestFactory
    Stream<DynamicTest> aControllerDoesItsWorkOnIt() throws Exception {
      PythonControllerTest.install();
      return PythonControllerTest.work(server, folder, "remembers").stream();
    }

    @Test
    void objectsAreReachedAsTheLabsOwn() throws Exception {
      KubeObjects objects = server.objects();
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      try (AutoCloseable following = objects.follow("pods", "default", change -> seen.add(change.kind() + " " + change.object().at("/metadata/name").asText()))) {
        assertThat(following).isNotNull();
        objects.create("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "own", "labels": {"a": "b"}},
             "spec": {"containers": [{"name": "main", "image": "pause"}]}}""");
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("ADDED own");
        assertThat(objects.bind("default", "own", "node-a").at("/spec/nodeName").asText()).isEqualTo("node-a");
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("MODIFIED own");
        ObjectNode running =
            objects.updateStatus("pods", "default", "own", pod -> {
              pod.withObjectProperty("status").put("phase", "Running");
              return pod;
            });
        assertThat(running.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(objects.list("pods", "default", "a=b")).singleElement().satisfies(pod -> assertThat(pod.path("kind").asText()).isEqualTo("Pod"));
        ObjectNode patch = MAPPER.createObjectNode();
        patch.putObject("metadata").putObject("annotations").put("x", "y");
        assertThat(objects.merge("pods", "default", "own", patch).at("/metadata/annotations/x").asText()).isEqualTo("y");
        objects.deleteNow("pods", "default", "own");
        assertThat(objects.get("pods", "default", "own")).isEmpty();
      }
      assertThat(objects.get("leases.coordination.k8s.io", "default", "none")).isEmpty();
      assertThatThrownBy(() -> objects.list("unicorns", "", "")).isInstanceOf(KubeApiException.class);
    }

    @Test
    void usersOfTheLabAreKnownToIt() throws IOException, InterruptedException {
      try (Clients.Raw guest = new Clients.Raw(server, server.tokenFor("guest", List.of("visitors")));
          Clients.Raw nobody = new Clients.Raw(server, "no-such-token")) {
        HttpResponse<String> refused = guest.get("/api/v1/namespaces/default/pods");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("User \\\"guest\\\" cannot list resource \\\"pods\\\"");
        assertThat(nobody.get("/api/v1/pods").statusCode()).isEqualTo(401);
      }
      server.objects().create("""
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "agent", "namespace": "default"}}""");
      try (Clients.Raw agent = new Clients.Raw(server, server.serviceAccountToken("default", "agent"))) {
        assertThat(agent.get("/api/v1/nodes").body()).contains("system:serviceaccount:default:agent");
      }
      assertThat(RECORDER.calls()).anyMatch(call -> call.caller().equals("guest") && call.action().equals("list pods") && call.outcome().equals("403"));
    }

    @Test
    void faultsStrikeBeforeIt() throws Exception {
      try (Clients.Raw admin = new Clients.Raw(server, server.adminToken())) {
        FAULTS.add("kube:get/namespaces refuse=503 calls=1");
        assertThat(admin.get("/api/v1/namespaces/default").statusCode()).isEqualTo(503);
        assertThat(admin.get("/api/v1/namespaces/default").statusCode()).isEqualTo(200);
        String version = MAPPER.readTree(admin.get("/api/v1/namespaces?limit=1").body()).at("/metadata/resourceVersion").asText();
        try (Stream<String> lines = admin.lines("/api/v1/namespaces?watch=1&resourceVersion=" + version).body()) {
          Iterator<String> events = lines.iterator();
          server.objects().create("{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"watched\"}}");
          assertThat(events.next()).contains("\"ADDED\"", "\"watched\"");
          server.faults().cutWatches();
          assertThatThrownBy(events::hasNext).isInstanceOf(UncheckedIOException.class);
        }
        server.objects().create("{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"later\"}}");
        server.faults().expireHistory();
        try (Stream<String> lines = admin.lines("/api/v1/namespaces?watch=1&resourceVersion=" + version).body()) {
          assertThat(lines.iterator().next()).contains("\"ERROR\"", "\"code\":410");
        }
        server.faults().refuseConnections();
        assertThatThrownBy(() -> admin.get("/version")).isInstanceOf(IOException.class);
        server.faults().comeBack();
        assertThat(admin.get("/version").statusCode()).isEqualTo(200);
      }
    }

    @Test
    void itEndsWithWhoeverStartedIt(@TempDir Path other) throws Exception {
      KubeBinaries binaries = binaries(other).orElseThrow();
      Process holder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                  Holder.class.getName(),
                  binaries.apiServer().toString(),
                  binaries.etcd().toString(),
                  other.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var said = holder.inputReader()) {
        assertThat(said.readLine()).isEqualTo("up");
        List<ProcessHandle> programs = holder.toHandle().descendants().toList();
        assertThat(programs).hasSizeGreaterThanOrEqualTo(2);
        holder.destroyForcibly().waitFor();
        for (ProcessHandle each : programs) {
          assertThat(each.onExit().get(60, TimeUnit.SECONDS)).isNotNull();
        }
      } finally {
        holder.destroyForcibly();
      }
    }
  }

  /** A process that holds an API server until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      KubeBinaries binaries = new KubeBinaries(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
      KubeApiServer.start(KubeApiOptions.loopback().withBinaries(binaries));
      System.out.println("up");
      new java.util.concurrent.CountDownLatch(1).await(Duration.ofMinutes(10).toSeconds(), TimeUnit.SECONDS);
    }
  }
}
