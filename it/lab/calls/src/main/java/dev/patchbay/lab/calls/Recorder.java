package dev.patchbay.lab.calls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps every call of the lab's services, the last 100,000 of them, and counts them. Thread-safe. */
public final class Recorder {
  private static final int KEPT = 100_000;

  /**
   * One call.
   *
   * @param time when it came
   * @param took how long it took to be answered, or not to be
   * @param service {@code ec2}, {@code imds} or {@code kube}
   * @param caller who called; empty if that could not be told
   * @param action the EC2 action, the method and path, or the verb and resource
   * @param parameters all parameters as they came
   * @param outcome {@code ok}, {@code lost} (applied, and not answered), {@code cut} (not applied, and not answered), or the
   *     error's code
   * @param fault the fault that struck it, in its text form; empty if none did
   */
  public record Call(
      Instant time,
      Duration took,
      String service,
      String caller,
      String action,
      Map<String, String> parameters,
      String outcome,
      String fault) {
    /** Copies the map; its order is kept. */
    public Call {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  private final Deque<Call> calls = new ArrayDeque<>();
  private final Map<Tally.Kind, Integer> counts = new TreeMap<>();
  private final List<Consumer<Call>> followers = new CopyOnWriteArrayList<>();

  /** Has no calls yet. */
  public Recorder() {}

  /** Calls somebody for each call from now on, on the thread that served it. */
  public void follow(Consumer<Call> follower) {
    followers.add(follower);
  }

  /** Calls that one no more. */
  public void unfollow(Consumer<Call> follower) {
    followers.remove(follower);
  }

  /** The calls kept, oldest first. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Calls by action since the start, or since {@link #clear}. */
  public Map<String, Integer> counts() {
    return tally().byAction();
  }

  /** Calls by service, action and outcome since the start, or since {@link #clear}. */
  public synchronized Tally tally() {
    return new Tally(counts);
  }

  /** Forgets all. */
  public synchronized void clear() {
    calls.clear();
    counts.clear();
  }

  /** Takes down a call; for the services. */
  public void record(Call call) {
    synchronized (this) {
      calls.addLast(call);
      if (calls.size() > KEPT) {
        calls.removeFirst();
      }
      counts.merge(new Tally.Kind(call.service(), call.action(), call.outcome()), 1, Integer::sum);
    }
    followers.forEach(follower -> follower.accept(call));
  }
}
