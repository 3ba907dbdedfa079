package dev.patchbay.node.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CniInputTest {
  private static CniInput add(String arguments) {
    return CniInput.of(new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ofSeconds(60), NetnsReport.ATTACHED,
        Map.of("CNI_COMMAND", "ADD", "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_NETNS", "/run/netns/c1", "CNI_ARGS", arguments),
        Payload.utf8("{\"cniVersion\": \"1.0.0\", \"name\": \"patchbay\", \"type\": \"patchbay-cni\"}")));
  }

  private static CniInput of(String command, String input) {
    return CniInput.of(new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ofSeconds(60), NetnsReport.ATTACHED,
        Map.of("CNI_COMMAND", command, "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_NETNS", "/run/netns/c1"), Payload.utf8(input)));
  }

  private static void assertRefused(int code, String command, String rest) {
    assertThatThrownBy(() -> of(command, "{\"cniVersion\": \"1.1.0\", \"name\": \"patchbay\"" + rest)).isInstanceOfSatisfying(
        CniError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatIsWrongInTheInputIsFoundBeforeAnythingIsDone() {
    assertRefused(CniError.DECODING, "ADD", ", \"prevResult\": {\"cniVersion\": \"1.0.0\"}}");
    assertRefused(CniError.DECODING, "ADD", ", \"prevResult\": []}");
    assertRefused(CniError.DECODING, "GC", ", \"cni.dev/valid-attachments\": [{\"containerID\": \"c\"}]}");
    assertRefused(CniError.DECODING, "ADD", ", \"x\": " + "[".repeat(500_000));
    assertThat(of("CHECK", "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"prevResult\": {\"cniVersion\": \"0.4.0\"}}").key())
        .hasToString("c1/eth0");
    assertThat(of("ADD", "{\"cniVersion\": \"1.1.0\", \"name\": \"n\", \"prevResult\": null}").previous()).isEmpty();
  }

  @Test
  void kubeletNamesAPod() {
    assertThat(add("K8S_POD_UID=u-1;IgnoreUnknown=1;K8S_POD_NAME=web;K8S_POD_NAMESPACE=shop;K8S_POD_INFRA_CONTAINER_ID=c1").pod())
        .contains(new CniInput.Pod("shop", "web", "u-1"));
    // Before Kubernetes 1.18 there was no uid.
    assertThat(add("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web").pod()).contains(new CniInput.Pod("shop", "web", ""));
  }

  @Test
  void ctrAndPodmanNameNone() {
    assertThat(add("").pod()).isEmpty();
    assertThat(add("IgnoreUnknown=1;K8S_POD_NAME=container-1").pod()).isEmpty();
    assertThat(add("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=").pod()).isEmpty();
  }
}
