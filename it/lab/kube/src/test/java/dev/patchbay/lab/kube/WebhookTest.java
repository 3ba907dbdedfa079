package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.patchbay.lab.kube.tls.CertificateAuthority;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Admission webhooks, served by a server of the test's own. */
class WebhookTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final CertificateAuthority authority = new CertificateAuthority("webhook-test");
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private KubeApiServer server;
  private KubernetesClient client;
  private HttpsServer hook;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void start() throws IOException {
    server = KubeApiServer.start(KubeApiOptions.loopback());
    client = Clients.admin(server);
    hook = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.setHttpsConfigurator(
        new HttpsConfigurator(authority.serverContext(List.of("127.0.0.1", "hooks.kube-system.svc"))));
    hook.createContext("/mutate", exchange -> answer(exchange, WebhookTest::addRequest));
    hook.createContext("/validate", exchange -> answer(exchange, WebhookTest::refuseForbidden));
    hook.createContext("/hang", this::leaveHanging);
    hook.setExecutor(threads);
    hook.start();
  }

  @AfterEach
  void stop() {
    hook.stop(0);
    threads.shutdownNow();
    client.close();
    server.close();
  }

  private interface Decision {
    void decide(JsonNode object, ObjectNode response);
  }

  private static void addRequest(JsonNode pod, ObjectNode response) {
    response.put("allowed", true).put("patchType", "JSONPatch");
    String patch =
        "[{\"op\": \"add\", \"path\": \"/spec/containers/0/resources/limits\","
            + " \"value\": {\"vpc.amazonaws.com/pod-eni\": \"1\"}}]";
    response.put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
  }

  private static void refuseForbidden(JsonNode pod, ObjectNode response) {
    boolean allowed = !pod.at("/metadata/labels/app").asText().equals("forbidden");
    response.put("allowed", allowed);
    if (!allowed) {
      response.putObject("status").put("message", "that name is taken by law").put("code", 403);
    }
  }

  private void answer(HttpExchange exchange, Decision decision) throws IOException {
    try (exchange) {
      JsonNode review = MAPPER.readTree(exchange.getRequestBody());
      asked.add(review.path("request"));
      ObjectNode answer = MAPPER.createObjectNode();
      answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
      ObjectNode response = answer.putObject("response").put("uid", review.at("/request/uid").asText());
      decision.decide(review.at("/request/object"), response);
      byte[] bytes = MAPPER.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void register(String kind, String client, String failurePolicy) {
    String bundle = Base64.getEncoder().encodeToString(authority.pem().getBytes(StandardCharsets.US_ASCII));
    server.objects().create("""
        {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "%s", "metadata": {"name": "hooks"},
         "webhooks": [{"name": "pods.lab.patchbay.dev", "admissionReviewVersions": ["v1"], "sideEffects": "None",
           "failurePolicy": "%s", "timeoutSeconds": 30,
           "clientConfig": {"caBundle": "%s", %s},
           "objectSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["left-alone"]}]},
           "namespaceSelector": {"matchExpressions":
             [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system"]}]},
           "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]}]}"""
        .formatted(kind, failurePolicy, bundle, client));
  }

  private String url(String path) {
    return "\"url\": \"https://127.0.0.1:" + hook.getAddress().getPort() + path + "\"";
  }

  @Test
  void aMutatingWebhookChangesWhatIsMade() {
    register("MutatingWebhookConfiguration", url("/mutate"), "Fail");
    Pod changed = client.pods().resource(ObjectsTest.pod("changed")).create();
    assertThat(changed.getSpec().getContainers().getFirst().getResources().getLimits())
        .containsKey("vpc.amazonaws.com/pod-eni");
    // A limit is a request, too: defaults are set again after the webhook.
    assertThat(changed.getSpec().getContainers().getFirst().getResources().getRequests())
        .containsKey("vpc.amazonaws.com/pod-eni");
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().path("operation").asText()).isEqualTo("CREATE");
    assertThat(asked.getFirst().at("/userInfo/username").asText()).isEqualTo("admin");
    assertThat(asked.getFirst().at("/object/metadata/name").asText()).isEqualTo("changed");

    client.pods().resource(ObjectsTest.pod("left-alone")).create();
    client.pods().inNamespace("kube-system").resource(ObjectsTest.pod("elsewhere")).create();
    assertThat(asked).as("selectors keep two pods from the webhook").hasSize(1);
  }

  @Test
  void aValidatingWebhookRefuses() {
    register("ValidatingWebhookConfiguration", url("/validate"), "Fail");
    client.pods().resource(ObjectsTest.pod("allowed")).create();
    assertThatThrownBy(() -> client.pods().resource(ObjectsTest.pod("forbidden")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(403);
              assertThat(e.getStatus().getMessage())
                  .isEqualTo(
                      "admission webhook \"pods.lab.patchbay.dev\" denied the request: that name is taken by law");
            });
    assertThat(client.pods().withName("forbidden").get()).isNull();
  }

  @Test
  void aServiceIsCalledAtItsEndpointAndByItsName() {
    server.objects().create("""
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "hooks", "namespace": "kube-system"},
         "spec": {"ports": [{"name": "https", "port": 443}]}}""");
    server.objects().create("""
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "metadata": {"name": "hooks-1", "namespace": "kube-system", "labels": {"kubernetes.io/service-name": "hooks"}},
         "ports": [{"name": "https", "port": %d, "protocol": "TCP"}],
         "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": true}}]}"""
        .formatted(hook.getAddress().getPort()));
    register(
        "MutatingWebhookConfiguration",
        "\"service\": {\"name\": \"hooks\", \"namespace\": \"kube-system\", \"path\": \"/mutate\"}",
        "Fail");
    client.pods().resource(ObjectsTest.pod("by-service")).create();
    assertThat(asked).hasSize(1);
  }

  @Test
  void theFailurePolicyDecidesWhenNobodyAnswers() {
    register("MutatingWebhookConfiguration", url("/mutate"), "Fail");
    hook.stop(0);
    assertThatThrownBy(() -> client.pods().resource(ObjectsTest.pod("unlucky")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(500);
              assertThat(e.getStatus().getMessage()).contains("failed calling webhook \"pods.lab.patchbay.dev\"");
            });
    server.objects().update(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "",
        "hooks",
        configuration -> {
          ((ObjectNode) configuration.at("/webhooks/0")).put("failurePolicy", "Ignore");
          return configuration;
        });
    assertThat(client.pods().resource(ObjectsTest.pod("lucky")).create().getMetadata().getUid()).isNotBlank();
  }

  @Test
  void aWebhookOfAnotherAuthorityIsNotTrusted() {
    register(
        "MutatingWebhookConfiguration",
        url("/mutate"),
        "Fail");
    server.objects().update(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "",
        "hooks",
        configuration -> {
          ((ObjectNode) configuration.at("/webhooks/0/clientConfig"))
              .put("caBundle", Base64.getEncoder().encodeToString(server.caPem().getBytes(StandardCharsets.US_ASCII)));
          return configuration;
        });
    assertThatThrownBy(() -> client.pods().resource(ObjectsTest.pod("untrusted")).create())
        .hasMessageContaining("failed calling webhook");
    assertThat(asked).isEmpty();
  }

  @Test
  void conditionsSayWhatIsAskedAbout() {
    register("MutatingWebhookConfiguration", url("/mutate"), "Fail");
    String value = "(has(%s.metadata.annotations) && \"a/b\" in %<s.metadata.annotations ? %<s.metadata.annotations[\"a/b\"] : \"\")";
    change("mutatingwebhookconfigurations", webhook -> webhook.putArray("matchConditions").addObject().put("name", "changed")
        .put("expression", value.formatted("object") + " != (oldObject == null ? \"\" : " + value.formatted("oldObject") + ")"));
    client.pods().resource(ObjectsTest.pod("plain")).create();
    assertThat(asked).isEmpty();
    Pod given = ObjectsTest.pod("given");
    given.getMetadata().setAnnotations(java.util.Map.of("a/b", "c"));
    client.pods().resource(given).create();
    assertThat(asked).hasSize(1);
    change("mutatingwebhookconfigurations", webhook -> webhook.putArray("matchConditions").addObject().put("name", "odd")
        .put("expression", "object.spec.nowhere == null"));
    assertThatThrownBy(() -> client.pods().resource(ObjectsTest.pod("untold")).create()).hasMessageContaining("no such key: nowhere");
  }

  private void leaveHanging(HttpExchange exchange) throws IOException {
    asked.add(MAPPER.readTree(exchange.getRequestBody()).path("request"));
    // Neither answered nor closed: whoever asks must lose patience.
  }

  private void change(String kind, Consumer<ObjectNode> change) {
    server
        .objects()
        .update(
            kind + ".admissionregistration.k8s.io",
            "",
            "hooks",
            configuration -> {
              change.accept((ObjectNode) configuration.at("/webhooks/0"));
              return configuration;
            });
  }

  @Test
  void aWebhookThatTakesTooLongFails() {
    register("ValidatingWebhookConfiguration", url("/hang"), "Fail");
    change("validatingwebhookconfigurations", webhook -> webhook.put("timeoutSeconds", 1));
    assertThatThrownBy(() -> client.pods().resource(ObjectsTest.pod("late")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(500);
              assertThat(e.getStatus().getReason()).isEqualTo("InternalError");
              assertThat(e.getStatus().getMessage())
                  .isEqualTo(
                      "Internal error occurred: failed calling webhook \"pods.lab.patchbay.dev\": failed to call webhook: Post"
                          + " \"https://127.0.0.1:" + hook.getAddress().getPort() + "/hang?timeout=1s\": context deadline exceeded");
            });
    assertThat(asked).as("asked once at most; a busy machine may not have come to it").hasSizeLessThanOrEqualTo(1);
    change("validatingwebhookconfigurations", webhook -> webhook.put("failurePolicy", "Ignore"));
    assertThat(client.pods().resource(ObjectsTest.pod("late")).create().getMetadata().getUid()).isNotBlank();
  }

  @Test
  void aDryRunIsToldToThoseThatCanBearIt() throws IOException, InterruptedException {
    register("MutatingWebhookConfiguration", url("/mutate"), "Fail");
    String path = "/api/v1/namespaces/default/pods?dryRun=All";
    String pod = "{\"metadata\": {\"name\": \"dry\"}, \"spec\": {\"containers\": [{\"name\": \"main\", \"image\": \"pause\"}]}}";
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      JsonNode made = MAPPER.readTree(raw.send("POST", path, "application/json", pod).body());
      assertThat(made.at("/spec/containers/0/resources/limits").has("vpc.amazonaws.com/pod-eni")).isTrue();
      assertThat(asked).singleElement().satisfies(request -> assertThat(request.path("dryRun").asBoolean()).isTrue());
      assertThat(raw.get("/api/v1/namespaces/default/pods/dry").statusCode()).isEqualTo(404);
      change("mutatingwebhookconfigurations", webhook -> webhook.put("sideEffects", "Some"));
      JsonNode refused = MAPPER.readTree(raw.send("POST", path, "application/json", pod).body());
      assertThat(refused.path("code").asInt()).isEqualTo(400);
      assertThat(refused.path("message").asText())
          .isEqualTo("admission webhook \"pods.lab.patchbay.dev\" does not support dry run");
      assertThat(asked).hasSize(1);
    }
  }
}
