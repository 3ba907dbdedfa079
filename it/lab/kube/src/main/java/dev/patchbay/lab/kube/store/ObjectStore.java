package dev.patchbay.lab.kube.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All objects, in memory. Every write takes the next value of one counter as its resource version, as etcd does; a
 * resource is named by a string that its versions share. Thread-safe; nothing blocks for long.
 *
 * <p>The store owns the trees that it is given and sets {@code metadata.resourceVersion} in them.
 */
public final class ObjectStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ResourceTable> tables = new HashMap<>();
  private final int window;
  private final Consumer<Written> listener;
  private long version = 1;
  private long compacted;

  /**
   * A write that has been made.
   *
   * @param resource the resource
   * @param change what was written
   */
  public record Written(String resource, Change change) {}

  /**
   * @param window how many changes of each resource are remembered for watches, at least 1
   * @param listener told of each write on the writer's thread, in order, under the store's lock: it must be quick
   */
  public ObjectStore(int window, Consumer<Written> listener) {
    this.window = window;
    this.listener = listener;
  }

  /** The version of the last write. All its changes have been handed to the subscriptions. */
  public long version() {
    return locked(() -> version);
  }

  /** The object under a key. */
  public Optional<StoredObject> get(String resource, ObjectKey key) {
    return locked(() -> Optional.ofNullable(table(resource).objects.get(key)));
  }

  /**
   * Adds an object.
   *
   * @throws StaleException if there is one under the key
   */
  public StoredObject create(String resource, ObjectKey key, ObjectNode content) {
    return locked(
        () -> {
          if (table(resource).objects.containsKey(key)) {
            throw new StaleException(resource, key);
          }
          return write(resource, Change.Kind.ADDED, key, content, Optional.empty());
        });
  }

  /**
   * Changes an object. Content that is the same as before is not written: the version stays, nobody is told.
   *
   * @throws StaleException if {@code before} is no longer the object's state
   */
  public StoredObject replace(String resource, StoredObject before, ObjectNode content) {
    return locked(
        () -> {
          requirePresent(resource, before);
          Json.child(content, "metadata").put("resourceVersion", Long.toString(before.version()));
          if (content.equals(before.content())) {
            return before;
          }
          return write(resource, Change.Kind.MODIFIED, before.key(), content, Optional.of(before));
        });
  }

  /**
   * Removes an object.
   *
   * @param last what readers are told it was at the end
   * @throws StaleException if {@code before} is no longer the object's state
   */
  public StoredObject remove(String resource, StoredObject before, ObjectNode last) {
    return locked(
        () -> {
          requirePresent(resource, before);
          return write(resource, Change.Kind.DELETED, before.key(), last, Optional.of(before));
        });
  }

  /**
   * The objects of a namespace, or of all.
   *
   * @param at the version to go back to; empty for the present
   * @throws ExpiredException if that is no longer remembered
   */
  public Snapshot list(String resource, Optional<String> namespace, OptionalLong at) {
    return locked(
        () -> {
          ResourceTable table = table(resource);
          return at.isPresent()
              ? new Snapshot(at.getAsLong(), List.copyOf(table.at(at.getAsLong(), namespace)))
              : new Snapshot(version, List.copyOf(table.present(namespace)));
        });
  }

  /** Follows a resource from its present state on, which the subscription begins with. */
  public Subscription follow(String resource, Optional<String> namespace) {
    return locked(
        () -> {
          ResourceTable table = table(resource);
          return subscribe(table, new Snapshot(version, List.copyOf(table.present(namespace))), List.of());
        });
  }

  /**
   * Follows a resource from a version on.
   *
   * @throws ExpiredException if the changes since then are no longer all remembered
   */
  public Subscription followSince(String resource, long since) {
    return locked(
        () -> {
          ResourceTable table = table(resource);
          return subscribe(table, new Snapshot(since, List.of()), table.since(since));
        });
  }

  /** Forgets all history, as etcd's compaction does: who goes on from an older version is told that it expired. */
  public void compact() {
    locked(
        () -> {
          // Past the present version, so that every version that anybody has seen is too old.
          version++;
          compacted = version;
          tables.values().forEach(table -> table.forget(compacted));
          return version;
        });
  }

  private Subscription subscribe(ResourceTable table, Snapshot start, List<Change> backlog) {
    Subscription subscription =
        new Subscription(start, closed -> locked(() -> table.subscriptions.remove(closed)));
    backlog.forEach(subscription::offer);
    table.subscriptions.add(subscription);
    return subscription;
  }

  private StoredObject write(
      String resource, Change.Kind kind, ObjectKey key, ObjectNode content, Optional<StoredObject> before) {
    version++;
    Json.child(content, "metadata").put("resourceVersion", Long.toString(version));
    StoredObject after = new StoredObject(key, version, content);
    ResourceTable table = table(resource);
    if (kind == Change.Kind.DELETED) {
      table.objects.remove(key);
    } else {
      table.objects.put(key, after);
    }
    Change change = new Change(kind, version, after, before);
    table.record(change);
    listener.accept(new Written(resource, change));
    return after;
  }

  private void requirePresent(String resource, StoredObject before) {
    StoredObject present = table(resource).objects.get(before.key());
    if (present == null || present.version() != before.version()) {
      throw new StaleException(resource, before.key());
    }
  }

  private ResourceTable table(String resource) {
    return tables.computeIfAbsent(resource, name -> new ResourceTable(window, compacted));
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
