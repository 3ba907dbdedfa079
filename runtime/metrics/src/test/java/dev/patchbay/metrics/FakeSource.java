package dev.patchbay.metrics;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.node.Telemetry;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.store.JournalStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node of two interfaces with two pods and a third that waits. */
final class FakeSource implements Telemetry.Source {
  static final Code FULL = Code.of(201, "SubnetFull");

  private Telemetry.@Nullable Listener listener;
  private boolean away;

  void goAway() {
    away = true;
  }

  Telemetry.Listener listener() {
    if (listener == null) {
      throw new AssertionError("nobody listens");
    }
    return listener;
  }

  private static NodeFacts.Eni eni(String id, int number, Optional<String> lane, List<Cidr> prefixes) {
    MacAddress mac = MacAddress.of("02:00:00:00:00:0" + number);
    return new NodeFacts.Eni(new EniRecord(id, mac, "interface", "subnet-1", List.of(), Optional.of(IpAddress.of("10.0.0." + number)),
        List.of(), prefixes, Optional.of(new EniRecord.Attachment("attach-" + number, "i-1", number, 0, true)), Map.of(), "", "in-use"),
        number, lane);
  }

  private static AttachmentRecord attachment(String container, String pod, AttachmentRecord.State state) {
    return new AttachmentRecord(new AttachmentKey(container, "eth0"), Optional.empty(), 0, "patchbay", "default", pod, "uid-" + pod,
        "/run/netns/" + pod, "eni" + container, "secondary-ip@1", List.of(), DatapathPlan.empty(), Map.of(), Fields.empty(), Fields.empty(), state, 0, 0);
  }

  @Override
  public Report report() {
    if (away) {
      throw new IllegalStateException("the brain gives no answer");
    }
    NodeFacts facts = new NodeFacts(
        new NodeIdentity("i-1", "test.large", "test-1", "test-1a", "vpc-1", MacAddress.of("02:00:00:00:00:01")),
        new InstanceTypeRecord("test.large", List.of(3, 2), 10, 10, true, false, 0, 2),
        List.of(eni("eni-1", 1, Optional.of("default"), List.of()),
            eni("eni-2", 2, Optional.of("default"), List.of(Cidr.of("10.0.1.0/28"), Cidr.of("10.0.1.16/28"))),
            eni("eni-3", 3, Optional.empty(), List.of())),
        List.of(), List.of());
    Finding waits = Finding.of(FULL, "The subnet is full.", "Free addresses.").about("subnet-1").withValue(7);
    return new Report(true, Optional.of(facts), List.of("secondary-ip@0.1.0"),
        List.of(new Report.LaneReport("default", "Node", AddressFamily.IPV4, "stock", List.of("eni-1", "eni-2"), 2, 5, 1, 6, Optional.empty())),
        List.of(attachment("a", "web", AttachmentRecord.State.LIVE), attachment("b", "db", AttachmentRecord.State.LIVE),
            attachment("c", "db", AttachmentRecord.State.CLOSING)),
        List.of(new Report.Waiting("default/late", "d/eth0", waits, 1_500), new Report.Waiting("default/later", "e/eth0", waits, 500)),
        Map.of(), List.of(waits, Finding.of(FULL, "Another is full.", "Free addresses."), waits), Optional.of("assign 3 addresses"),
        Optional.of(29), List.of("eni-2"), List.of(), List.of(), Map.of());
  }

  @Override
  public Map<String, Telemetry.Ledger> ledger() {
    Map<String, Telemetry.Ledger> parts = new LinkedHashMap<>();
    parts.put("run", new Telemetry.Ledger(3, 4_096, new JournalStatistics(12, 900, 4, 2_000_000, 1_000_000, 1)));
    parts.put("lib", new Telemetry.Ledger(1, 512, new JournalStatistics(1, 80, 1, 500_000, 500_000, 0)));
    return parts;
  }

  @Override
  public Map<Code, Long> appeared() {
    return Map.of(FULL, 4L, Code.of(203, "CloudThrottled"), 1L);
  }

  @Override
  public int backlog() {
    return 2;
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public void listen(Telemetry.Listener next) {
    listener = next;
  }
}
