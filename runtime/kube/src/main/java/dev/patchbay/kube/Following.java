package dev.patchbay.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the objects of one kind, for ever: all of them are listed, then changes are watched from there on (Kubernetes documentation,
 * "API Concepts", "Efficient detection of changes"). A watch that ends or breaks goes on from the last version; if it can't, the kind
 * is unheard until all objects have been listed again. Runs on a thread of its own, on which the listener is called.
 */
final class Following implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Following.class);

  /** Watches that break sooner, again and again, are no way to hear anything. */
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final int MOST_SHORT_WATCHES = 3;

  private static final Shape LIST = Shape.of("resourceVersion");
  private static final Shape BOOKMARK = Shape.of("metadata.resourceVersion");

  private final ObjectKind kind;
  private final String path;
  private final ApiServer api;
  private final ClusterListener listener;
  private final Weather weather;
  private final Pace pace;
  private final Backoff backoff;
  /** What was told to the listener; read by others, too. */
  private final Map<ObjectRef, ObjectRecord> known = new ConcurrentHashMap<>();
  /** From where on the next list or watch goes: 0 for any version, empty for the newest. */
  private String version = "0";
  private boolean listing;
  private boolean heard;
  private volatile boolean closed;
  private volatile @Nullable HeardStream stream;

  /**
   * Makes it.
   *
   * @param kind the kind
   * @param selector a field selector, empty for all objects
   */
  Following(ObjectKind kind, String selector, ApiServer api, ClusterListener listener, Weather weather, Pace pace) {
    this.kind = kind;
    this.path = Paths.of(kind) + "?" + (selector.isEmpty() ? "" : "fieldSelector=" + Paths.encoded(selector) + "&");
    this.api = api;
    this.listener = listener;
    this.weather = weather;
    this.pace = pace;
    this.backoff = new Backoff(pace);
  }

  ObjectKind kind() {
    return kind;
  }

  /** An object as last seen. */
  Optional<ObjectRecord> known(ObjectRef ref) {
    return Optional.ofNullable(known.get(ref));
  }

  /** The answer that is being read. */
  Optional<HeardStream> stream() {
    return Optional.ofNullable(stream);
  }

  /** Nothing is told to the listener any more. */
  void close() {
    closed = true;
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        try {
          list();
          hear();
          watch();
        } catch (ApiFailure e) {
          pause(e);
        } catch (IOException e) {
          pause(new ApiFailure(ApiFailure.Kind.UNREACHABLE, "an answer breaks off or makes no sense: " + e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
          // A defect of ours, of a library or of the installation: it must not end the hearing of this kind.
          LOG.error("Following {} failed; it begins anew.", kind, e);
          pause(new ApiFailure(ApiFailure.Kind.UNREACHABLE, "its answer can't be worked with: " + e));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Following {} ends.", kind);
    }
  }

  private void hear() {
    backoff.reset();
    weather.fine(who());
    if (!heard && !closed) {
      heard = true;
      listener.heard(kind, true);
    }
  }

  private void pause(ApiFailure failure) throws InterruptedException {
    if (closed) {
      return;
    }
    if (failure.kind() == ApiFailure.Kind.EXPIRED) {
      LOG.debug("Following {} begins anew: {}.", kind, failure.text());
      if (listing) {
        // Whoever lists has not come to our version yet, or never will: what it has by now is the newest there is.
        version = "";
      }
    } else {
      unhear();
      weather.foul(who(), "list and watch " + kind, failure);
    }
    stream = null;
    weather.pause(who(), backoff.next(failure));
  }

  private void unhear() {
    if (heard) {
      heard = false;
      listener.heard(kind, false);
    }
  }

  private String who() {
    return "objects " + kind;
  }

  private void list() throws IOException {
    String from = "resourceVersion=" + version
        + (version.isEmpty() || version.equals("0") ? "" : "&resourceVersionMatch=NotOlderThan");
    listing = true;
    stream = null;
    Set<ObjectRef> there = new HashSet<>();
    String listed = "";
    try (HeardStream body = new HeardStream(api.read(path + from)); JsonParser json = JsonObjects.FACTORY.createParser(body)) {
      stream = body;
      JsonObjects.expect(json, json.nextToken(), JsonToken.START_OBJECT);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        if (name.equals("metadata") && token == JsonToken.START_OBJECT) {
          listed = JsonObjects.object(json, LIST).text("resourceVersion").orElse("");
        } else if (name.equals("items") && token == JsonToken.START_ARRAY) {
          for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
            JsonObjects.expect(json, next, JsonToken.START_OBJECT);
            ObjectRecord object = JsonObjects.record(json, kind);
            there.add(object.ref());
            seen(object);
          }
        } else {
          json.skipChildren();
        }
      }
    }
    if (listed.isEmpty()) {
      throw new IOException("a list without a version");
    }
    version = listed;
    listing = false;
    List<ObjectRef> gone = new ArrayList<>(known.keySet());
    gone.removeAll(there);
    gone.forEach(this::gone);
  }

  private void seen(ObjectRecord object) {
    ObjectRecord before = known.put(object.ref(), object);
    boolean same = before != null && before.uid().equals(object.uid()) && before.resourceVersion().equals(object.resourceVersion());
    if (!same && !closed) {
      listener.seen(object);
    }
  }

  private void gone(ObjectRef ref) {
    if (known.remove(ref) != null && !closed) {
      listener.gone(ref);
    }
  }

  /** Watches until that is no longer possible. */
  private void watch() throws IOException, InterruptedException {
    int brief = 0;
    while (!closed) {
      long millis = pace.watch().toMillis();
      long seconds = Math.max(1, (millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)) / 1000);
      stream = null;
      HeardStream body = new HeardStream(api.read(path + "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds
          + "&resourceVersion=" + version));
      stream = body;
      try (body; JsonParser json = JsonObjects.FACTORY.createParser(body)) {
        for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
          JsonObjects.expect(json, next, JsonToken.START_OBJECT);
          change(json);
          brief = 0;
        }
      } catch (IOException e) {
        LOG.debug("A watch of {} broke: {}", kind, e.toString());
        // At once from the last version: most often it is a replica of the API server that goes away, and another is there.
        if (++brief >= MOST_SHORT_WATCHES) {
          throw e;
        }
      }
      if (body.open() < SHORT.toNanos()) {
        weather.pause(who(), ThreadLocalRandom.current().nextLong(pace.firstPause().toMillis() + 1));
      }
    }
  }

  private void change(JsonParser json) throws IOException {
    String type = "";
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      if (name.equals("type")) {
        type = json.getText();
      } else if (name.equals("object") && token == JsonToken.START_OBJECT) {
        change(json, type);
      } else {
        json.skipChildren();
      }
    }
  }

  private void change(JsonParser json, String type) throws IOException {
    switch (type) {
      case "ADDED", "MODIFIED" -> {
        ObjectRecord object = JsonObjects.record(json, kind);
        version = object.resourceVersion();
        seen(object);
      }
      case "DELETED" -> {
        ObjectRecord object = JsonObjects.record(json, kind);
        version = object.resourceVersion();
        gone(object.ref());
      }
      case "BOOKMARK" -> version =
          JsonObjects.object(json, BOOKMARK).fields("metadata").text("resourceVersion").orElse(version);
      case "ERROR" -> {
        Fields status = JsonObjects.object(json, Shape.WHOLE);
        throw ApiFailure.of((int) status.number("code").orElse(500), status.text("message").orElse("no message"), 0);
      }
      default -> throw new IOException("a change of type \"" + type + "\"");
    }
  }
}
