package dev.patchbay.lab.kube;

import dev.patchbay.lab.kube.http.Answers;
import dev.patchbay.lab.kube.http.OpenWatches;
import dev.patchbay.lab.kube.model.User;

/** What is behind the listener: the lab's own API server, or the real one. Thread-safe. */
sealed interface Engine extends AutoCloseable permits OwnEngine, RealEngine {
  /** Who answers requests. */
  Answers answers();

  /** The objects. */
  KubeObjects objects();

  /** The watches that run. */
  OpenWatches watches();

  /** Forgets the history: who goes on from an older version gets 410 Gone. */
  void forget();

  /** Makes a token known. */
  void know(String token, User user);

  /** Makes a token for a service account that is there. */
  String serviceAccountToken(String namespace, String name);

  /** Makes a token for the service account of a pod that is there. */
  String podToken(String namespace, String pod);

  /**
   * Told once, when requests are listened for.
   *
   * @param options how it was started
   * @param port where requests are listened for
   */
  void begin(KubeApiOptions options, int port);

  @Override
  void close();
}
