package dev.patchbay.it.e2e.operations;

import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.NodeDaemon;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a daemon's metrics say at one moment. That the format is right is tried where it is made, with Prometheus' own parser; here a
 * sample is a line.
 *
 * @param samples the values, by name and labels as they are written: {@code patchbay_attachments{state="live"}}
 */
record MetricsPage(Map<String, Double> samples) {
  /** Copies the map. */
  MetricsPage {
    samples = Map.copyOf(samples);
  }

  /** The metrics of a node's daemon; empty while there are none. */
  static Optional<MetricsPage> of(LabNode node) {
    return node.daemon().getMetrics("/metrics").filter(NodeDaemon.Answer::ok).map(answer -> parse(answer.body()));
  }

  private static MetricsPage parse(String text) {
    Map<String, Double> samples = new HashMap<>();
    text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
      int space = line.lastIndexOf(' ');
      samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
    });
    return new MetricsPage(samples);
  }

  /** A value; empty if there is no such sample. */
  Optional<Double> value(String sample) {
    return Optional.ofNullable(samples.get(sample));
  }

  /** A value; 0 if there is no such sample. */
  double orZero(String sample) {
    return samples.getOrDefault(sample, 0.0);
  }
}
