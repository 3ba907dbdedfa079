package dev.patchbay.lab.kube.http;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every request answered: the last of them in full, all of them in counts. Thread-safe. */
public final class RequestLog {
  private final int capacity;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Map<String, Long> counts = new TreeMap<>();

  /**
   * @param capacity how many requests are kept in full
   */
  public RequestLog(int capacity) {
    this.capacity = capacity;
  }

  /**
   * One request.
   *
   * @param time when it came
   * @param user who sent it, empty if nobody known
   * @param verb {@code get}, {@code watch}, ...; the method in lower case for paths that name no resource
   * @param resource {@code pods}, {@code pods/status}, {@code leases.coordination.k8s.io}; or the path
   * @param namespace empty if it is cluster-wide
   * @param name empty if it is about no particular object
   * @param parameters the query, still encoded
   * @param code the answer's HTTP code
   */
  public record Entry(
      Instant time,
      String user,
      String verb,
      String resource,
      String namespace,
      String name,
      String parameters,
      int code) {}

  synchronized void add(Entry entry) {
    entries.addLast(entry);
    if (entries.size() > capacity) {
      entries.removeFirst();
    }
    counts.merge(entry.verb() + " " + entry.resource() + " " + entry.code(), 1L, Long::sum);
  }

  /** The requests kept in full, oldest first. */
  public synchronized List<Entry> entries() {
    return new ArrayList<>(entries);
  }

  /** How many requests there were by {@code "VERB RESOURCE CODE"}. */
  public synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** Forgets all. */
  public synchronized void clear() {
    entries.clear();
    counts.clear();
  }
}
