package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The objects of the real API server, over HTTP as its administrator. Thread-safe. */
final class RemoteObjects implements KubeObjects {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int ATTEMPTS = 100;
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private final URI server;
  private final HttpClient client;
  private final String token;
  private final Map<String, Resource> known = new ConcurrentHashMap<>();

  RemoteObjects(URI server, HttpClient client, String token) {
    this.server = server;
    this.client = client;
    this.token = token;
  }

  /** Where a resource is served. */
  private record Resource(String base, String plural, boolean namespaced) {
    String path(String namespace) {
      return base + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "") + "/" + plural;
    }
  }

  @Override
  public ObjectNode create(ObjectNode object) {
    String apiVersion = Json.text(object, "apiVersion");
    Resource resource = ofKind(apiVersion, Json.text(object, "kind"));
    String namespace = Json.optional(object, "metadata", "namespace").orElse("default");
    return call("POST", resource.path(namespace), "application/json", object);
  }

  @Override
  public ObjectNode create(String json) {
    try {
      return create(Json.parseObject(json));
    } catch (StatusException malformed) {
      throw new KubeApiException(malformed.code(), malformed.reason(), malformed.getMessage(), malformed);
    }
  }

  @Override
  public Optional<ObjectNode> get(String resource, String namespace, String name) {
    try {
      return Optional.of(call("GET", named(resource, namespace, name), "", null));
    } catch (KubeApiException refused) {
      if (refused.code() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  @Override
  public List<ObjectNode> list(String resource, String namespace, String labelSelector) {
    String query = labelSelector.isEmpty() ? "" : "?labelSelector=" + URLEncoder.encode(labelSelector, StandardCharsets.UTF_8);
    return items(call("GET", of(resource).path(namespace) + query, "", null));
  }

  private static List<ObjectNode> items(ObjectNode list) {
    String kind = Json.text(list, "kind").replaceAll("List$", "");
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      if (item instanceof ObjectNode object) {
        // Items of a list don't tell what they are.
        objects.add(object.put("kind", kind).put("apiVersion", Json.text(list, "apiVersion")));
      }
    }
    return objects;
  }

  @Override
  public ObjectNode update(String resource, String namespace, String name, UnaryOperator<ObjectNode> change) {
    return change(named(resource, namespace, name), "", change);
  }

  @Override
  public ObjectNode updateStatus(String resource, String namespace, String name, UnaryOperator<ObjectNode> change) {
    return change(named(resource, namespace, name), "/status", change);
  }

  private ObjectNode change(String path, String subresource, UnaryOperator<ObjectNode> change) {
    for (int attempt = 1; ; attempt++) {
      ObjectNode changed = change.apply(call("GET", path, "", null));
      try {
        return call("PUT", path + subresource, "application/json", changed);
      } catch (KubeApiException refused) {
        if (refused.code() != CONFLICT || attempt == ATTEMPTS) {
          throw refused;
        }
      }
    }
  }

  @Override
  public ObjectNode merge(String resource, String namespace, String name, ObjectNode patch) {
    return call("PATCH", named(resource, namespace, name), "application/merge-patch+json", patch);
  }

  @Override
  public ObjectNode bind(String namespace, String pod, String node) {
    ObjectNode binding = Json.object();
    binding.putObject("metadata").put("name", pod);
    binding.putObject("target").put("kind", "Node").put("name", node);
    post("pods", namespace, pod, "binding", binding);
    return call("GET", named("pods", namespace, pod), "", null);
  }

  @Override
  public void delete(String resource, String namespace, String name) {
    call("DELETE", named(resource, namespace, name), "", null);
  }

  @Override
  public void deleteNow(String resource, String namespace, String name) {
    call("DELETE", named(resource, namespace, name) + "?gracePeriodSeconds=0", "", null);
  }

  /** Asks a subresource to do something. */
  ObjectNode post(String resource, String namespace, String name, String subresource, ObjectNode body) {
    return call("POST", named(resource, namespace, name) + "/" + subresource, "application/json", body);
  }

  /** The version of the last write. */
  long version() {
    ObjectNode list = call("GET", of("namespaces").path("") + "?limit=1", "", null);
    return Long.parseLong(Json.text(list, "metadata", "resourceVersion"));
  }

  @Override
  public AutoCloseable follow(String resource, String namespace, Consumer<KubeChange> receiver) {
    String path = of(resource).path(namespace);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<@Nullable InputStream> open = new AtomicReference<>();
    Thread thread = Thread.ofVirtual().name("kube-follow-" + resource).unstarted(() -> follow(path, receiver, ended, open));
    thread.start();
    return () -> {
      ended.set(true);
      thread.interrupt();
      @Nullable InputStream stream = open.get();
      if (stream != null) {
        stream.close();
      }
    };
  }

  private void follow(
      String path, Consumer<KubeChange> receiver, AtomicBoolean ended, AtomicReference<@Nullable InputStream> open) {
    Map<String, ObjectNode> present = new HashMap<>();
    while (!ended.get()) {
      try {
        ObjectNode list = call("GET", path, "", null);
        tellDifference(present, items(list), receiver);
        watch(path + "?watch=true&resourceVersion=" + Json.text(list, "metadata", "resourceVersion"), present, receiver, open);
      } catch (IOException | UncheckedIOException | KubeApiException broken) {
        // It is away, or has forgotten: list again, but not at once.
        if (!paused()) {
          return;
        }
      }
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(BETWEEN_TRIES);
      return true;
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void tellDifference(Map<String, ObjectNode> present, List<ObjectNode> found, Consumer<KubeChange> receiver) {
    Set<String> there = new HashSet<>();
    for (ObjectNode object : found) {
      there.add(key(object));
      @Nullable ObjectNode before = present.put(key(object), object);
      if (before == null) {
        receiver.accept(new KubeChange(KubeChange.Kind.ADDED, object.deepCopy()));
      } else if (!before.equals(object)) {
        receiver.accept(new KubeChange(KubeChange.Kind.MODIFIED, object.deepCopy()));
      }
    }
    for (Map.Entry<String, ObjectNode> gone : Map.copyOf(present).entrySet()) {
      if (!there.contains(gone.getKey())) {
        present.remove(gone.getKey());
        receiver.accept(new KubeChange(KubeChange.Kind.DELETED, gone.getValue()));
      }
    }
  }

  private static String key(ObjectNode object) {
    return Json.text(object, "metadata", "namespace") + "/" + Json.text(object, "metadata", "name");
  }

  private void watch(
      String path, Map<String, ObjectNode> present, Consumer<KubeChange> receiver, AtomicReference<@Nullable InputStream> open)
      throws IOException {
    HttpResponse<InputStream> response = send(request(path).GET().build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      open.set(body);
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        ObjectNode event = Json.parseObject(line);
        if (!(event.path("object") instanceof ObjectNode object) || Json.text(event, "type").equals("ERROR")) {
          throw new IOException("the watch ended: " + line);
        }
        KubeChange.Kind kind = KubeChange.Kind.valueOf(Json.text(event, "type"));
        if (kind == KubeChange.Kind.DELETED) {
          present.remove(key(object));
        } else {
          present.put(key(object), object);
        }
        receiver.accept(new KubeChange(kind, object.deepCopy()));
      }
    } finally {
      open.set(null);
    }
  }

  private String named(String resource, String namespace, String name) {
    return of(resource).path(namespace) + "/" + name;
  }

  /** A resource by plural and group, in the version that the server prefers. */
  private Resource of(String resource) {
    return known.computeIfAbsent(
        resource,
        wanted -> {
          int dot = wanted.indexOf('.');
          String plural = dot < 0 ? wanted : wanted.substring(0, dot);
          String base = "/api/v1";
          if (dot >= 0) {
            ObjectNode group = call("GET", "/apis/" + wanted.substring(dot + 1), "", null);
            base = "/apis/" + Json.text(group, "preferredVersion", "groupVersion");
          }
          return find(base, "name", plural);
        });
  }

  private Resource ofKind(String apiVersion, String kind) {
    return known.computeIfAbsent(
        apiVersion + " " + kind,
        wanted -> find((apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion, "kind", kind));
  }

  private Resource find(String base, String field, String value) {
    for (JsonNode each : call("GET", base, "", null).path("resources")) {
      if (each.path(field).asText().equals(value) && !each.path("name").asText().contains("/")) {
        return new Resource(base, each.path("name").asText(), each.path("namespaced").asBoolean());
      }
    }
    throw new KubeApiException(
        NOT_FOUND,
        "NotFound",
        "the server could not find the requested resource",
        new IllegalArgumentException(base + " has no " + value));
  }

  private ObjectNode call(String method, String path, String contentType, @Nullable ObjectNode body) {
    HttpRequest.Builder request =
        request(path)
            .timeout(LONGEST)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.bytes(body)));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    HttpResponse<byte[]> response;
    ObjectNode answer;
    try {
      response = send(request.build(), BodyHandlers.ofByteArray());
      answer = Json.parseObject(response.body());
    } catch (IOException failure) {
      throw new UncheckedIOException("the API server does not answer " + method + " " + path + ": " + failure.getMessage(), failure);
    } catch (StatusException noJson) {
      throw new KubeApiException(NOT_FOUND, "NotFound", method + " " + path + " has no answer in JSON", noJson);
    }
    if (response.statusCode() >= 400) {
      throw new KubeApiException(
          response.statusCode(),
          Json.text(answer, "reason"),
          Json.text(answer, "message"),
          new IllegalArgumentException(method + " " + path));
    }
    return answer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token).header("User-Agent", "patchbay-lab");
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
