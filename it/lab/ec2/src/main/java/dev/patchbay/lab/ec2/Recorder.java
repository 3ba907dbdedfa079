package dev.patchbay.lab.ec2;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps every call, the last 100,000 of them, and counts them by action. Thread-safe. */
public final class Recorder {
  private static final int KEPT = 100_000;

  /**
   * One call.
   *
   * @param time when it came
   * @param service {@code ec2} or {@code imds}
   * @param caller who called; empty if that could not be told
   * @param action the EC2 action, or the method and path
   * @param parameters all parameters as they came
   * @param outcome {@code ok}, {@code lost} (applied, and not answered) or the error's code
   */
  public record Call(
      Instant time, String service, String caller, String action, Map<String, String> parameters, String outcome) {}

  private final Deque<Call> calls = new ArrayDeque<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<Consumer<Call>> followers = new CopyOnWriteArrayList<>();

  Recorder() {}

  /** Calls somebody for each call from now on, on the thread that served it. */
  public void follow(Consumer<Call> follower) {
    followers.add(follower);
  }

  /** The calls kept, oldest first. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Calls by action since the start, or since {@link #clear}. */
  public synchronized Map<String, Integer> counts() {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }

  /** Forgets all. */
  public synchronized void clear() {
    calls.clear();
    counts.clear();
  }

  void record(Call call) {
    synchronized (this) {
      calls.addLast(call);
      if (calls.size() > KEPT) {
        calls.removeFirst();
      }
      counts.merge(call.action(), 1, Integer::sum);
    }
    followers.forEach(follower -> follower.accept(call));
  }
}
