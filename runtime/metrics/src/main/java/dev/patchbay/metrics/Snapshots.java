package dev.patchbay.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of one moment, as they are gathered. Values that have the same labels are added up. Of one thread. */
final class Snapshots {
  private final Map<Family, Map<Labels, Double>> values = new EnumMap<>(Family.class);

  /** Adds to a figure; the values of the labels are in the order of {@link Family#labels()}. */
  void add(Family family, double value, String... labels) {
    if (labels.length != family.labels().size()) {
      throw new IllegalArgumentException(family + " has the labels " + family.labels() + ", not " + List.of(labels));
    }
    values.computeIfAbsent(family, f -> new LinkedHashMap<>())
        .merge(Labels.of(family.labels().toArray(String[]::new), labels), value, Double::sum);
  }

  /** All of them, as the library takes them. */
  MetricSnapshots all() {
    List<MetricSnapshot> all = new ArrayList<>();
    values.forEach((family, points) -> all.add(switch (family.type()) {
      case GAUGE -> gauge(family, points);
      case COUNTER -> counter(family, points);
      case HISTOGRAM -> throw new IllegalStateException(family + " is observed, not gathered");
    }));
    return new MetricSnapshots(all);
  }

  private static MetricSnapshot gauge(Family family, Map<Labels, Double> points) {
    GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(family.stem()).help(family.help());
    points.forEach((labels, value) -> builder.dataPoint(
        GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return builder.build();
  }

  private static MetricSnapshot counter(Family family, Map<Labels, Double> points) {
    CounterSnapshot.Builder builder = CounterSnapshot.builder().name(family.stem()).help(family.help());
    points.forEach((labels, value) -> builder.dataPoint(
        CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return builder.build();
  }
}
