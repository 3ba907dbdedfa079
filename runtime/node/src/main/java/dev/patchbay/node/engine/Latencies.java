package dev.patchbay.node.engine;

import dev.patchbay.node.cni.CniInput;

/**
 * Hears how long CNI calls took.
 */
@FunctionalInterface
public interface Latencies {
  /**
   * A call is over. Any thread; must not block.
   *
   * @param verb its verb
   * @param well whether it succeeded
   * @param nanos how long it took in the daemon, in nanoseconds
   */
  void took(CniInput.Verb verb, boolean well, long nanos);
}
