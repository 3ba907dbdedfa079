package dev.patchbay.cli.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a node's daemon. Never waits longer than its limit, and never takes more than its limit, whoever listens there. */
public final class Daemon {
  /** Looking at the kernel takes a while on a node with many pods that is busy. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final int CONNECT_MILLIS = 3_000;
  private static final int LARGEST = 64 * 1024 * 1024;

  private final InetSocketAddress address;
  private final Duration limit;

  /**
   * Makes it; asks nothing yet.
   *
   * @param address where the daemon's introspection listens
   */
  public Daemon(InetSocketAddress address) {
    this(address, LIMIT);
  }

  Daemon(InetSocketAddress address, Duration limit) {
    this.address = address;
    this.limit = limit;
  }

  /** What came of a question. */
  public sealed interface Answer {
    /**
     * The daemon answered.
     *
     * @param body what
     */
    record Given(Json body) implements Answer {}

    /**
     * The daemon refused.
     *
     * @param status the status of HTTP
     * @param why its words
     */
    record Refused(int status, String why) implements Answer {}

    /**
     * Nobody listens there.
     *
     * @param why what the system said, a sentence
     */
    record Away(String why) implements Answer {}

    /**
     * Whoever listens there is no daemon of Patchbay, or a sick one.
     *
     * @param why what was wrong, a sentence
     */
    record Strange(String why) implements Answer {}
  }

  /**
   * {@return the address, for people}
   */
  public String where() {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /**
   * Asks.
   *
   * @param path path and query
   * @return the answer, whatever it is
   */
  public Answer get(String path) {
    if (address.isUnresolved()) {
      return new Answer.Away("The name " + address.getHostString() + " is not known.");
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    // A thread of its own: who sends a byte a second would pass every limit that a connection has by itself.
    Thread.ofPlatform().daemon().name("daemon-asked").start(() -> {
      try {
        answer.complete(ask(path));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    });
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Answer.Strange("What listens at " + where() + " gave no whole answer within " + limit.toSeconds() + " s.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Strange("Interrupted while waiting for " + where() + ".");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer ask(String path) {
    HttpURLConnection connection;
    try {
      connection = (HttpURLConnection) URI.create("http://" + where() + path).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(Math.toIntExact(limit.toMillis()));
      connection.setInstanceFollowRedirects(false);
      connection.connect();
    } catch (ConnectException e) {
      return new Answer.Away("Nobody listens at " + where() + " (" + words(e) + ").");
    } catch (SocketTimeoutException e) {
      return new Answer.Away("Nobody answers at " + where() + " within " + CONNECT_MILLIS / 1000 + " s.");
    } catch (IOException e) {
      return new Answer.Away(where() + " can't be reached: " + words(e) + ".");
    }
    try {
      int status = connection.getResponseCode();
      if (status < 0) {
        return strange("does not speak HTTP");
      }
      Optional<String> body = body(status < 400 ? connection.getInputStream() : connection.getErrorStream());
      if (body.isEmpty()) {
        return strange("answers with more than " + LARGEST / 1024 / 1024 + " MiB");
      }
      Optional<Json> json = Json.value(body.get());
      if (status == HttpURLConnection.HTTP_OK && json.isPresent()) {
        return new Answer.Given(json.get());
      }
      Optional<String> error = json.flatMap(j -> j.at("error").text());
      return status != HttpURLConnection.HTTP_OK && error.isPresent() ? new Answer.Refused(status, error.get())
          : strange("answers " + path.replaceAll("\\?.*", "") + " with " + (status == HttpURLConnection.HTTP_OK
              ? "what is no JSON" : "HTTP status " + status));
    } catch (IOException | IllegalArgumentException e) {
      return strange("gives no proper answer (" + words(e) + ")");
    } finally {
      connection.disconnect();
    }
  }

  private Answer strange(String what) {
    return new Answer.Strange("What listens at " + where() + " " + what + ".");
  }

  private static Optional<String> body(InputStream in) throws IOException {
    if (in == null) {
      return Optional.of("");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[64 * 1024];
    for (int n = in.read(part); n >= 0; n = in.read(part)) {
      all.write(part, 0, n);
      if (all.size() > LARGEST) {
        return Optional.empty();
      }
    }
    return Optional.of(all.toString(StandardCharsets.UTF_8));
  }

  private static String words(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
