package dev.patchbay.lab.kube;

import dev.patchbay.lab.kube.http.ApiListener;
import dev.patchbay.lab.kube.http.Faults;

/**
 * Makes the API server misbehave. Thread-safe; each fault holds until it is taken back or used up. The same, and more, can be
 * asked of the lab's {@link dev.patchbay.lab.calls.Faults} in its vocabulary, under {@code kube}.
 */
public final class KubeFaults {
  private final ApiListener listener;
  private final Faults faults;
  private final Engine engine;

  KubeFaults(ApiListener listener, Faults faults, Engine engine) {
    this.listener = listener;
    this.faults = faults;
    this.engine = engine;
  }

  /** The API server is away: its connections break and new ones are refused, until {@link #comeBack()}. */
  public void refuseConnections() {
    engine.watches().cut();
    listener.stop();
  }

  /** The API server hangs: it accepts connections and requests and doesn't answer, until {@link #comeBack()}. */
  public void hang() {
    faults.hang();
  }

  /** Ends {@link #refuseConnections()} and {@link #hang()}. */
  public void comeBack() {
    faults.release();
    listener.start();
  }

  /** Breaks the connections of all watches. */
  public void cutWatches() {
    engine.watches().cut();
  }

  /** Forgets the history: who wants to go on from any version seen so far gets 410 Gone. Watches that run go on. */
  public void expireHistory() {
    engine.forget();
  }

  /** Cuts all watches and forgets the history, so that each client must list again. */
  public void cutWatchesAndExpire() {
    engine.forget();
    engine.watches().cut();
  }

  /**
   * Answers the next updates and patches of a resource with 409 Conflict, without doing them.
   *
   * @param resource {@code nodes}, {@code leases.coordination.k8s.io}, {@code pods/status}, ...; empty for all
   * @param times how many of each, updates and patches
   */
  public void conflicts(String resource, int times) {
    faults.refuse("update", resource, 409, times);
    faults.refuse("patch", resource, 409, times);
  }

  /**
   * Answers the next requests with an error, without doing them.
   *
   * @param verb as in {@link KubeRequest#verb()}; empty for all
   * @param resource as in {@link KubeRequest#resource()}; empty for all
   * @param code from 400 to 599; 409, 410 and 429 in Kubernetes' own words
   * @param times how many requests
   */
  public void refuse(String verb, String resource, int code, int times) {
    faults.refuse(verb, resource, code, times);
  }

  /** Takes all faults of this service back. */
  public void clear() {
    faults.clear();
    listener.start();
  }
}
