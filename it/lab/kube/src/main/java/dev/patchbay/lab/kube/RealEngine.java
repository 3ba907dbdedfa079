package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.http.Answers;
import dev.patchbay.lab.kube.http.Faults;
import dev.patchbay.lab.kube.http.ForwardedAnswers;
import dev.patchbay.lab.kube.http.OpenWatches;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.real.RealServer;
import dev.patchbay.lab.kube.tls.CertificateAuthority;
import java.net.http.HttpClient;
import java.time.Duration;

/** The real API server behind the lab's listener. */
final class RealEngine implements Engine {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(365);
  private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(10);

  private final HttpClient client;
  private final RealServer server;
  private final ForwardedAnswers answers;
  private final RemoteObjects objects;

  RealEngine(KubeBinaries binaries, KubeApiOptions options, CertificateAuthority authority, String adminToken, Faults faults) {
    client =
        HttpClient.newBuilder()
            .sslContext(authority.clientContext())
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LONGEST_CONNECTING)
            .build();
    server =
        RealServer.start(
            new RealServer.Programs(binaries.apiServer(), binaries.etcd(), binaries.folder()),
            authority,
            client,
            adminToken,
            options.serviceCidr() + "," + options.serviceCidr6());
    answers = new ForwardedAnswers(server.uri(), client, adminToken, faults);
    objects = new RemoteObjects(server.uri(), client, adminToken);
  }

  @Override
  public Answers answers() {
    return answers;
  }

  @Override
  public KubeObjects objects() {
    return objects;
  }

  @Override
  public OpenWatches watches() {
    return answers;
  }

  @Override
  public void forget() {
    answers.forgetBefore(objects.version());
  }

  @Override
  public void know(String token, User user) {
    answers.add(token, user);
  }

  @Override
  public String serviceAccountToken(String namespace, String name) {
    return token(namespace, name, Json.object());
  }

  @Override
  public String podToken(String namespace, String pod) {
    ObjectNode found =
        objects
            .get("pods", namespace, pod)
            .orElseThrow(
                () ->
                    new KubeApiException(
                        404, "NotFound", "pods \"" + pod + "\" not found in namespace " + namespace, new IllegalArgumentException(pod)));
    String account = Json.optional(found, "spec", "serviceAccountName").orElse("default");
    if (account.equals("default") && objects.get("serviceaccounts", namespace, account).isEmpty()) {
      // No controller makes it here.
      ObjectNode made = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
      made.putObject("metadata").put("name", account).put("namespace", namespace);
      objects.create(made);
    }
    ObjectNode bound = Json.object().put("kind", "Pod").put("apiVersion", "v1").put("name", pod);
    return token(namespace, account, bound.put("uid", Json.text(found, "metadata", "uid")));
  }

  private String token(String namespace, String account, ObjectNode bound) {
    ObjectNode request = Json.object();
    ObjectNode spec = request.putObject("spec").put("expirationSeconds", TOKEN_LIFETIME.toSeconds());
    spec.putArray("audiences");
    if (!bound.isEmpty()) {
      spec.set("boundObjectRef", bound);
    }
    return Json.text(objects.post("serviceaccounts", namespace, account, "token", request), "status", "token");
  }

  @Override
  public void begin(KubeApiOptions options, int port) {
    Bootstrap.endpoint(objects, options, port);
  }

  @Override
  public void close() {
    server.close();
    client.shutdownNow();
  }
}
