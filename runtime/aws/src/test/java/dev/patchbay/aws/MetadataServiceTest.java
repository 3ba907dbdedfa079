package dev.patchbay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.core.cloud.CloudException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens and tries, against a service that is told how to misbehave. */
class MetadataServiceTest {
  private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds";

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private volatile int life = 21_600;
  private volatile int failure = 500;
  private final HttpServer server = serve();
  private final MetadataService service = new MetadataService(
      URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Duration.ofMinutes(1), now::get);

  private HttpServer serve() {
    try {
      HttpServer serving = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serving.createContext("/", this::answer);
      serving.start();
      return serving;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("no free port on the loopback interface", e);
    }
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        if (failure > 0) {
          exchange.sendResponseHeaders(failure, -1);
        }
        return;
      }
      if (exchange.getRequestMethod().equals("PUT")) {
        assertThat(exchange.getRequestHeaders().getFirst(TTL)).isEqualTo("21600");
        exchange.getResponseHeaders().set(TTL, String.valueOf(life));
        send(exchange, 200, "token-" + tokens.incrementAndGet());
      } else if (!("token-" + tokens.get()).equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
        send(exchange, 401, "<html>401 - Unauthorized</html>");
      } else if (exchange.getRequestURI().getPath().endsWith("/none")) {
        send(exchange, 404, "<html>404 - Not Found</html>");
      } else {
        send(exchange, 200, exchange.getRequestURI().getPath());
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private long tokensAsked() {
    return seen.stream().filter(s -> s.startsWith("PUT")).count();
  }

  @Test
  void textsAreReadWithOneToken() {
    assertThat(service.get("instance-id")).isEqualTo("/latest/meta-data/instance-id");
    assertThat(service.find("none")).isEmpty();
    assertThatThrownBy(() -> service.get("none")).isInstanceOf(CloudException.class).hasMessageContaining("has no none");
    assertThat(tokensAsked()).isEqualTo(1);
    assertThat(seen).hasSize(4);
  }

  @Test
  void aTokenIsRenewedBeforeItExpires() {
    service.get("a");
    now.addAndGet(Duration.ofSeconds(21_600 - 301).toNanos());
    service.get("b");
    assertThat(tokensAsked()).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    service.get("c");
    assertThat(tokensAsked()).isEqualTo(2);
    assertThat(seen).hasSize(5);
  }

  @Test
  void theServiceMayShortenATokensLife() {
    life = 10;
    service.get("a");
    now.addAndGet(Duration.ofMillis(8_500).toNanos());
    service.get("b");
    assertThat(tokensAsked()).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    service.get("c");
    assertThat(tokensAsked()).isEqualTo(2);
  }

  @Test
  void aRefusedTokenIsReplaced() {
    service.get("a");
    tokens.incrementAndGet();
    assertThat(service.get("b")).isEqualTo("/latest/meta-data/b");
    assertThat(seen).containsExactly("PUT /latest/api/token", "GET /latest/meta-data/a", "GET /latest/meta-data/b",
        "PUT /latest/api/token", "GET /latest/meta-data/b");
  }

  @Test
  void whatFailsTwiceIsTriedAThirdTime() {
    service.get("a");
    for (int status : new int[] {500, 503, 429, 401}) {
      failure = status;
      failures.set(2);
      assertThat(service.get("b")).as("status %d", status).isEqualTo("/latest/meta-data/b");
    }
    failure = 503;
    failures.set(100);
    seen.clear();
    assertThatThrownBy(() -> service.get("b")).isInstanceOf(CloudException.class).hasMessageContaining("HTTP status 503");
    assertThat(seen).hasSize(3);
  }

  @Test
  void connectionsThatAreCutAreTriedAgain() {
    failure = 0;
    failures.set(2);
    assertThat(service.get("a")).isEqualTo("/latest/meta-data/a");
    failures.set(100);
    assertThatThrownBy(() -> service.get("a")).isInstanceOf(CloudException.class).hasMessageContaining("could not be read");
  }

  @Test
  void aServiceThatIsSilentIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      MetadataService asked =
          new MetadataService(URI.create("http://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(1_200));
      long start = System.nanoTime();
      assertThatThrownBy(() -> asked.get("a")).isInstanceOf(CloudException.class)
          .hasMessageContaining("HttpPutResponseHopLimit");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(1_000));
    }
  }
}
