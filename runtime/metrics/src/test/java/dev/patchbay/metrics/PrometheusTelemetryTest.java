package dev.patchbay.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.node.Telemetry;
import dev.patchbay.node.cni.CniInput;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrometheusTelemetryTest {
  private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final FakeSource source = new FakeSource();
  private final Telemetry.Figures figures = new PrometheusTelemetry().start(source);

  @BeforeEach
  void call() {
    source.listener().answered(CniInput.Verb.ADD, Optional.empty(), 3_000_000);
    source.listener().answered(CniInput.Verb.ADD, Optional.of(FakeSource.FULL), 7_000_000);
    source.listener().called("AssignPrivateIpAddresses", new CloudAnswer.Done(), 80_000_000);
    source.listener().called("AssignPrivateIpAddresses",
        new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down"), 20_000_000);
    source.listener().called("DescribeSubnets",
        new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "no"), 20_000_000);
  }

  @Test
  void thereIsEachFamilyThatIsDocumentedAndNoOther() {
    TreeSet<String> documented = new TreeSet<>();
    // Prometheus' client for Python names a counter without its ending.
    Arrays.stream(Family.values()).filter(family -> !family.isOfController()).forEach(family -> documented.add(family.stem() + " " + family.type()));
    assertThat(Parsed.of(figures.page("")).families()).isEqualTo(documented);
    assertThat(Parsed.of(figures.page(OPENMETRICS)).families()).isEqualTo(documented);
  }

  @Test
  void formatIsTheOneThatIsAccepted() {
    assertThat(figures.page("").contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(figures.page("*/*").contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(figures.page(OPENMETRICS).contentType()).startsWith("application/openmetrics-text; version=1.0.0");
  }

  @Test
  void labelsAreThoseOfTheDocumentation() {
    for (Parsed.Sample sample : Parsed.of(figures.page("")).samples()) {
      Family family = Arrays.stream(Family.values()).filter(f -> f.stem().equals(sample.family())).findFirst().orElseThrow();
      TreeSet<String> labels = new TreeSet<>(sample.labels().keySet());
      if (sample.name().endsWith("_bucket")) {
        labels.remove("le");
      }
      assertThat(labels).as("labels of %s", sample).isEqualTo(new TreeSet<>(family.labels()));
    }
  }

  @Test
  void stateOfTheNodeIsShown() {
    Parsed page = Parsed.of(figures.page(""));
    assertThat(page.value("patchbay_build_info", "version=1.2.3", "java=" + Runtime.version())).contains(1.0);
    assertThat(page.value("patchbay_mode_info", "mode=secondary-ip", "version=0.1.0")).contains(1.0);
    assertThat(page.value("patchbay_serving")).contains(1.0);
    assertThat(page.value("patchbay_pods")).contains(2.0);
    assertThat(page.value("patchbay_attachments", "state=live")).contains(2.0);
    assertThat(page.value("patchbay_attachments", "state=closing")).contains(1.0);
    assertThat(page.value("patchbay_attachments", "state=open")).contains(0.0);
    assertThat(page.value("patchbay_pods_waiting")).contains(2.0);
    assertThat(page.value("patchbay_pods_waiting_oldest_seconds")).contains(1.5);
    assertThat(page.value("patchbay_pod_capacity")).contains(29.0);
    assertThat(page.value("patchbay_addresses", "lane=default", "family=ipv4", "state=held")).contains(2.0);
    assertThat(page.value("patchbay_addresses", "lane=default", "family=ipv4", "state=free")).contains(5.0);
    assertThat(page.value("patchbay_addresses", "lane=default", "family=ipv4", "state=cooling")).contains(1.0);
    assertThat(page.value("patchbay_stock_target_addresses", "lane=default", "family=ipv4")).contains(6.0);
    assertThat(page.value("patchbay_enis", "lane=default", "maker=patchbay")).contains(1.0);
    assertThat(page.value("patchbay_enis", "lane=default", "maker=other")).contains(1.0);
    assertThat(page.value("patchbay_enis", "lane=none", "maker=other")).contains(1.0);
    assertThat(page.value("patchbay_eni_limit")).contains(5.0);
    assertThat(page.value("patchbay_prefixes", "lane=default", "family=ipv4")).contains(2.0);
    assertThat(page.value("patchbay_prefixes", "lane=default", "family=ipv6")).contains(0.0);
    assertThat(page.value("patchbay_ec2_operation_running")).contains(1.0);
    assertThat(page.value("patchbay_brain_backlog_events")).contains(2.0);
  }

  @Test
  void findingsAreCountedByCodeAndComeBackToNothing() {
    Parsed page = Parsed.of(figures.page(""));
    assertThat(page.value("patchbay_findings", "code=201", "name=SubnetFull")).contains(2.0);
    assertThat(page.value("patchbay_findings", "code=203", "name=CloudThrottled")).contains(0.0);
    assertThat(page.value("patchbay_findings_appeared_total", "code=201", "name=SubnetFull")).contains(4.0);
    assertThat(page.value("patchbay_finding_value", "code=201", "name=SubnetFull", "subject=subnet-1")).contains(7.0);
  }

  @Test
  void callsAreCountedAndTimed() {
    Parsed page = Parsed.of(figures.page(""));
    assertThat(page.value("patchbay_cni_request_duration_seconds_count", "verb=ADD", "outcome=ok")).contains(1.0);
    assertThat(page.value("patchbay_cni_request_duration_seconds_sum", "verb=ADD", "outcome=ok")).contains(0.003);
    assertThat(page.value("patchbay_cni_request_duration_seconds_bucket", "verb=ADD", "outcome=ok", "le=0.0025")).contains(0.0);
    assertThat(page.value("patchbay_cni_request_duration_seconds_bucket", "verb=ADD", "outcome=ok", "le=0.005")).contains(1.0);
    assertThat(page.value("patchbay_cni_request_duration_seconds_count", "verb=DEL", "outcome=failed")).contains(0.0);
    assertThat(page.value("patchbay_cni_failures_total", "verb=ADD", "code=201", "name=SubnetFull")).contains(1.0);
    assertThat(page.value("patchbay_ec2_calls_total", "action=AssignPrivateIpAddresses")).contains(2.0);
    assertThat(page.value("patchbay_ec2_errors_total", "action=AssignPrivateIpAddresses", "code=RequestLimitExceeded")).contains(1.0);
    assertThat(page.value("patchbay_ec2_throttles_total", "action=AssignPrivateIpAddresses")).contains(1.0);
    assertThat(page.value("patchbay_ec2_throttles_total", "action=DescribeSubnets")).isEmpty();
    assertThat(page.value("patchbay_ec2_call_duration_seconds_count", "action=DescribeSubnets")).contains(1.0);
  }

  @Test
  void ledgerAndProcessAreShown() {
    Parsed page = Parsed.of(figures.page(""));
    assertThat(page.value("patchbay_ledger_entries", "part=run")).contains(3.0);
    assertThat(page.value("patchbay_ledger_size_bytes", "part=run")).contains(4096.0);
    assertThat(page.value("patchbay_ledger_written_entries_total", "part=run")).contains(12.0);
    assertThat(page.value("patchbay_ledger_write_seconds_total", "part=run")).contains(0.002);
    assertThat(page.value("patchbay_ledger_refused_entries_total", "part=run")).contains(1.0);
    assertThat(page.value("process_resident_memory_bytes").orElseThrow()).isGreaterThan(10e6);
    assertThat(page.value("process_open_fds").orElseThrow()).isGreaterThan(2);
    assertThat(page.value("process_threads").orElseThrow()).isGreaterThan(2);
    assertThat(page.value("process_start_time_seconds").orElseThrow() * 1000)
        .isCloseTo(ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli(), org.assertj.core.data.Offset.offset(1.0));
    assertThat(page.value("jvm_memory_used_bytes", "area=heap").orElseThrow()).isGreaterThan(1e6);
  }

  @Test
  void withoutAReportThereIsNoPageRatherThanHalfAPage() {
    source.goAway();
    assertThatThrownBy(() -> figures.page("")).hasMessageContaining("the brain gives no answer");
  }
}
