package dev.patchbay.it.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.it.e2e.Ec2Calls;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures of a daemon that does real work, against what the lab saw of it. */
class MetricsTest {
  @Test
  void figuresAgreeWithWhatHappened() {
    try (Lab lab = Labs.start(1, "t3.small", Map.of())) {
      LabNode node = lab.node(0);
      List<LabPod> pods = Pods.add(node, "pod", 3);
      pods.getFirst().delete();
      pods.get(1).check();
      // What is no longer as it was made is counted under the code of the error.
      pods.get(2).exec("ip", "address", "flush", "dev", "eth0").orThrow("flush");
      assertThatThrownBy(pods.get(2)::check).isInstanceOf(CniException.class);
      Reports.awaitIdle(node);
      MetricsPage page = Until.there("the metrics of " + node.name(), () -> MetricsPage.of(node));

      assertThat(page.value("patchbay_serving")).contains(1.0);
      assertThat(page.value("patchbay_pods")).contains(2.0);
      assertThat(page.value("patchbay_attachments{state=\"live\"}")).contains(2.0);
      assertThat(page.value("patchbay_addresses{family=\"ipv4\",lane=\"default\",state=\"held\"}")).contains(2.0);
      assertThat(page.value("patchbay_addresses{family=\"ipv4\",lane=\"default\",state=\"cooling\"}")).contains(1.0);
      assertThat(page.value("patchbay_addresses{family=\"ipv4\",lane=\"default\",state=\"free\"}"))
          .contains((double) Reports.lane(node, "free"));
      assertThat(page.value("patchbay_stock_target_addresses{family=\"ipv4\",lane=\"default\"}"))
          .contains((double) Reports.lane(node, "target"));
      assertThat(page.orZero("patchbay_enis{lane=\"default\",maker=\"patchbay\"}")
          + page.orZero("patchbay_enis{lane=\"default\",maker=\"other\"}")).isEqualTo(node.interfaces().size());
      assertThat(page.value("patchbay_eni_limit")).contains(3.0);
      assertThat(page.value("patchbay_cni_request_duration_seconds_count{outcome=\"ok\",verb=\"ADD\"}")).contains(3.0);
      assertThat(page.value("patchbay_cni_request_duration_seconds_count{outcome=\"ok\",verb=\"DEL\"}")).contains(1.0);
      assertThat(page.value("patchbay_cni_request_duration_seconds_count{outcome=\"ok\",verb=\"CHECK\"}")).contains(1.0);
      assertThat(page.value("patchbay_cni_failures_total{code=\"481\",name=\"NetworkDeviates\",verb=\"CHECK\"}")).contains(1.0);
      assertThat(page.value("patchbay_ledger_entries{part=\"run\"}").orElseThrow()).isGreaterThanOrEqualTo(2);
      assertThat(page.value("patchbay_ledger_size_bytes{part=\"run\"}").orElseThrow()).isPositive();
      Figures.print("metrics", "%d samples, %.0f MiB resident", page.samples().size(),
          page.orZero("process_resident_memory_bytes") / (1 << 20));
      assertThat(page.samples().keySet().stream().filter(sample -> sample.startsWith("patchbay_finding"))).isEmpty();

      // The preflight asks too, by dry runs and a description, which is not counted: it is no work of the node's.
      Map<String, Long> seen = Ec2Calls.of(lab, node).changes().counts();
      seen.forEach((action, times) ->
          assertThat(page.value("patchbay_ec2_calls_total{action=\"" + action + "\"}")).as(action).contains((double) times));
      assertThat(seen).containsKey("AssignPrivateIpAddresses");
      assertThat(page.value("patchbay_ec2_calls_total{action=\"DescribeNetworkInterfaces\"}").orElseThrow()).isPositive();
      assertThat(node.daemon().getMetrics("/healthz").orElseThrow().ok()).isTrue();
      assertThat(node.daemon().getMetrics("/readyz").orElseThrow().ok()).isTrue();
    }
  }
}
