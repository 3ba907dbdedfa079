package dev.patchbay.node.engine;

import dev.patchbay.node.cni.CniInput;
import dev.patchbay.spi.Code;
import java.util.Optional;

/**
 * Hears how long CNI calls took.
 */
@FunctionalInterface
public interface Latencies {
  /**
   * A call is over. Any thread; must not block.
   *
   * @param verb its verb
   * @param failure the code of its error; empty if it succeeded
   * @param nanos how long it took in the daemon, in nanoseconds
   */
  void took(CniInput.Verb verb, Optional<Code> failure, long nanos);
}
