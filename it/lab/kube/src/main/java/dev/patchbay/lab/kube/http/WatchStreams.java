package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.ListOptions;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.Representation;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.store.Change;
import dev.patchbay.lab.kube.store.ExpiredException;
import dev.patchbay.lab.kube.store.StoredObject;
import dev.patchbay.lab.kube.store.Subscription;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Watches: JSON objects, one to a line, for as long as the client asked (Kubernetes documentation, "API Concepts",
 * "Efficient detection of changes", "Watch bookmarks" and "Streaming lists"). Thread-safe; each stream keeps the thread
 * of its request.
 */
public final class WatchStreams implements OpenWatches {
  /** Without a wish of the client's, a watch ends after this time or up to twice as long, as in the API server. */
  private static final Duration SHORTEST = Duration.ofMinutes(30);

  private static final byte[] NEWLINE = "}\n".getBytes(StandardCharsets.US_ASCII);

  private final ObjectReader reader;
  private final Duration bookmarkPeriod;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();

  /**
   * @param bookmarkPeriod how often a watcher that asked for bookmarks gets one
   */
  public WatchStreams(ObjectReader reader, Duration bookmarkPeriod) {
    this.reader = reader;
    this.bookmarkPeriod = bookmarkPeriod;
  }

  @Override
  public void cut() {
    open.forEach(Stream::cut);
  }

  @Override
  public int count() {
    return open.size();
  }

  /**
   * Serves a watch until it ends.
   *
   * @throws StatusException before the answer has begun, if the request is wrong
   */
  void serve(Call call, Target target, ListOptions options) throws IOException, InterruptedException {
    Query query = call.query();
    boolean bookmarks = query.flag("allowWatchBookmarks");
    boolean initial = query.flag("sendInitialEvents");
    validate(query, options);
    long version = ObjectReader.version(options.resourceVersion());
    long seconds = query.number("timeoutSeconds");
    Duration time =
        seconds > 0
            ? Duration.ofSeconds(seconds)
            : SHORTEST.plusMillis(ThreadLocalRandom.current().nextLong(SHORTEST.toMillis()));
    // Without a version, and from version 0, a watch begins with what there is, too.
    boolean fromNow = query.has("sendInitialEvents") ? initial : version == 0;
    Subscription subscription;
    try {
      reader.requireReached(version);
      subscription =
          fromNow ? reader.follow(target) : reader.followSince(target, version == 0 ? reader.version() : version);
    } catch (ExpiredException e) {
      refuse(call, StatusException.expired(e.getMessage()));
      return;
    } catch (StatusException e) {
      refuse(call, e);
      return;
    }
    try (subscription) {
      Stream stream = new Stream(call.stream(), subscription, target, options.matches(), bookmarks);
      open.add(stream);
      try {
        stream.run(initial, System.nanoTime() + time.toNanos());
      } finally {
        open.remove(stream);
      }
    }
  }

  /** What is wrong with the version is said within the stream, as the API server's watch cache does. */
  private static void refuse(Call call, StatusException failure) throws IOException {
    HttpExchange exchange = call.stream();
    write(exchange.getResponseBody(), "ERROR", Json.bytes(failure.status()));
    exchange.close();
  }

  private static void validate(Query query, ListOptions options) {
    boolean initial = query.has("sendInitialEvents");
    String match = options.versionMatch();
    if (initial && !match.equals("NotOlderThan")) {
      throw invalid(
          "resourceVersionMatch",
          match.isEmpty()
              ? "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
              : "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, not " + match);
    }
    if (!initial && !match.isEmpty()) {
      throw invalid(
          "resourceVersionMatch",
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
  }

  private static StatusException invalid(String field, String why) {
    return StatusException.invalid(
        "meta.k8s.io", "ListOptions", "", List.of(Cause.forbidden(field, why)));
  }

  private static void write(OutputStream output, String type, byte[] object) throws IOException {
    output.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
    output.write(object);
    output.write(NEWLINE);
    output.flush();
  }

  /** Ends a request so that its connection is dropped. */
  static final class WatchCutException extends IOException {
    private static final long serialVersionUID = 1L;

    WatchCutException() {
      super("the watch was cut on purpose");
    }
  }

  private final class Stream {
    private final HttpExchange exchange;
    private final Subscription subscription;
    private final Target target;
    private final Predicate<JsonNode> wanted;
    private final boolean bookmarks;
    private volatile boolean cut;

    Stream(
        HttpExchange exchange,
        Subscription subscription,
        Target target,
        Predicate<JsonNode> wanted,
        boolean bookmarks) {
      this.exchange = exchange;
      this.subscription = subscription;
      this.target = target;
      this.wanted = wanted;
      this.bookmarks = bookmarks;
    }

    void cut() {
      cut = true;
      subscription.end();
    }

    void run(boolean announceEnd, long deadline) throws IOException, InterruptedException {
      for (StoredObject object : subscription.start().objects()) {
        if (isWanted(object)) {
          send("ADDED", object);
        }
      }
      if (announceEnd && bookmarks) {
        bookmark(subscription.start().version(), true);
      }
      long nextBookmark = System.nanoTime() + bookmarkPeriod.toNanos();
      while (!subscription.ended()) {
        long now = System.nanoTime();
        if (now >= deadline) {
          break;
        }
        if (bookmarks && now >= nextBookmark) {
          nextBookmark = now + bookmarkPeriod.toNanos();
          // Read before looking at the queue: what it counts has been queued by then.
          long version = reader.version();
          if (subscription.drained()) {
            bookmark(version, false);
          }
        }
        long until = bookmarks ? Math.min(deadline, nextBookmark) : deadline;
        Optional<Change> change = subscription.next(Duration.ofNanos(until - now));
        if (change.isPresent()) {
          tell(change.get());
        }
      }
      if (cut) {
        // The server drops the connection of a handler that fails so: the client sees it break, without a last chunk.
        throw new WatchCutException();
      }
      exchange.close();
    }

    private void tell(Change change) throws IOException {
      if (!isInNamespace(change.object())) {
        return;
      }
      boolean before = change.previous().filter(this::isWanted).isPresent();
      boolean after = change.kind() != Change.Kind.DELETED && isWanted(change.object());
      if (before && after) {
        send("MODIFIED", change.object());
      } else if (after) {
        send("ADDED", change.object());
      } else if (before && change.kind() == Change.Kind.DELETED) {
        send("DELETED", change.object());
      } else if (before) {
        // It no longer is what the selectors ask for: its last state that was, with the version of the change.
        ObjectNode last = Representation.copy(change.previous().orElseThrow(), target.type());
        Json.child(last, "metadata").put("resourceVersion", Long.toString(change.version()));
        write(exchange.getResponseBody(), "DELETED", Json.bytes(last));
      }
    }

    private boolean isWanted(StoredObject object) {
      return isInNamespace(object) && wanted.test(Representation.of(object, target.type()));
    }

    private boolean isInNamespace(StoredObject object) {
      return target.namespace().isEmpty() || object.key().namespace().equals(target.namespace());
    }

    private void send(String event, StoredObject object) throws IOException {
      write(exchange.getResponseBody(), event, Representation.bytes(object, target.type()));
    }

    private void bookmark(long version, boolean endOfInitial) throws IOException {
      ResourceType type = target.type();
      ObjectNode object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
      ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
      metadata.putNull("creationTimestamp");
      if (endOfInitial) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      write(exchange.getResponseBody(), "BOOKMARK", Json.bytes(object));
    }
  }
}
