package dev.patchbay.metrics;

import dev.patchbay.node.Telemetry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Makes figures for Prometheus: its text format, or OpenMetrics for who accepts that.
 */
public final class PrometheusTelemetry implements Telemetry {
  /** Made as a service; does nothing yet. */
  public PrometheusTelemetry() {}

  @Override
  public Figures start(Source source) {
    // Not the default registry: what libraries of the process put there is nobody's business.
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new NodeCollector(source));
    registry.register(new ProcessCollector(Path.of("/proc/self")));
    source.listen(new CallMetrics(registry));
    ExpositionFormats formats = ExpositionFormats.init();
    return accept -> page(registry, formats.findWriter(accept));
  }

  private static Page page(PrometheusRegistry registry, ExpositionFormatWriter writer) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try {
      writer.write(content, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(writer.getContentType(), content.toByteArray());
  }
}
