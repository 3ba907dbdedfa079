package dev.patchbay.kube;

import dev.patchbay.spi.Fields;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API server. Blocks; for any number of threads. After a request that nobody answered in time, the next one goes over a
 * connection of its own: one that is dead without knowing it would take the others with it.
 */
final class ApiServer implements AutoCloseable {
  private static final int MOST_OF_AN_ERROR = 16_384;

  private final Optional<Path> kubeconfig;
  private final Duration limit;
  private @Nullable Connection connection;
  private boolean closed;

  /**
   * Makes it. Nothing is connected yet.
   *
   * @param kubeconfig the client's configuration file; empty for that of the pod that the process runs in
   * @param limit how long an answer may take
   */
  ApiServer(Optional<Path> kubeconfig, Duration limit) {
    this.kubeconfig = kubeconfig;
    this.limit = limit;
  }

  /**
   * Reads something; the caller closes what is returned. The limit holds until the answer begins.
   *
   * @throws ApiFailure if it is refused or nobody answers
   */
  InputStream read(String path) {
    return send("GET", path, "", Optional.empty()).response().body();
  }

  /**
   * Reads an object, or as much of it as is wanted.
   *
   * @throws ApiFailure if it is refused or nobody answers
   */
  Fields get(String path, Shape shape) {
    return ask("GET", path, "", Optional.empty(), shape);
  }

  /**
   * Makes or changes something, and returns what it is then.
   *
   * @throws ApiFailure if it is refused or nobody answers; it may have been done then
   */
  Fields write(String method, String path, String contentType, Fields content) {
    return ask(method, path, contentType, Optional.of(content), Shape.WHOLE);
  }

  private Fields ask(String method, String path, String contentType, Optional<Fields> content, Shape shape) {
    Exchange exchange = send(method, path, contentType, content.map(JsonText::of));
    // The limit for the answer's beginning is over by now; this one is for its end.
    CompletableFuture<?> guard = CompletableFuture.runAsync(() -> abandon(exchange.over()),
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
    try (InputStream body = exchange.response().body()) {
      return JsonObjects.read(body, shape);
    } catch (IOException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the answer breaks off or makes no sense: " + e.getMessage());
    } finally {
      guard.cancel(false);
    }
  }

  private record Exchange(Connection over, HttpResponse<InputStream> response) {}

  private Exchange send(String method, String path, String contentType, Optional<String> content) {
    Connection over = connection();
    HttpRequest.Builder request =
        over.client().newHttpRequestBuilder().uri(over.url() + path).header("Accept", "application/json");
    content.ifPresent(body -> request.method(method, contentType, body));
    CompletableFuture<HttpResponse<InputStream>> answer;
    try {
      answer = over.client().sendAsync(request.build(), InputStream.class);
    } catch (IllegalStateException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the connection to " + over.url() + " was given up");
    }
    HttpResponse<InputStream> response;
    try {
      response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      abandon(over);
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, over.url() + " does not answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof javax.net.ssl.SSLException) {
        // The authority may be another by now, and the file says so.
        abandon(over);
      }
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, over.url() + " can't be reached: " + words(e.getCause()));
    } catch (CancellationException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, over.url() + " can't be reached: the request was given up");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the client ends");
    }
    if (!response.isSuccessful()) {
      throw failure(response);
    }
    return new Exchange(over, response);
  }

  private static String words(@Nullable Throwable thrown) {
    Throwable why = thrown;
    while (why != null && why.getMessage() == null && why.getCause() != null) {
      why = why.getCause();
    }
    // A refused connection has no words of its own in the JDK's client.
    return why == null ? "no reason is given"
        : why.getMessage() == null ? why.getClass().getSimpleName() : String.valueOf(why.getMessage());
  }

  private static ApiFailure failure(HttpResponse<InputStream> response) {
    String text;
    try (InputStream body = response.body()) {
      text = JsonObjects.message(body.readNBytes(MOST_OF_AN_ERROR));
    } catch (IOException e) {
      text = response.message();
    }
    long after = 0;
    String header = response.header("Retry-After");
    if (header != null && header.matches("[0-9]{1,6}")) {
      after = Long.parseLong(header) * 1000;
    }
    return ApiFailure.of(response.code(), text, after);
  }

  private synchronized Connection connection() {
    if (closed) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the client is closed");
    }
    Connection there = connection;
    if (there == null) {
      there = Connection.open(kubeconfig);
      connection = there;
    }
    return there;
  }

  /** Ends what goes on now; what is asked next goes over a new connection, made as the configuration says by then. */
  void renew() {
    Connection there;
    synchronized (this) {
      there = connection;
    }
    if (there != null) {
      abandon(there);
    }
  }

  private void abandon(Connection old) {
    synchronized (this) {
      if (connection == old) {
        connection = null;
      }
    }
    old.close();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    renew();
  }
}
