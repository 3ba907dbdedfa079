package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the real API server answer, so that faults strike and calls are written down before it as before the lab's own. Who
 * calls, and what he may do, the real one decides; tokens that the lab has given out for users are put into its words
 * (impersonation by the administrator). Thread-safe.
 */
public final class ForwardedAnswers implements Answers, OpenWatches {
  /** Of one connection, not of the message (RFC 9110, section 7.6.1), or set anew here. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer",
          "transfer-encoding", "upgrade");

  private static final int CHUNK = 64 * 1024;

  private final URI server;
  private final HttpClient client;
  private final String adminToken;
  private final Faults faults;
  private final Map<String, User> given = new ConcurrentHashMap<>();
  private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();
  private final AtomicLong oldest = new AtomicLong();

  /**
   * @param server where the real one is
   * @param client trusts it
   * @param adminToken of somebody who may be anybody there
   */
  public ForwardedAnswers(URI server, HttpClient client, String adminToken, Faults faults) {
    this.server = server;
    this.client = client;
    this.adminToken = adminToken;
    this.faults = faults;
  }

  /** Makes a token known that the real one does not know. */
  public void add(String token, User user) {
    if (!token.equals(adminToken)) {
      given.put(token, user);
    }
  }

  /** From now on, who goes on from an older version gets 410 Gone. */
  public void forgetBefore(long version) {
    oldest.accumulateAndGet(version, Math::max);
  }

  @Override
  public void cut() {
    watches.forEach(
        stream -> {
          try {
            stream.close();
          } catch (IOException closed) {
            // It had ended by itself.
          }
        });
  }

  @Override
  public int count() {
    return watches.size();
  }

  @Override
  public void authenticate(Call call) {
    call.bearer().flatMap(this::user).ifPresent(call::authenticated);
  }

  /** Who calls, for what is written down: nothing depends on it, so a service account's token is believed. */
  private Optional<User> user(String token) {
    if (token.equals(adminToken)) {
      return Optional.of(new User("admin", "", List.of()));
    }
    return Optional.ofNullable(given.get(token)).or(() -> subject(token));
  }

  private static Optional<User> subject(String token) {
    String[] parts = token.split("\\.");
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode claims = Json.parseObject(Base64.getUrlDecoder().decode(parts[1]));
      return Json.optional(claims, "sub").map(name -> new User(name, "", List.of()));
    } catch (IllegalArgumentException | StatusException noToken) {
      return Optional.empty();
    }
  }

  @Override
  public void answer(Call call, Optional<ResourceRequest> request) throws IOException, InterruptedException {
    String verb = request.map(ResourceRequest::verb).orElseGet(() -> call.method().toLowerCase(Locale.ROOT));
    call.struck(faults.strike(verb, request.map(ResourceRequest::resource).orElseGet(call::path), call.user().name()));
    Faults.check(call.strike(), Optional.empty(), request.map(each -> each.path().name()).orElse(""));
    if (isForgotten(call, verb)) {
      return;
    }
    HttpResponse<InputStream> response = client.send(forwarded(call), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (verb.equals("watch") && response.statusCode() == 200) {
        pass(call, response, body);
      } else {
        headers(call, response);
        call.answer(
            response.statusCode(), response.headers().firstValue("Content-Type").orElse("application/json"), body.readAllBytes());
      }
    }
  }

  private HttpRequest forwarded(Call call) throws IOException {
    byte[] body = call.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(call.rawPath() + (call.rawQuery().isEmpty() ? "" : "?" + call.rawQuery())))
            .method(call.method(), body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    Optional<User> known = call.bearer().map(given::get);
    call.exchange()
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              boolean replaced = known.isPresent() && name.equalsIgnoreCase("Authorization");
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)) && !replaced) {
                values.forEach(value -> request.header(name, value));
              }
            });
    known.ifPresent(
        user -> {
          request.header("Authorization", "Bearer " + adminToken).header("Impersonate-User", user.name());
          user.groups().forEach(group -> request.header("Impersonate-Group", group));
        });
    return request.build();
  }

  private static void headers(Call call, HttpResponse<?> response) {
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OF_THE_CONNECTION.contains(lower) && !lower.startsWith(":") && !lower.equals("date")) {
                call.exchange().getResponseHeaders().put(name, List.copyOf(values));
              }
            });
  }

  /** Events as they come. When they break off, whether by the real one's end or by a fault, the caller's connection does. */
  private void pass(Call call, HttpResponse<InputStream> response, InputStream body) throws IOException {
    headers(call, response);
    HttpExchange exchange = call.stream(response.headers().firstValue("Content-Type").orElse("application/json"));
    watches.add(body);
    try {
      OutputStream output = exchange.getResponseBody();
      byte[] chunk = new byte[CHUNK];
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        output.write(chunk, 0, read);
        output.flush();
      }
    } finally {
      watches.remove(body);
    }
    exchange.close();
  }

  /** Refuses what goes on from a version that is to be forgotten, as the real one would if it had forgotten it. */
  private boolean isForgotten(Call call, String verb) throws IOException {
    String version = call.query().text("resourceVersion");
    if (verb.equals("watch") && isOlder(version)) {
      HttpExchange exchange = call.stream("application/json");
      StatusException gone = StatusException.expired("too old resource version: " + version + " (" + oldest.get() + ")");
      ObjectNode event = Json.object().put("type", "ERROR");
      event.set("object", gone.status());
      exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
      exchange.close();
      return true;
    }
    if (verb.equals("list") && isOlder(versionOf(call.query().text("continue")))) {
      throw StatusException.expired(
          "The provided continue parameter is too old to display a consistent list result. You can start a new list without the"
              + " continue parameter.");
    }
    return false;
  }

  private boolean isOlder(String version) {
    return version.matches("[1-9][0-9]{0,17}") && Long.parseLong(version) < oldest.get();
  }

  private static String versionOf(String token) {
    if (token.isEmpty()) {
      return "";
    }
    try {
      return Json.parseObject(Base64.getUrlDecoder().decode(token)).path("rv").asText();
    } catch (IllegalArgumentException | StatusException anothers) {
      return "";
    }
  }
}
