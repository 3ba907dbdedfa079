package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;

/**
 * Calls webhooks over HTTPS and trusts the authority that their configuration names. A service is called at the address
 * that it resolves to, but must show a certificate for its name {@code NAME.NAMESPACE.svc}. Thread-safe.
 */
final class WebhookCaller {
  private static final int DEFAULT_TIMEOUT_SECONDS = 10;
  private static final int LARGEST_ANSWER = 3 * 1024 * 1024;
  private static final int DNS_NAME = 2;

  private final UnaryOperator<String> services;
  private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();

  WebhookCaller(UnaryOperator<String> services) {
    this.services = services;
  }

  /**
   * Puts a question.
   *
   * @throws IOException if no answer comes, or none of the form that is expected
   */
  JsonNode call(JsonNode webhook, ObjectNode review) throws IOException {
    JsonNode configuration = webhook.path("clientConfig");
    JsonNode service = configuration.path("service");
    String serviceName = Json.text(service, "name") + "." + Json.text(service, "namespace") + ".svc";
    int seconds = webhook.path("timeoutSeconds").asInt(DEFAULT_TIMEOUT_SECONDS);
    URI place = service.isObject() ? serviceUri(service) : uri(Json.text(configuration, "url"));
    URI uri = uri(place + (place.getRawQuery() == null ? "?" : "&") + "timeout=" + seconds + "s");
    if (!(uri.toURL().openConnection() instanceof HttpsURLConnection connection)) {
      throw new IOException("webhooks are called over https, not at " + uri);
    }
    try {
      String bundle = Json.text(configuration, "caBundle");
      if (!bundle.isEmpty()) {
        connection.setSSLSocketFactory(context(bundle).getSocketFactory());
      }
      if (service.isObject()) {
        connection.setHostnameVerifier((address, session) -> isFor(session, serviceName));
      }
      int milliseconds = seconds * 1000;
      connection.setConnectTimeout(milliseconds);
      connection.setReadTimeout(milliseconds);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setRequestProperty("Accept", "application/json");
      connection.setDoOutput(true);
      try (OutputStream output = connection.getOutputStream()) {
        output.write(Json.bytes(review));
      }
      if (connection.getResponseCode() != 200) {
        throw new IOException("Post \"" + uri + "\": the server answered with code " + connection.getResponseCode());
      }
      try (InputStream input = connection.getInputStream()) {
        return Json.parseObject(input.readNBytes(LARGEST_ANSWER));
      }
    } catch (SocketTimeoutException late) {
      throw new IOException("Post \"" + uri + "\": context deadline exceeded", late);
    } catch (IOException e) {
      throw new IOException("Post \"" + uri + "\": " + e.getMessage(), e);
    } finally {
      connection.disconnect();
    }
  }

  private URI serviceUri(JsonNode service) throws IOException {
    int port = service.path("port").asInt(443);
    String place = Json.text(service, "namespace") + "/" + Json.text(service, "name") + ":" + port;
    String address = services.apply(place);
    if (address.isEmpty()) {
      throw new IOException("service \"" + place + "\" has no address that can be called");
    }
    String path = Json.text(service, "path");
    return uri("https://" + address + (path.startsWith("/") || path.isEmpty() ? path : "/" + path));
  }

  private static URI uri(String text) throws IOException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IOException("\"" + text + "\" is no URL: " + e.getMessage(), e);
    }
  }

  private static boolean isFor(SSLSession session, String name) {
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate first && first.getSubjectAlternativeNames() != null) {
          for (List<?> alternative : first.getSubjectAlternativeNames()) {
            if (alternative.get(0).equals(DNS_NAME) && name.equals(alternative.get(1))) {
              return true;
            }
          }
        }
        // Only the first certificate is the server's own.
        return false;
      }
      return false;
    } catch (SSLPeerUnverifiedException | GeneralSecurityException e) {
      return false;
    }
  }

  private SSLContext context(String bundle) throws IOException {
    SSLContext known = contexts.get(bundle);
    if (known != null) {
      return known;
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      byte[] pem = Base64.getMimeDecoder().decode(bundle);
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      contexts.put(bundle, context);
      return context;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("caBundle can't be read: " + e.getMessage(), e);
    }
  }
}
