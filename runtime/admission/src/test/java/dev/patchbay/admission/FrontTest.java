package dev.patchbay.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.view.ObjectsView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The API server is answered over TLS, and what is no question is refused in words. */
class FrontTest {
  private static final String SELF = "system:serviceaccount:network:patchbay-cluster";
  private static final String QUESTION = """
      {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": "u-1", "operation": "CREATE",
       "resource": {"group": "", "version": "v1", "resource": "pods"}, "namespace": "shop", "userInfo": {"username": "jane"},
       "object": {"metadata": {"generateName": "web-", "labels": {"app": "web"}, "annotations": {"a/b": "c"}},
         "spec": {"priority": 3, "share": 0.5, "containers": [{"name": "main"}]}}, "oldObject": null}}""";

  private final Renewal renewal = new Renewal(new Certifier(), List.of("localhost"), Duration.ofDays(1));
  private final Identity identity = renewal.due(Optional.empty(), Instant.now()).orElseThrow();
  private final ServedKey key = new ServedKey();
  private final Tally tally = new Tally();
  private final Map<String, Finding> findings = new ConcurrentHashMap<>();
  private ObjectIndex objects = ObjectIndex.EMPTY.heard(ObjectKind.NAMESPACE, true);
  private Optional<Front> front = Optional.empty();
  private Optional<Deciders> deciders = Optional.empty();

  @AfterEach
  void close() {
    front.ifPresent(Front::close);
    deciders.ifPresent(Deciders::close);
  }

