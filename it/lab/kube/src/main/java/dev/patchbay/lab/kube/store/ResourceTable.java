package dev.patchbay.lab.kube.store;

import dev.patchbay.lab.kube.model.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The objects, history and readers of one resource. Guarded by the store's lock. */
final class ResourceTable {
  final TreeMap<ObjectKey, StoredObject> objects = new TreeMap<>();
  final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final ArrayDeque<Change> history = new ArrayDeque<>();
  private final int window;
  private long horizon;

  /**
   * @param window how many changes are remembered
   * @param version the store's version at which the table begins
   */
  ResourceTable(int window, long version) {
    this.window = window;
    this.horizon = version;
  }

  void record(Change change) {
    history.addLast(change);
    if (history.size() > window) {
      horizon = history.removeFirst().version();
    }
    // A subscription that overflows ends itself; it leaves the set when its reader closes it.
    subscriptions.forEach(each -> each.offer(change));
  }

  void forget(long version) {
    history.clear();
    horizon = version;
  }

  /** The changes after a version. */
  List<Change> since(long version) {
    requireRemembered(version);
    List<Change> changes = new ArrayList<>();
    for (Iterator<Change> newestFirst = history.descendingIterator(); newestFirst.hasNext(); ) {
      Change change = newestFirst.next();
      if (change.version() <= version) {
        break;
      }
      changes.add(change);
    }
    return changes.reversed();
  }

  /** The objects of a namespace, or of all, as they are. */
  Collection<StoredObject> present(Optional<String> namespace) {
    return of(objects, namespace);
  }

  /** The objects of a namespace, or of all, as they were at a version: the present with later changes undone. */
  Collection<StoredObject> at(long version, Optional<String> namespace) {
    List<Change> later = since(version);
    if (later.isEmpty()) {
      return present(namespace);
    }
    TreeMap<ObjectKey, StoredObject> then = new TreeMap<>(objects);
    for (Change change : later.reversed()) {
      ObjectKey key = change.object().key();
      change.previous().ifPresentOrElse(before -> then.put(key, before), () -> then.remove(key));
    }
    return of(then, namespace);
  }

  private void requireRemembered(long version) {
    if (version < horizon) {
      throw new ExpiredException(version, horizon);
    }
  }

  private static Collection<StoredObject> of(
      NavigableMap<ObjectKey, StoredObject> objects, Optional<String> namespace) {
    return namespace
        .map(name -> objects.subMap(new ObjectKey(name, ""), true, new ObjectKey(name + "\0", ""), false))
        .orElse(objects)
        .values();
  }
}
