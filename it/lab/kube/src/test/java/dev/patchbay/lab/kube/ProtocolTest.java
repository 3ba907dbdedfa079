package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests as they should not be, and what the server does when it is told to misbehave. */
@Timeout(180)
class ProtocolTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static KubeApiServer server;
  private static Clients.Raw raw;

  @BeforeAll
  static void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback());
    raw = new Clients.Raw(server, server.adminToken());
  }

  @AfterAll
  static void stop() {
    raw.close();
    server.close();
  }

  private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return raw.send("POST", path, "application/json", body);
  }

  private static void assertStatus(HttpResponse<String> response, int code, String reason) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
    JsonNode status = MAPPER.readTree(response.body());
    assertThat(status.path("kind").asText()).isEqualTo("Status");
    assertThat(status.path("status").asText()).isEqualTo("Failure");
    assertThat(status.path("code").asInt()).isEqualTo(code);
    assertThat(status.path("reason").asText()).isEqualTo(reason);
  }

  @Test
  void whatIsNoObjectIsRefused() throws IOException, InterruptedException {
    assertStatus(post(CONFIG_MAPS, ""), 400, "BadRequest");
    assertStatus(post(CONFIG_MAPS, "{\"metadata\":"), 400, "BadRequest");
    assertStatus(post(CONFIG_MAPS, "[]"), 400, "BadRequest");
    assertStatus(post(CONFIG_MAPS, "{\"metadata\": 7}"), 400, "BadRequest");
    assertStatus(post(CONFIG_MAPS, "{\"kind\": \"Pod\", \"apiVersion\": \"v1\"}"), 400, "BadRequest");
    assertStatus(post(CONFIG_MAPS, "{\"metadata\": {}}"), 422, "Invalid");
    assertStatus(post(CONFIG_MAPS, "{\"metadata\": {\"name\": \"x\", \"namespace\": \"other\"}}"), 400, "BadRequest");
    assertStatus(raw.send("POST", CONFIG_MAPS, "text/xml", "<x/>"), 415, "UnsupportedMediaType");
    assertStatus(
        post("/api/v1/namespaces/default/pods", "{\"metadata\": {\"name\": \"x\"}, \"spec\": {\"containers\": 3}}"),
        400,
        "BadRequest");
    String large = "{\"metadata\": {\"name\": \"large\"}, \"data\": {\"x\": \"" + "x".repeat(10 << 20) + "\"}}";
    assertStatus(post(CONFIG_MAPS, large), 413, "RequestEntityTooLarge");
    assertThat(raw.get(CONFIG_MAPS + "/large").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsNotServedIsNotFound() throws IOException, InterruptedException {
    assertStatus(raw.get("/api/v1/namespaces/default/unicorns"), 404, "NotFound");
    assertThat(raw.get("/apis/no.such.group/v1").statusCode()).isEqualTo(404);
    assertThat(raw.get("/apis/no.such.group/v1/things").body()).isEqualTo("404 page not found\n");
    assertStatus(raw.get("/api/v1/namespaces/default/pods/x/nothing"), 404, "NotFound");
    assertThat(raw.get("/nowhere").statusCode()).isEqualTo(404);
    assertStatus(raw.send("PUT", CONFIG_MAPS, "application/json", "{}"), 405, "MethodNotAllowed");
    assertStatus(raw.get("/api/v1/pods?labelSelector=a+in+b"), 400, "BadRequest");
    assertStatus(raw.get("/api/v1/pods?resourceVersion=old"), 400, "BadRequest");
    assertStatus(raw.get("/api/v1/pods?watch=1&sendInitialEvents=true"), 422, "Invalid");
    assertStatus(raw.get("/api/v1/pods?continue=nonsense"), 400, "BadRequest");
    assertStatus(raw.get("/api/v1/pods?resourceVersion=999999999"), 504, "Timeout");
  }

  @Test
  void aDryRunWritesNothing() throws IOException, InterruptedException {
    HttpResponse<String> tried = post(CONFIG_MAPS + "?dryRun=All", "{\"metadata\": {\"name\": \"dry\"}}");
    assertThat(tried.statusCode()).isEqualTo(201);
    assertThat(raw.get(CONFIG_MAPS + "/dry").statusCode()).isEqualTo(404);
    assertStatus(post(CONFIG_MAPS + "?dryRun=Some", "{\"metadata\": {\"name\": \"dry\"}}"), 422, "Invalid");
  }

  @Test
  void collectionsAreDeletedBySelector() throws IOException, InterruptedException {
    for (String name : new String[] {"a", "b", "c"}) {
      String color = name.equals("c") ? "red" : "blue";
      post(CONFIG_MAPS, "{\"metadata\": {\"name\": \"%s\", \"labels\": {\"color\": \"%s\"}}}".formatted(name, color));
    }
    assertThat(raw.send("DELETE", CONFIG_MAPS + "?labelSelector=color%3Dblue", "application/json", "").statusCode())
        .isEqualTo(200);
    assertThat(raw.get(CONFIG_MAPS + "/a").statusCode()).isEqualTo(404);
    assertThat(raw.get(CONFIG_MAPS + "/c").statusCode()).isEqualTo(200);
  }

  @Test
  void eventsOfBothGroupsAreTheSame() throws IOException, InterruptedException {
    String event = """
        {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e"}, "note": "no address left",
         "reason": "Waiting", "type": "Warning", "reportingController": "patchbay", "reportingInstance": "node-a",
         "action": "Assign", "eventTime": "2026-01-01T00:00:00.000000Z",
         "regarding": {"kind": "Pod", "namespace": "default", "name": "x"}}""";
    assertThat(post("/apis/events.k8s.io/v1/namespaces/default/events", event).statusCode()).isEqualTo(201);
    JsonNode core = MAPPER.readTree(raw.get("/api/v1/namespaces/default/events/e").body());
    assertThat(core.path("message").asText()).isEqualTo("no address left");
    assertThat(core.at("/involvedObject/name").asText()).isEqualTo("x");
    assertThat(core.path("apiVersion").asText()).isEqualTo("v1");
    JsonNode events = MAPPER.readTree(raw.get("/apis/events.k8s.io/v1/namespaces/default/events/e").body());
    assertThat(events.path("note").asText()).isEqualTo("no address left");
    String selected = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dx";
    assertThat(MAPPER.readTree(raw.get(selected).body()).path("items")).hasSize(1);
  }

  @Test
  void aLeaseIsOnlyReplacedByWhoKnowsItsVersion() throws IOException, InterruptedException {
    String leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    String lease = "{\"metadata\": {\"name\": \"held\"}, \"spec\": {\"holderIdentity\": \"me\"}}";
    assertThat(post(leases, lease).statusCode()).isEqualTo(201);
    assertStatus(raw.send("PUT", leases + "/held", "application/json", lease), 422, "Invalid");
    String negative = "{\"metadata\": {\"name\": \"bad\"}, \"spec\": {\"leaseDurationSeconds\": 0}}";
    assertStatus(post(leases, negative), 422, "Invalid");
  }

  @Test
  void tokensAreReviewed() throws IOException, InterruptedException {
    server.objects().create("{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"seen\"}}");
    HttpResponse<String> request =
        post(
            "/api/v1/namespaces/default/serviceaccounts/seen/token",
            "{\"spec\": {\"audiences\": [\"vault\"], \"expirationSeconds\": 600}}");
    assertThat(request.statusCode()).isEqualTo(201);
    String token = MAPPER.readTree(request.body()).at("/status/token").asText();
    String reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    JsonNode forVault =
        MAPPER.readTree(
            post(reviews, "{\"spec\": {\"token\": \"%s\", \"audiences\": [\"vault\"]}}".formatted(token)).body());
    assertThat(forVault.at("/status/authenticated").asBoolean()).isTrue();
    assertThat(forVault.at("/status/user/username").asText()).isEqualTo("system:serviceaccount:default:seen");
    JsonNode forOthers =
        MAPPER.readTree(
            post(reviews, "{\"spec\": {\"token\": \"%s\", \"audiences\": [\"others\"]}}".formatted(token)).body());
    assertThat(forOthers.at("/status/authenticated").asBoolean()).isFalse();
    JsonNode altered =
        MAPPER.readTree(post(reviews, "{\"spec\": {\"token\": \"%sx\"}}".formatted(token)).body());
    assertThat(altered.at("/status/authenticated").asBoolean()).isFalse();
  }

  @Test
  void changesCanBeFollowedWithoutHttp() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (AutoCloseable following =
        server.objects().follow(
            "secrets", "default", change -> seen.add(change.kind() + " " + change.object().at("/metadata/name").asText()))) {
      server.objects().create("{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"one\"}}");
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("ADDED one");
      server.objects().merge("secrets", "default", "one", MAPPER.createObjectNode().put("type", "x"));
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("MODIFIED one");
      server.objects().delete("secrets", "default", "one");
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("DELETED one");
      assertThat(following).isNotNull();
    }
  }

  @Test
  void itHangsFailsGoesAndComesBack() throws IOException, InterruptedException {
    try (KubeApiServer own = KubeApiServer.start(KubeApiOptions.loopback());
        Clients.Raw client = new Clients.Raw(own, own.adminToken())) {
      own.faults().hang();
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.get("/api/v1/nodes").statusCode();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(waiting.completeOnTimeout(-1, 300, TimeUnit.MILLISECONDS).join()).isEqualTo(-1);
      own.faults().comeBack();
      assertThat(client.get("/api/v1/nodes").statusCode()).isEqualTo(200);

      own.faults().refuse("list", "nodes", 429, 1);
      HttpResponse<String> throttled = client.get("/api/v1/nodes");
      assertStatus(throttled, 429, "TooManyRequests");
      assertThat(throttled.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(client.get("/api/v1/nodes").statusCode()).isEqualTo(200);

      int port = own.port();
      own.faults().refuseConnections();
      assertThatThrownBy(() -> client.get("/version")).isInstanceOf(IOException.class);
      own.faults().comeBack();
      assertThat(own.port()).isEqualTo(port);
      assertThat(client.get("/version").statusCode()).isEqualTo(200);
    }
  }
}
