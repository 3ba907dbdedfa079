package dev.patchbay.lab.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Clients of an API server under test, each with what a real one would be given: URL, authority and token. */
final class Clients {
  private Clients() {}

  static KubernetesClient fabric8(KubeApiServer server, String token) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.url())
            .withCaCertData(
                Base64.getEncoder().encodeToString(server.caPem().getBytes(StandardCharsets.US_ASCII)))
            .withOauthToken(token)
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(50)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  static KubernetesClient admin(KubeApiServer server) {
    return fabric8(server, server.adminToken());
  }

  /** Plain HTTP over TLS, for what a client library hides. */
  static final class Raw implements AutoCloseable {
    private final KubeApiServer server;
    private final String token;
    private final HttpClient client;

    Raw(KubeApiServer server, String token) {
      this.server = server;
      this.token = token;
      this.client = HttpClient.newBuilder().sslContext(trusting(server.caPem())).build();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
      return client.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<Stream<String>> lines(String path) throws IOException, InterruptedException {
      return client.send(request(path).GET().build(), BodyHandlers.ofLines());
    }

    HttpResponse<String> send(String method, String path, String contentType, String body)
        throws IOException, InterruptedException {
      HttpRequest request =
          request(path).header("Content-Type", contentType).method(method, BodyPublishers.ofString(body)).build();
      return client.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
      return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  static SSLContext trusting(String caPem) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the test could not trust the lab's authority", e);
    }
  }
}
