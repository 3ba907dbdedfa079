package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The instance's metadata service, version 2: a token first, then texts by path. For any number of threads.
 *
 * <p>On the JDK's plain connections, which the SDK's client loads anyway. Source: EC2 user guide, "Use the Instance Metadata Service to
 * access instance metadata".
 */
final class MetadataService {
  private static final String TOKEN = "X-aws-ec2-metadata-token";
  private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds";
  /** The longest life that a token can be asked for. */
  private static final int LIFE_SECONDS = 21_600;
  private static final int LONGEST_RENEWAL_SECONDS = 300;
  private static final int TRIES = 3;
  /** The service is on the same machine: what takes longer will not come. */
  private static final int REQUEST_MILLIS = 1_000;

  private record Token(String text, long renewAt) {}

  private record Answer(int status, String text, int life) {}

  private final URI endpoint;
  private final Duration limit;
  private final LongSupplier nanos;
  private volatile @Nullable Token token;

  /**
   * Makes it; connects to nothing yet.
   *
   * @param endpoint where the service is
   * @param limit how long one text may take, all tries together
   */
  MetadataService(URI endpoint, Duration limit) {
    this(endpoint, limit, System::nanoTime);
  }

  MetadataService(URI endpoint, Duration limit, LongSupplier nanos) {
    this.endpoint = endpoint;
    this.limit = limit;
    this.nanos = nanos;
  }

  /**
   * Reads a text that must be there.
   *
   * @param path its path below {@code /latest/meta-data/}
   * @return the text
   * @throws CloudException if it is not there or can't be read
   */
  String get(String path) {
    return find(path).orElseThrow(
        () -> new CloudException("instance metadata at " + endpoint + " has no " + path, new IOException("HTTP status 404")));
  }

  /**
   * Reads a text.
   *
   * @param path its path below {@code /latest/meta-data/}
   * @return the text; empty if it is not there
   * @throws CloudException if it can't be read
   */
  Optional<String> find(String path) {
    long until = nanos.getAsLong() + limit.toNanos();
    IOException last = new IOException("no time was left");
    for (int tries = 0; tries < TRIES && nanos.getAsLong() - until < 0; tries++) {
      try {
        Token current = token(until);
        Answer answer = request("GET", "/latest/meta-data/" + path, TOKEN, current.text(), until);
        switch (answer.status()) {
          case 200 -> {
            return Optional.of(answer.text());
          }
          case 404 -> {
            return Optional.empty();
          }
          case 401 -> {
            // The service forgot the token, as after the instance was moved to another host.
            token = null;
            last = new IOException("it refuses the token that it gave (HTTP status 401)");
          }
          default -> last = refusal(answer);
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw new CloudException("instance metadata at " + endpoint + " could not be read: " + words(last), last);
  }

  private Token token(long until) throws IOException {
    Token current = token;
    if (current != null && nanos.getAsLong() - current.renewAt() < 0) {
      return current;
    }
    long now = nanos.getAsLong();
    Answer answer = request("PUT", "/latest/api/token", TTL, String.valueOf(LIFE_SECONDS), until);
    if (answer.status() != 200) {
      throw refusal(answer);
    }
    int life = answer.life() > 0 ? answer.life() : LIFE_SECONDS;
    Token fresh = new Token(answer.text(),
        now + Duration.ofSeconds(life - Math.min(LONGEST_RENEWAL_SECONDS, Math.max(1, life / 10))).toNanos());
    token = fresh;
    return fresh;
  }

  private static IOException refusal(Answer answer) {
    return new IOException(switch (answer.status()) {
      case 403 -> "it is switched off for this instance (HTTP status 403): set the metadata option HttpEndpoint to enabled";
      default -> "it answers with HTTP status " + answer.status();
    });
  }

  private static String words(IOException failure) {
    return failure instanceof java.net.SocketTimeoutException
        ? "no answer within " + REQUEST_MILLIS + " ms; if the daemon is not in the host's network,"
            + " the metadata option HttpPutResponseHopLimit must allow for the way"
        : String.valueOf(failure.getMessage());
  }

  private Answer request(String method, String path, String header, String value, long until) throws IOException {
    int millis = Math.clamp((until - nanos.getAsLong()) / 1_000_000, 1, REQUEST_MILLIS);
    HttpURLConnection connection = (HttpURLConnection) endpoint.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setRequestProperty(header, value);
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    int status = connection.getResponseCode();
    // Read to the end, so that the connection serves again.
    try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Answer(status, text, connection.getHeaderFieldInt(TTL, 0));
    }
  }
}
