package dev.patchbay.cluster;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.spi.Code;
import java.util.Map;

/**
 * Turns what the controller knows into figures for a monitoring system. Provided as a service by a module of the cloud layer, behind
 * which the library stays that writes them.
 */
public interface ControllerTelemetry {
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

    /**
     * EC2 was called. Any thread calls it; it does not block.
     *
     * @param action the action
     * @param answer the answer
     * @param nanos how long it took, in nanoseconds
     */
    void called(String action, CloudAnswer answer, long nanos);
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
    ControllerReport report();

    /**
     * {@return the modes in force, by their versions}
     */
    Map<String, String> modes();

    /**
     * {@return how often findings of each code have appeared since the start}
     */
    Map<Code, Long> appeared();

    /**
     * {@return the version of the controller}
     */
    String version();
  }
}
