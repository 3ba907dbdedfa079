/**
 * Metrics of Prometheus, from what the node knows. Lives in the cloud layer, above the one that serves pods, so that pods are answered
 * while its library still loads.
 */
module dev.patchbay.metrics {
  requires dev.patchbay.cluster;
  requires dev.patchbay.core;
  requires dev.patchbay.node;
  requires io.prometheus.metrics.config;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.management;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  provides dev.patchbay.cluster.ControllerTelemetry with dev.patchbay.metrics.PrometheusControllerTelemetry;
  provides dev.patchbay.node.Telemetry with dev.patchbay.metrics.PrometheusTelemetry;
}
