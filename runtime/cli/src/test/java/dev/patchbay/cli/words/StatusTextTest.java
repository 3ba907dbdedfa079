package dev.patchbay.cli.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static String of(Report report) {
    return String.join("\n", StatusText.of(report, Optional.empty(), false));
  }

  @Test
  void aNodeThatIsWellIsSeenAtAGlance() {
    Report report = Fixtures.report("report.json");
    assertThat(report.isWell()).isTrue();
    assertThat(of(report)).isEqualTo("""
        ip-10-0-0-4 (i-0c34d0bff90150280, t3.small in eu-west-1a) serves pods.
          modes      secondary-ip@0.1.0
          pods       3 attached of 9 that the plans can carry on this node
          EC2        nothing is under way
          daemon     process 4711 since 2026-03-05T10:02:42Z (15 s ago)

        Addresses by lane
          lane     family  held  free  wanted free  cooling  from   interfaces
          default  IPV4    3     5     3            1        stock  eni-0e099ec6cd7363ca5 eni-0cb435c8e74616796 eni-07476cf8a4baa5dc0

        Interfaces (ENIs)
          ENI                    index  own address  for pods     made by        use
          eni-0e099ec6cd7363ca5  0      10.0.0.4     3 addresses  the instance   lane default
          eni-0cb435c8e74616796  1      10.0.0.8     3 addresses  Patchbay       lane default
          eni-07476cf8a4baa5dc0  2      10.0.0.12    3 addresses  Patchbay       lane default
          eni-0d5a2c3f9b7e61c40  3      10.0.0.40    1 address    somebody else  left alone
          eni-0d5a2c3f9b7e61c40 is left alone: it has the tag node.k8s.amazonaws.com/no_manage=true, by which an operator keeps it for others.

        Pods
          pod        address   lane     ENI                    since
          shop/cart  10.0.0.5  default  eni-0e099ec6cd7363ca5  2026-03-05T10:02:46Z (11 s ago)
          shop/db    10.0.0.7  default  eni-0e099ec6cd7363ca5  2026-03-05T10:02:51Z (6 s ago)
          shop/web   10.0.0.6  default  eni-0e099ec6cd7363ca5  2026-03-05T10:02:49Z (8 s ago)""");
  }

  @Test
  void whatWaitsAndWasRefusedIsShownWithCauseAndRemedy() {
    Report report = Fixtures.report("trouble.json");
    assertThat(report.isWell()).isFalse();
    assertThat(of(report))
        .contains("3 attached of 9 that the plans can carry on this node, 2 wait")
        .contains("EC2        under way: assign 3 addresses to eni-0cb435c8e74616796")
        .contains("To be looked at\n  EC2 asked to slow down when Patchbay tried to assign addresses to eni-0cb435c8e74616796. [203 CloudThrottled]\n"
            + "    do: Patchbay tries again by itself;")
        .contains("shop/queue-0, for 12 s:\n    lane default has no free IPV4 address now")
        .contains("shop/batch-7, 3 times, last at 2026-03-05T10:02:47Z (10 s ago):\n    All 9 addresses")
        .doesNotContain("shop/db, at");
  }

  @Test
  void aNodeThatDoesNotServeSaysSoFirst() {
    List<String> lines = StatusText.of(new Report(Fixtures.json("""
        {"time":"2026-03-05T10:00:00Z","serving":false,"modes":["secondary-ip@0.1.0"],
         "findings":[{"code":202,"name":"CloudUnreachable","cause":"Instance metadata does not answer: refused.","remedy":"Check IMDS."}]}""")),
        Optional.of("/etc/cni/net.d/10-patchbay.conflist is not there, so the container runtime sends no pods here"), false);
    assertThat(lines.getFirst()).isEqualTo("This node does not serve pods.");
    assertThat(lines).contains("  Instance metadata does not answer: refused. [202 CloudUnreachable]", "    do: Check IMDS.");
    assertThat(lines).anyMatch(l -> l.startsWith("  CNI        /etc/cni/net.d"));
  }

  @Test
  void aDaemonThatKnowsNothingYetIsShownAllTheSame() {
    assertThat(of(new Report(Fixtures.json("{\"serving\":false,\"modes\":[]}"))))
        .startsWith("This node does not serve pods. It is starting and does not know its own interfaces yet.")
        .contains("0 attached");
  }

  @Test
  void colourIsForWhoWantsIt() {
    assertThat(String.join("", StatusText.of(Fixtures.report("trouble.json"), Optional.empty(), true))).contains("\u001b[");
    assertThat(of(Fixtures.report("trouble.json"))).doesNotContain("\u001b");
  }

  @Test
  void spansAreShort() {
    assertThat(List.of(0L, 999L, 59_999L, 60_000L, 61_000L, 599_000L, 600_000L, 3_600_000L, 3_660_000L, 200_000_000L).stream().map(Page::span))
        .containsExactly("0 s", "0 s", "59 s", "1 min", "1 min 1 s", "9 min 59 s", "10 min", "1 h", "1 h 1 min", "2 days");
  }
}
