package dev.patchbay.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.core.brain.Report;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.node.engine.Examination;
import io.avaje.json.mapper.JsonMapper;
import io.avaje.json.stream.JsonStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state as JSON, for tools on the node: on loopback, read only.
 *
 * <p>{@code /v1/report} is the whole state, {@code /v1/configuration} what is in force and where it came from, {@code /v1/kernel/node}
 * and {@code /v1/kernel/attachment?key=} what of the node's own datapath and of an attachment's is in the kernel right now;
 * {@code /v1/audit} is one look at ledger, kernel and EC2, held against the invariants;
 * {@code /healthz} and {@code /readyz} are those of {@link Monitoring}.
 */
final class Introspection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Introspection.class);
  /** What is empty is there all the same: who reads it need not know what could have been. */
  private static final JsonMapper JSON = JsonMapper.builder()
      .jsonStream(JsonStream.builder().serializeEmpty(true).serializeNulls(true).build()).build();

  private static final int LONGEST = 8_000;

  /** Where answers come from. Methods may block, and are called from virtual threads. */
  interface Source {
    /** The node's name in Kubernetes. */
    String name();

    Report report();

    Object configuration();

    /** What of the node's own datapath is in the kernel; empty while it is not known what should be. */
    Optional<Examination> node();

    /** One look from every side, held against the invariants. */
    Object audit();

    /** What of an attachment is in the kernel; empty if there is none of that key. */
    Optional<Examination> attachment(AttachmentKey key);
  }

  private record Answer(int status, Object body) {}

  private interface Handler {
    Answer answer(HttpExchange exchange);
  }

  private final HttpServer server;
  private final Source source;
  private final Instant startedAt = Instant.now();

  Introspection(InetSocketAddress address, Source source, Health health) throws IOException {
    this.source = source;
    server = HttpServer.create(address, 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    serve("/v1/report", _ -> new Answer(200, report()));
    serve("/v1/configuration", _ -> new Answer(200, source.configuration()));
    serve("/v1/kernel/node", _ -> source.node().map(e -> new Answer(200, ExaminationJson.of(e)))
        .orElseGet(() -> error(404, "What the node's datapath should be is not known yet.")));
    serve("/v1/kernel/attachment", this::attachment);
    serve("/v1/audit", _ -> new Answer(200, source.audit()));
    serve("/healthz", _ -> answer(health.live()));
    serve("/readyz", _ -> answer(health.ready()));
    server.start();
  }

  private Map<String, Object> report() {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, Object> daemon = new LinkedHashMap<>();
    daemon.put("pid", ProcessHandle.current().pid());
    daemon.put("since", startedAt.toString());
    json.put("time", Instant.now().toString());
    json.put("name", source.name());
    json.put("daemon", daemon);
    json.putAll(ReportJson.of(source.report()));
    return json;
  }

  private Answer attachment(HttpExchange exchange) {
    Optional<String> text = Arrays.stream(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("").split("&"))
        .filter(p -> p.startsWith("key=")).map(p -> URLDecoder.decode(p.substring(4), StandardCharsets.UTF_8)).findFirst();
    if (text.isEmpty()) {
      return error(400, "Say which attachment: ?key=SANDBOX/INTERFACE.");
    }
    try {
      return source.attachment(AttachmentKey.of(text.get())).map(e -> new Answer(200, ExaminationJson.of(e)))
          .orElseGet(() -> error(404, "There is no attachment " + text.get() + "."));
    } catch (LedgerFormatException e) {
      return error(400, "\"" + text.get() + "\" is no attachment; write SANDBOX/INTERFACE.");
    }
  }

  private static Answer answer(Health.State state) {
    return new Answer(state.status(), state.body());
  }

  private static Answer error(int status, String words) {
    return new Answer(status, Map.of("error", words));
  }

  /** Paths are served exactly: the server itself would serve all that begin so. */
  private void serve(String path, Handler handler) {
    server.createContext(path, exchange -> {
      try (exchange) {
        if (!exchange.getRequestMethod().equals("GET")) {
          exchange.sendResponseHeaders(405, -1);
          return;
        }
        Answer answer;
        try {
          answer = exchange.getRequestURI().getPath().equals(path) ? handler.answer(exchange)
              : error(404, "There is nothing at " + exchange.getRequestURI().getPath() + ".");
        } catch (RuntimeException e) {
          LOG.warn("{} could not be answered: {}", path, e.toString());
          answer = error(503, "The daemon could not answer: " + e.getMessage());
        }
        byte[] bytes = JSON.toJson(bounded(answer.body())).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(bytes);
        }
      }
    });
  }

  /** Callers of the CNI socket name pods as they like, and readers of JSON have limits: what is longer than any name is cut. */
  private static @Nullable Object bounded(@Nullable Object value) {
    return switch (value) {
      case String text when text.length() > LONGEST -> text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
      case List<?> list -> {
        List<@Nullable Object> bounded = new ArrayList<>(list.size());
        list.forEach(item -> bounded.add(bounded(item)));
        yield bounded;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> bounded = new LinkedHashMap<>();
        map.forEach((key, item) -> bounded.put(String.valueOf(key), bounded(item)));
        yield bounded;
      }
      case null, default -> value;
    };
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
