package dev.patchbay.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.core.brain.Report;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The state as JSON, for tools on the node: on loopback, read only.
 *
 * <p>{@code /v1/report} is the whole state, {@code /v1/configuration} what is in force and where it came from, {@code /healthz} answers
 * 200 while the brain answers, {@code /readyz} 200 while pods can be served.
 */
final class Introspection implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;

  Introspection(InetSocketAddress address, Supplier<Report> report, Supplier<Object> configuration) throws IOException {
    server = HttpServer.create(address, 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/report", exchange -> answer(exchange, 200, ReportJson.of(report.get())));
    server.createContext("/v1/configuration", exchange -> answer(exchange, 200, configuration.get()));
    server.createContext("/healthz", exchange -> {
      int waiting = report.get().waiting().size();
      answer(exchange, 200, Map.of("status", "ok", "waiting", waiting));
    });
    server.createContext("/readyz", exchange -> {
      Report r = report.get();
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("serving", r.serving());
      answer(exchange, r.serving() ? 200 : 503, body);
    });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] bytes = JSON.toJson(body).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
