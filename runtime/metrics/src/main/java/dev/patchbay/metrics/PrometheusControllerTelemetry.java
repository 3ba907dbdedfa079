package dev.patchbay.metrics;

import dev.patchbay.cluster.ControllerReport;
import dev.patchbay.cluster.ControllerTelemetry;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.spi.Finding;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;

/**
 * Makes the controller's figures for Prometheus: its text format, or OpenMetrics for who accepts that.
 */
public final class PrometheusControllerTelemetry implements ControllerTelemetry {
  /** Made as a service; does nothing yet. */
  public PrometheusControllerTelemetry() {}

  @Override
  public Figures start(Source source) {
    PrometheusRegistry registry = new PrometheusRegistry();
    MultiCollector state = () -> collect(source);
    registry.register(state);
    registry.register(new ProcessCollector(Path.of("/proc/self")));
    return new Gathered(registry, new Ec2Metrics(registry), ExpositionFormats.init());
  }

  private record Gathered(PrometheusRegistry registry, Ec2Metrics ec2, ExpositionFormats formats) implements Figures {
    @Override
    public Page page(String accept) {
      ExpositionFormatWriter writer = formats.findWriter(accept);
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      try {
        writer.write(content, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Page(writer.getContentType(), content.toByteArray());
    }

    @Override
    public void called(String action, CloudAnswer answer, long nanos) {
      ec2.called(action, answer, nanos);
    }
  }

  private static MetricSnapshots collect(Source source) {
    Snapshots figures = new Snapshots();
    ControllerReport report = source.report();
    figures.add(Family.BUILD, 1, source.version(), Runtime.version().toString());
    source.modes().forEach((mode, version) -> figures.add(Family.MODE, 1, mode, version));
    for (Finding finding : new LinkedHashSet<>(report.findings().values())) {
      String code = String.valueOf(finding.code().number());
      figures.add(Family.FINDINGS, 1, code, finding.code().name());
      finding.value().ifPresent(
          value -> figures.add(Family.FINDING_VALUE, value, code, finding.code().name(), finding.subject().orElse("")));
    }
    source.appeared().forEach((code, times) -> {
      figures.add(Family.FINDINGS_APPEARED, times, String.valueOf(code.number()), code.name());
      // So that a graph of it comes back to 0 when it goes.
      figures.add(Family.FINDINGS, 0, String.valueOf(code.number()), code.name());
    });
    figures.add(Family.CONTROLLER_LEADS, report.leads() ? 1 : 0);
    figures.add(Family.CONTROLLER_TERMS, report.terms());
    figures.add(Family.CONTROLLER_NODES, report.nodes());
    figures.add(Family.CONTROLLER_ENIS, report.leftover(), "leftover");
    figures.add(Family.CONTROLLER_ENIS, report.unproven(), "unproven");
    figures.add(Family.CONTROLLER_ENIS, report.enis() - report.leftover() - report.unproven(), "other");
    figures.add(Family.CONTROLLER_SWEPT, report.swept());
    figures.add(Family.CONTROLLER_MADE, report.made());
    figures.add(Family.CONTROLLER_REMOVED, report.removed());
    figures.add(Family.CONTROLLER_OPEN, report.open());
    figures.add(Family.CONTROLLER_LOOKS, report.looks());
    return figures.all();
  }
}
