package dev.patchbay.metrics;

import dev.patchbay.core.cloud.CloudAnswer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Figures of what was called in EC2. For any thread. */
final class Ec2Metrics {
  private static final double NANOS = 1e9;

  /** From a description near by to the longest that a call may take. */
  private static final double[] SECONDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

  private final Counter calls;
  private final Counter errors;
  private final Counter throttles;
  private final Histogram duration;

  Ec2Metrics(PrometheusRegistry registry) {
    calls = CallMetrics.counter(Family.EC2_CALLS, registry);
    errors = CallMetrics.counter(Family.EC2_ERRORS, registry);
    throttles = CallMetrics.counter(Family.EC2_THROTTLES, registry);
    duration = CallMetrics.histogram(Family.EC2_DURATION, SECONDS, registry);
  }

  void called(String action, CloudAnswer answer, long nanos) {
    calls.labelValues(action).inc();
    duration.labelValues(action).observe(nanos / NANOS);
    if (answer instanceof CloudAnswer.Failed failed) {
      errors.labelValues(action, failed.code()).inc();
      if (failed.kind() == CloudAnswer.Kind.THROTTLED) {
        throttles.labelValues(action).inc();
      }
    }
  }
}