  private void serve(Duration longest, BiFunction<AdmissionPlanner.Request, ObjectsView, AdmissionDecision> decide) throws IOException {
    key.serve(identity.server());
    List<Asked> asked = Deciding.by(decide);
    deciders = Optional.of(new Deciders(() -> objects, (about, finding) -> finding.ifPresentOrElse(f -> findings.put(about, f),
        () -> findings.remove(about)), longest));
    front = Optional.of(new Front(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), key, asked, deciders.get(), tally, SELF));
  }

  private void serve(BiFunction<AdmissionPlanner.Request, ObjectsView, AdmissionDecision> decide) throws IOException {
    serve(Duration.ofMinutes(5), decide);
  }

  private static SSLContext trusting(Identity identity) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", identity.authorities().getFirst().certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(identity)).build()) {
      return client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + front.orElseThrow().address().getPort() + path))
          .header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> ask(String rule) throws Exception {
    return send("POST", "/admit/some/" + rule + "?timeout=10s", QUESTION);
  }

  @Test
  void aDecisionIsAnswered() throws Exception {
    serve((request, seen) -> {
      assertThat(request.operation() + " " + request.user() + " " + request.own()).isEqualTo("CREATE jane false");
      assertThat(request.old()).isEmpty();
      assertThat(request.object()).hasValueSatisfying(pod -> {
        assertThat(pod.ref().toString()).isEqualTo("Pod shop/web-");
        assertThat(pod.labels()).containsEntry("app", "web");
        assertThat(pod.annotations()).containsEntry("a/b", "c");
        assertThat(pod.content().fields("spec").number("priority")).hasValue(3);
        assertThat(pod.content().fields("spec").text("share")).hasValue("0.5");
      });
      return AdmissionDecision.patch(Fields.empty().with("operations", List.of(
          Fields.empty().with("op", "add").with("path", "/spec/x").with("value", Fields.empty().with("y", 1)))));
    });
    HttpResponse<String> answer = ask("change");
    assertThat(answer.statusCode()).isEqualTo(200);
    String patch = Base64.getEncoder().encodeToString("[{\"op\":\"add\",\"path\":\"/spec/x\",\"value\":{\"y\":1}}]".getBytes(
        java.nio.charset.StandardCharsets.UTF_8));
    assertThat(answer.body()).isEqualTo("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"allowed\":true,"
        + "\"patch\":\"" + patch + "\",\"patchType\":\"JSONPatch\",\"uid\":\"u-1\"}}");
    assertThat(tally.counts()).containsEntry("change.some.patchbay.dev changed", 1L);
  }

  @Test
  void aRefusalHasItsWords() throws Exception {
    serve((request, seen) -> request.own() ? AdmissionDecision.allow() : AdmissionDecision.deny("Not by you: ask \"us\"."));
    assertThat(ask("refuse").body()).contains("\"allowed\":false", "\"code\":403", "\"message\":\"Not by you: ask \\\"us\\\".\"");
    assertThat(send("POST", "/admit/some/refuse", QUESTION.replace("jane", SELF)).body()).contains("\"allowed\":true");
  }

  @Test
  void whatIsNoQuestionIsRefusedInWords() throws Exception {
    serve((request, seen) -> AdmissionDecision.allow());
    assertThat(send("POST", "/admit/some/change", "").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/admit/some/change", "{\"kind\": \"AdmissionReview\", ").body()).contains("not JSON");
    assertThat(send("POST", "/admit/some/change", "[".repeat(1_000_000)).statusCode()).isEqualTo(400);
    assertThat(send("POST", "/admit/some/change", "{\"a\":".repeat(100_000)).statusCode()).isEqualTo(400);
    assertThat(send("POST", "/admit/some/change", QUESTION.replace("k8s.io/v1\"", "k8s.io/v1beta1\"")).body()).contains("admission.k8s.io/v1");
    assertThat(send("POST", "/admit/some/change", QUESTION.replace("\"pods\"", "\"nodes\"")).body()).contains("nodes", "pods");
    assertThat(send("POST", "/admit/some/change", QUESTION.replace("u-1", "")).body()).contains("no uid");
    assertThat(send("POST", "/admit/some/change", " ".repeat(5 * 1024 * 1024)).statusCode()).isEqualTo(413);
    assertThat(send("GET", "/admit/some/change", "").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/admit/some/changes", QUESTION).statusCode()).isEqualTo(404);
    assertThat(send("POST", "/", QUESTION).statusCode()).isEqualTo(404);
    assertThat(ask("change").statusCode()).as("it goes on").isEqualTo(200);
  }

  @Test
  void withoutADecisionItIsAsIfNobodyHadAnswered() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve(Duration.ofMillis(200), (request, seen) -> {
      if (request.user().equals("jane")) {
        try {
          never.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      throw new IllegalStateException("odd");
    });
    HttpResponse<String> late = ask("refuse");
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.body()).contains("did not answer");
    HttpResponse<String> thrown = send("POST", "/admit/some/change", QUESTION.replace("jane", "joe"));
    assertThat(thrown.statusCode()).isEqualTo(503);
    assertThat(thrown.body()).contains("odd").doesNotContain("\tat ");
    assertThat(findings).hasSize(2).allSatisfy((about, finding) -> assertThat(finding.code()).isEqualTo(AdmissionCodes.PLANNER_FAILED));
    objects = ObjectIndex.EMPTY;
    assertThat(ask("change").body()).contains("namespaces", "heard");
  }

  @Test
  void aRuleThatOnlyRefusesChangesNothing() throws Exception {
    serve((request, seen) -> AdmissionDecision.patch(Fields.empty().with("operations", List.of())));
    assertThat(ask("refuse").statusCode()).isEqualTo(503);
    assertThat(ask("change").statusCode()).isEqualTo(200);
  }

  @Test
  void aModeSeesWhatItDeclaredAlone() throws Exception {
    serve((request, seen) -> {
      seen.list(ObjectKind.NODE);
      return AdmissionDecision.allow();
    });
    assertThat(ask("change").body()).contains("nodes", "does not declare");
  }

  @Test
  void aNewCertificateIsShownWithoutARestart() throws Exception {
    serve((request, seen) -> AdmissionDecision.allow());
    assertThat(served()).isEqualTo(identity.server().certificate());
    Signed next = new Certifier().server(identity.authorities().getFirst(), List.of("localhost"), Instant.now(),
        Instant.now().plus(Duration.ofHours(1)));
    key.serve(next);
    assertThat(served()).isEqualTo(next.certificate());
  }

  private X509Certificate served() throws Exception {
    HttpResponse<String> answer = ask("change");
    return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }
}
