package dev.patchbay.node;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.spi.Code;
import dev.patchbay.store.JournalStatistics;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what the node knows into figures for a monitoring system. Provided as a service by a module of the cloud layer, so that its
 * library does not delay the first answer; the node itself serves the figures, beside its health.
 */
public interface Telemetry {
  /**
   * Starts to gather figures.
   *
   * @param source where they come from
   * @return the figures
   */
  Figures start(Source source);

  /** The figures. For any thread. */
  interface Figures {
    /**
     * Writes them.
     *
     * @param accept the value of the request's header {@code Accept}; empty if it has none
     * @return the figures as they are now, in a format that is accepted
     */
    Page page(String accept);
  }

  /**
   * What one request gets.
   *
   * @param contentType its type, for the header {@code Content-Type}
   * @param content its bytes; handed over
   */
  record Page(String contentType, byte[] content) {}

  /** Where figures come from. For any thread. */
  interface Source {
    /**
     * {@return the state; may block for some seconds}
     */
    Report report();

    /**
     * {@return the parts of the ledger, by name: {@code run} ends with a boot, {@code lib} survives it}
     */
    Map<String, Ledger> ledger();

    /**
     * {@return how often findings of each code have appeared since the start}
     */
    Map<Code, Long> appeared();

    /**
     * {@return how many events the brain has yet to take}
     */
    int backlog();

    /**
     * {@return the version of the node}
     */
    String version();

    /**
     * Names who hears of calls, those included that were over before.
     *
     * @param listener the listener
     */
    void listen(Listener listener);
  }

  /**
   * A part of the ledger.
   *
   * @param entries how many entries it would have if it were written anew
   * @param bytes how many bytes its files have
   * @param written what was written since the start
   */
  record Ledger(int entries, long bytes, JournalStatistics written) {}

  /** Hears of calls when they are over. Any thread calls it; it must not block. */
  interface Listener {
    /**
     * A container runtime was answered.
     *
     * @param verb what it asked for
     * @param failure the code of its error; empty if it got what it asked for
     * @param nanos how long it took in the daemon, in nanoseconds
     */
    void answered(CniInput.Verb verb, Optional<Code> failure, long nanos);

    /**
     * EC2 was called.
     *
     * @param action the action
     * @param answer the answer
     * @param nanos how long it took, in nanoseconds
     */
    void called(String action, CloudAnswer answer, long nanos);
  }
}
