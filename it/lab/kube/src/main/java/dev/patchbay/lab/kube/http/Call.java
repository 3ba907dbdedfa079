package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.patchbay.lab.calls.Faults.Strike;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.protobuf.ProtobufObjects;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** One request and its answer. Used by one thread. */
final class Call {
  /** What the API server takes of one request (k8s.io/apiserver, MaxRequestBodyBytes). */
  private static final int LARGEST_BODY = 3 * 1024 * 1024;

  private static final long LARGEST_DRAINED = 64L * 1024 * 1024;

  private final HttpExchange exchange;
  private final Query query;
  private User user = User.ANONYMOUS;
  private Consumer<Call> beforeAnswer = call -> {};
  private Optional<Strike> strike = Optional.empty();
  private int code;

  Call(HttpExchange exchange) {
    this.exchange = exchange;
    String raw = exchange.getRequestURI().getRawQuery();
    this.query = new Query(raw == null ? "" : raw);
  }

  HttpExchange exchange() {
    return exchange;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  String path() {
    return exchange.getRequestURI().getPath();
  }

  String rawPath() {
    return exchange.getRequestURI().getRawPath();
  }

  String rawQuery() {
    String raw = exchange.getRequestURI().getRawQuery();
    return raw == null ? "" : raw;
  }

  Query query() {
    return query;
  }

  User user() {
    return user;
  }

  void authenticated(User known) {
    user = known;
  }

  /** The fault that strikes it. */
  Optional<Strike> strike() {
    return strike;
  }

  void struck(Optional<Strike> fault) {
    strike = fault;
  }

  /** Has somebody told before the client is, so that who has the answer finds the request in the log. */
  void beforeAnswer(Consumer<Call> listener) {
    beforeAnswer = listener;
  }

  /** The answer's code, 0 while there is none. */
  int code() {
    return code;
  }

  String header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  List<String> headers(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().get(name)).orElse(List.of());
  }

  /** The content type without parameters, in lower case. */
  String contentType() {
    return header("Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The bearer token, if there is one. */
  Optional<String> bearer() {
    String header = header("Authorization");
    return header.regionMatches(true, 0, "Bearer ", 0, 7) ? Optional.of(header.substring(7).strip()) : Optional.empty();
  }

  AccessRequest pathAccess() {
    return AccessRequest.path(method().toLowerCase(Locale.ROOT), path());
  }

  /** Whether the client says that there is a body. */
  boolean hasBody() {
    String length = header("Content-Length");
    return length.isEmpty() ? !header("Transfer-Encoding").isEmpty() : !length.equals("0");
  }

  /** The body. */
  byte[] body() throws IOException {
    try (InputStream input = exchange.getRequestBody()) {
      byte[] body = input.readNBytes(LARGEST_BODY + 1);
      if (body.length > LARGEST_BODY) {
        // Read to its end, within reason: a client that is still sending when the connection closes sees no answer.
        byte[] rest = new byte[64 * 1024];
        long left = LARGEST_DRAINED;
        for (int read = 0; read >= 0 && left > 0; left -= read) {
          read = input.read(rest);
        }
        throw StatusException.tooLarge(LARGEST_BODY);
      }
      return body;
    }
  }

  /**
   * The object in the body.
   *
   * @throws StatusException 415 for a content type that is not read here
   */
  ObjectNode object() throws IOException {
    byte[] body = body();
    return switch (contentType()) {
      case "", "application/json" -> Json.parseObject(body);
      case ProtobufObjects.CONTENT_TYPE -> ProtobufObjects.parse(body);
      default -> throw StatusException.unsupportedMediaType("application/json");
    };
  }

  void answer(int answer, JsonNode json) throws IOException {
    answer(answer, Json.bytes(json));
  }

  void answer(int answer, byte[] json) throws IOException {
    answer(answer, "application/json", json);
  }

  void answer(int answer, String contentType, byte[] content) throws IOException {
    begin(answer, contentType, content.length);
    if (!method().equals("HEAD")) {
      exchange.getResponseBody().write(content);
    }
    exchange.close();
  }

  /** Begins an answer of unknown length; the caller writes it to the exchange's body. */
  HttpExchange stream() throws IOException {
    return stream("application/json");
  }

  HttpExchange stream(String contentType) throws IOException {
    code = 200;
    beforeAnswer.accept(this);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    return exchange;
  }

  private void begin(int answer, String contentType, int length) throws IOException {
    code = answer;
    beforeAnswer.accept(this);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
    exchange.sendResponseHeaders(answer, length == 0 || method().equals("HEAD") ? -1 : length);
  }

  void retryAfter(int seconds) {
    exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
  }
}
