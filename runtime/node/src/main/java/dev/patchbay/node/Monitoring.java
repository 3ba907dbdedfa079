package dev.patchbay.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What monitoring asks for: {@code /healthz}, {@code /readyz} and {@code /metrics}, read only. Health is there from the start; figures
 * come when the module that makes them is loaded.
 */
final class Monitoring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final Future<Telemetry.Figures> figures;

  private record Answer(int status, String contentType, byte[] content) {
    static Answer text(int status, String words) {
      return new Answer(status, TEXT, words.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(Health.State state) {
      return new Answer(state.status(), "application/json", JSON.toJson(state.body()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private interface Handler {
    Answer answer(HttpExchange exchange);
  }

  /**
   * Starts to serve.
   *
   * @param figures the figures, when they are there
   */
  Monitoring(InetSocketAddress address, Health health, Future<Telemetry.Figures> figures) throws IOException {
    this.figures = figures;
    server = HttpServer.create(address, 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    serve("/healthz", _ -> Answer.of(health.live()));
    serve("/readyz", _ -> Answer.of(health.ready()));
    serve("/metrics", this::metrics);
    server.start();
  }

  private Answer metrics(HttpExchange exchange) {
    Telemetry.Page page;
    switch (figures.state()) {
      case SUCCESS -> page =
          figures.resultNow().page(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")).orElse(""));
      case RUNNING -> {
        return Answer.text(503, "The module that makes metrics is not loaded yet.\n");
      }
      default -> {
        return Answer.text(503, "There are no metrics: " + figures.exceptionNow().getMessage() + ".\n");
      }
    }
    return new Answer(200, page.contentType(), page.content());
  }

  /** Paths are served exactly: the server itself would serve all that begin so. */
  private void serve(String path, Handler handler) {
    server.createContext(path, exchange -> {
      try (exchange) {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (!head && !exchange.getRequestMethod().equals("GET")) {
          exchange.getResponseHeaders().add("Allow", "GET, HEAD");
          exchange.sendResponseHeaders(405, -1);
          return;
        }
        Answer answer;
        try {
          answer = exchange.getRequestURI().getPath().equals(path) ? handler.answer(exchange)
              : Answer.text(404, "There is nothing at " + exchange.getRequestURI().getPath() + ".\n");
        } catch (RuntimeException e) {
          LOG.warn("{} could not be answered: {}", path, e.toString());
          answer = Answer.text(503, "The daemon could not answer: " + e.getMessage() + "\n");
        }
        exchange.getResponseHeaders().add("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.content().length);
        if (!head) {
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer.content());
          }
        }
      }
    });
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
