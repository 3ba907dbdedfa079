package dev.patchbay.controller;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a few pages, read only, each at its exact path. */
final class Pages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

  private final HttpServer server;

  /**
   * What one request gets.
   *
   * @param status the status of HTTP
   * @param contentType its type
   * @param content its bytes; handed over
   */
  record Page(int status, String contentType, byte[] content) {
    static Page text(int status, String words) {
      return new Page(status, "text/plain; charset=utf-8", words.getBytes(StandardCharsets.UTF_8));
    }

    static Page json(int status, String json) {
      return new Page(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Starts to serve.
   *
   * @param pages gives each path's page, from the value of the request's header {@code Accept}; may block
   */
  Pages(InetSocketAddress address, Map<String, Function<String, Page>> pages) throws IOException {
    server = HttpServer.create(address, 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    pages.forEach(this::serve);
    server.start();
  }

  private void serve(String path, Function<String, Page> of) {
    server.createContext(path, exchange -> {
      try (exchange) {
        if (!exchange.getRequestMethod().equals("GET")) {
          exchange.getResponseHeaders().add("Allow", "GET");
          exchange.sendResponseHeaders(405, -1);
          return;
        }
        Page page;
        try {
          page = exchange.getRequestURI().getPath().equals(path)
              ? of.apply(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")).orElse(""))
              : Page.text(404, "There is nothing at " + exchange.getRequestURI().getPath() + ".\n");
        } catch (RuntimeException e) {
          LOG.warn("{} could not be answered: {}", path, e.toString());
          page = Page.text(503, "The controller could not answer: " + e.getMessage() + "\n");
        }
        exchange.getResponseHeaders().add("Content-Type", page.contentType());
        exchange.sendResponseHeaders(page.status(), page.content().length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(page.content());
        }
      }
    });
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
