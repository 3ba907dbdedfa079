package dev.patchbay.node;

import dev.patchbay.core.brain.Report;
import dev.patchbay.node.cni.CniInput;
import java.util.Map;

/**
 * Shows figures to a monitoring system. Provided as a service by a module of the cloud layer, so that its library does not delay the
 * first answer.
 */
public interface Telemetry {
  /**
   * Starts to show figures.
   *
   * @param source where the figures come from
   * @return what ends it
   */
  AutoCloseable start(Source source);

  /** Where the figures come from. */
  interface Source {
    /**
     * {@return where to listen}
     */
    java.net.InetSocketAddress address();

    /**
     * {@return the state, at most some seconds old; may block}
     */
    Report report();

    /**
     * {@return how often each EC2 action was called}
     */
    Map<String, Long> cloudCalls();

    /**
     * {@return how often each EC2 action failed, by {@code action code}}
     */
    Map<String, Long> cloudErrors();

    /**
     * {@return entries and bytes written to the ledger since the start, by part ({@code run}, {@code lib})}
     */
    Map<String, long[]> ledger();

    /**
     * Names who hears how long CNI calls took.
     *
     * @param listener the listener
     */
    void latencies(CallListener listener);
  }

  /** Hears how long CNI calls took. */
  @FunctionalInterface
  interface CallListener {
    /**
     * A call is over. Any thread; must not block.
     *
     * @param verb its verb
     * @param well whether it succeeded
     * @param nanos how long it took in the daemon, in nanoseconds
     */
    void took(CniInput.Verb verb, boolean well, long nanos);
  }
}
