package dev.patchbay.metrics;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.node.Telemetry;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashSet;
import java.util.Locale;

/** Figures of the node's state, from one report for each request, so that they fit together. For any thread. */
final class NodeCollector implements MultiCollector {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final Telemetry.Source source;

  NodeCollector(Telemetry.Source source) {
    this.source = source;
  }

  @Override
  public MetricSnapshots collect() {
    Snapshots figures = new Snapshots();
    Report report = source.report();
    figures.add(Family.BUILD, 1, source.version(), Runtime.version().toString());
    modes(report, figures);
    findings(report, figures);
    pods(report, figures);
    addresses(report, figures);
    report.facts().ifPresent(facts -> interfaces(report, facts, figures));
    ledger(figures);
    figures.add(Family.EC2_OPERATION, report.operation().isPresent() ? 1 : 0);
    figures.add(Family.BACKLOG, source.backlog());
    return figures.all();
  }

  private static void modes(Report report, Snapshots figures) {
    figures.add(Family.SERVING, report.serving() ? 1 : 0);
    for (String mode : report.modes()) {
      int at = mode.lastIndexOf('@');
      figures.add(Family.MODE, 1, at < 0 ? mode : mode.substring(0, at), at < 0 ? "" : mode.substring(at + 1));
    }
  }

  private void findings(Report report, Snapshots figures) {
    // One finding may stand for several things that wait for its end.
    for (Finding finding : new LinkedHashSet<>(report.findings())) {
      String code = String.valueOf(finding.code().number());
      figures.add(Family.FINDINGS, 1, code, finding.code().name());
      finding.value().ifPresent(
          value -> figures.add(Family.FINDING_VALUE, value, code, finding.code().name(), finding.subject().orElse("")));
    }
    source.appeared().forEach((code, times) -> {
      String number = String.valueOf(code.number());
      figures.add(Family.FINDINGS_APPEARED, times, number, code.name());
      // So that a graph of it comes back to 0 when it goes.
      figures.add(Family.FINDINGS, 0, number, code.name());
    });
  }

  private static void pods(Report report, Snapshots figures) {
    figures.add(Family.PODS, report.attachments().stream().map(AttachmentRecord::pod).distinct().count());
    for (AttachmentRecord.State state : AttachmentRecord.State.values()) {
      figures.add(Family.ATTACHMENTS, report.attachments().stream().filter(a -> a.state() == state).count(), word(state));
    }
    figures.add(Family.WAITING, report.waiting().size());
    figures.add(Family.WAITING_OLDEST, report.waiting().stream().mapToLong(Report.Waiting::millis).max().orElse(0) / MILLIS);
    report.capacity().ifPresent(capacity -> figures.add(Family.CAPACITY, capacity));
  }

  private static void addresses(Report report, Snapshots figures) {
    for (Report.LaneReport lane : report.lanes()) {
      String family = word(lane.family());
      figures.add(Family.ADDRESSES, lane.held(), lane.lane(), family, "held");
      figures.add(Family.ADDRESSES, lane.free(), lane.lane(), family, "free");
      figures.add(Family.ADDRESSES, lane.cooling(), lane.lane(), family, "cooling");
      figures.add(Family.STOCK_TARGET, lane.target(), lane.lane(), family);
    }
  }

  private static void interfaces(Report report, NodeFacts facts, Snapshots figures) {
    figures.add(Family.ENI_LIMIT, facts.type().interfacesPerCard().stream().mapToInt(Integer::intValue).sum());
    for (NodeFacts.Eni eni : facts.enis()) {
      EniRecord record = eni.record();
      String lane = eni.lane().orElse("none");
      figures.add(Family.ENIS, 1, lane, report.provenance().contains(record.id()) ? "patchbay" : "other");
      for (AddressFamily family : AddressFamily.values()) {
        figures.add(Family.PREFIXES, record.prefixes().stream().map(Cidr::family).filter(f -> f == family).count(), lane,
            word(family));
      }
    }
  }

  private void ledger(Snapshots figures) {
    source.ledger().forEach((part, ledger) -> {
      figures.add(Family.LEDGER_ENTRIES, ledger.entries(), part);
      figures.add(Family.LEDGER_BYTES, ledger.bytes(), part);
      figures.add(Family.LEDGER_RECORDS, ledger.written().records(), part);
      figures.add(Family.LEDGER_WRITTEN, ledger.written().bytes(), part);
      figures.add(Family.LEDGER_WRITES, ledger.written().writes(), part);
      figures.add(Family.LEDGER_WRITE_SECONDS, ledger.written().writeNanos() / NANOS, part);
      figures.add(Family.LEDGER_REFUSED, ledger.written().refused(), part);
    });
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
