package dev.patchbay.metrics;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.node.Telemetry;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.spi.Code;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/** Figures of what was called, by container runtimes and in EC2. For any thread. */
final class CallMetrics implements Telemetry.Listener {
  private static final double NANOS = 1e9;

  /** From a DEL of nothing to a pod that waits as long as a pod may be made to wait. */
  private static final double[] CNI_SECONDS =
      {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};

  private final Histogram cniDuration;
  private final Counter cniFailures;
  private final Ec2Metrics ec2;

  CallMetrics(PrometheusRegistry registry) {
    cniDuration = histogram(Family.CNI_DURATION, CNI_SECONDS, registry);
    cniFailures = counter(Family.CNI_FAILURES, registry);
    ec2 = new Ec2Metrics(registry);
    for (CniInput.Verb verb : CniInput.Verb.values()) {
      // So that a rate is there from the first request on.
      cniDuration.initLabelValues(verb.name(), "ok");
      cniDuration.initLabelValues(verb.name(), "failed");
    }
  }

  static Counter counter(Family family, PrometheusRegistry registry) {
    return Counter.builder().name(family.stem()).help(family.help()).labelNames(family.labels().toArray(String[]::new))
        .withoutExemplars().register(registry);
  }

  static Histogram histogram(Family family, double[] bounds, PrometheusRegistry registry) {
    return Histogram.builder().name(family.stem()).help(family.help()).labelNames(family.labels().toArray(String[]::new))
        .classicOnly().classicUpperBounds(bounds).withoutExemplars().register(registry);
  }

  @Override
  public void answered(CniInput.Verb verb, Optional<Code> failure, long nanos) {
    cniDuration.labelValues(verb.name(), failure.isEmpty() ? "ok" : "failed").observe(nanos / NANOS);
    failure.ifPresent(code -> cniFailures.labelValues(verb.name(), String.valueOf(code.number()), code.name()).inc());
  }

  @Override
  public void called(String action, CloudAnswer answer, long nanos) {
    ec2.called(action, answer, nanos);
  }
}
