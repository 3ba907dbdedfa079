package dev.patchbay.lab.kube;

import dev.patchbay.lab.kube.http.RequestLog;
import java.util.List;
import java.util.Map;

/** What clients have asked the API server. Thread-safe. */
public final class KubeRequests {
  private final RequestLog log;

  KubeRequests(RequestLog log) {
    this.log = log;
  }

  /** The last requests, oldest first. */
  public List<KubeRequest> recent() {
    return log.entries().stream().map(KubeRequests::request).toList();
  }

  private static KubeRequest request(RequestLog.Entry entry) {
    return new KubeRequest(
        entry.time(),
        entry.user(),
        entry.verb(),
        entry.resource(),
        entry.namespace(),
        entry.name(),
        entry.parameters(),
        entry.code());
  }

  /** How many requests there were since the start or the last {@link #clear()}, by {@code "VERB RESOURCE CODE"}. */
  public Map<String, Long> counts() {
    return log.counts();
  }

  /** Forgets all requests. */
  public void clear() {
    log.clear();
  }
}
