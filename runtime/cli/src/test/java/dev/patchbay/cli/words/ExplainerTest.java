package dev.patchbay.cli.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cli.daemon.Daemon;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainerTest {
  private static Explanation explain(String fixture, String subject) {
    return explain(fixture, Fixtures::daemon, subject);
  }

  private static Explanation explain(String fixture, Function<String, Daemon.Answer> daemon, String subject) {
    return Explainer.of(Fixtures.report(fixture), daemon, subject, false);
  }

  private static String words(Explanation explanation) {
    return String.join("\n", explanation.lines());
  }

  @Test
  void aPodHasModeLaneInterfaceAddressAndEverythingInTheKernel() {
    Explanation pod = explain("report.json", "db");
    assertThat(pod.kind()).isEqualTo("pod");
    assertThat(pod.well()).isTrue();
    assertThat(words(pod)).startsWith("""
        shop/db has its network since 2026-03-05T10:02:51Z (6 s ago).
          claimed by the mode secondary-ip@0.1.0
          address    10.0.0.7 from lane default, on eni-0e099ec6cd7363ca5 (the primary interface, subnet subnet-071c18690ee42c90b), role pod
          link       eni2d7243dcff6 on the node, eth0 in the pod
          sandbox    634e27b41e254c11af9d988dd9fdd6ceb49728e1e7d8403ca188fb63f42ed9e4, namespace /run/netns/cni-db

        What there is of it in the kernel now
          there    its link         link         veth eni2d7243dcff6 mtu 9001, its other end eth0 in the pod
        """)
        .contains("there    packets to it    route        10.0.0.7 dev eni2d7243dcff6 table 20000 proto 156")
        .contains("there    packets from it  set element  inet patchbay egress4 { 10.0.0.7 : goto by-eni-0e099ec6cd7363ca5 }")
        .contains("  in the pod:\n")
        .contains("What the node has for pods of eni-0e099ec6cd7363ca5")
        .contains("rule         512: from all lookup 20000 proto 155")
        .contains("the ENI's device")
        .doesNotContain("eth1").doesNotContain("MISSING").doesNotContain("What is missing");
    assertThat(pod.json()).containsEntry("kind", "pod").containsEntry("well", true).containsEntry("pod", "shop/db");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop/db", "db", "7b3af5cc-df51-42b0-b582-460ddb070352", "634e27b41e254c11",
      "634e27b41e254c11af9d988dd9fdd6ceb49728e1e7d8403ca188fb63f42ed9e4",
      "634e27b41e254c11af9d988dd9fdd6ceb49728e1e7d8403ca188fb63f42ed9e4/eth0", "10.0.0.7"})
  void aPodIsFoundByAllThatNamesIt(String subject) {
    Explanation pod = explain("report.json", subject);
    assertThat(pod.well()).isTrue();
    assertThat(words(pod)).contains("shop/db has its network since");
  }

  @Test
  void whatIsMissingIsSaidWithWhatToDo() {
    String altered = Fixtures.text("attachment.json").replaceFirst("(?s)(egress4.*?)\"state\": \"present\"",
        "$1\"state\": \"missing\", \"found\": [\"egress4 has no element for it\"]");
    String node = Fixtures.text("node.json").replaceFirst("(?s)(512: from all.*?)\"state\": \"present\"",
        "$1\"state\": \"altered\", \"found\": [\"it is another\"]");
    Explanation pod = explain("report.json",
        path -> new Daemon.Answer.Given(Fixtures.json(path.startsWith("/v1/kernel/node") ? node : altered)), "db");
    assertThat(pod.well()).isFalse();
    assertThat(words(pod)).contains("MISSING  packets from it  set element  inet patchbay egress4")
        .contains("           egress4 has no element for it")
        .contains("What is missing\n").contains("delete the pod")
        .contains("ALTERED  packets to pods").contains("a restart of the daemon");
  }

  @Test
  void aPodWhoseNamespaceCannotBeSeenIsNotCalledIncomplete() {
    String unseen = Fixtures.text("attachment.json").replaceAll("(?s)(\"in\": \"pod\".*?)\"state\": \"present\"", "$1\"state\": \"unseen\"")
        .replaceFirst("\\{", "{\"unseen\": \"The pod's network namespace /run/netns/cni-db can't be opened from here: no such file.\",");
    Explanation pod = explain("report.json", path -> path.contains("attachment") ? new Daemon.Answer.Given(Fixtures.json(unseen))
        : Fixtures.daemon(path), "db");
    assertThat(pod.well()).isTrue();
    assertThat(words(pod)).contains("unseen   its address").contains("can't be opened from here");
  }

  @Test
  void aKernelThatNobodyCouldLookIntoIsUnknownAndNotMissing() {
    Explanation pod = explain("report.json", path -> new Daemon.Answer.Refused(503, "The kernel refused."), "db");
    assertThat(pod.well()).isFalse();
    assertThat(words(pod)).contains("unknown: The kernel refused.").doesNotContain("What is missing");
  }

  @Test
  void eachPathIsAskedOnce() {
    List<String> asked = new ArrayList<>();
    explain("report.json", path -> {
      asked.add(path);
      return Fixtures.daemon(path);
    }, "shop/db");
    assertThat(asked).containsExactly(
        "/v1/kernel/attachment?key=634e27b41e254c11af9d988dd9fdd6ceb49728e1e7d8403ca188fb63f42ed9e4%2Feth0", "/v1/kernel/node");
  }

  @Test
  void aPodThatWaitsIsExplained() {
    Explanation pod = explain("trouble.json", "queue-1");
    assertThat(pod.kind()).isEqualTo("pod");
    assertThat(pod.well()).isFalse();
    assertThat(words(pod)).contains("shop/queue-1 waits for its network, for 4 s now.").contains("lane default has no free IPV4 address now")
        .contains("EC2        under way: assign 3 addresses").contains("1 pod waits before it").contains("EC2 asked to slow down");
    assertThat(words(explain("trouble.json", "queue-0"))).contains("it is the first that waits");
  }

  @Test
  void aPodThatWasRefusedIsExplained() {
    Explanation pod = explain("trouble.json", "shop/batch-7");
    assertThat(pod.well()).isFalse();
    assertThat(words(pod)).contains("shop/batch-7 has no network: it was refused 3 times, first at 2026-03-05T10:01:57Z (1 min ago), last at")
        .contains("[200 InstanceFull]").contains("do: Run fewer pods").contains("kubelet tries again by itself");
  }

  @Test
  void aPodThatWasRefusedBeforeItGotItsNetworkIsWell() {
    Explanation pod = explain("trouble.json", "db");
    assertThat(words(pod)).contains("shop/db has its network since").contains("Before, it was refused at 2026-03-05T10:02:44Z");
  }

  @Test
  void aNameThatSeveralPodsHaveMustBeSaidWhole() {
    String two = Fixtures.text("report.json").replace("\"namespace\": \"shop\",\n   \"name\": \"web\"", "\"namespace\": \"test\",\n   \"name\": \"db\"");
    Explanation pod = Explainer.of(new Report(Fixtures.json(two)), Fixtures::daemon, "db", false);
    assertThat(pod.well()).isFalse();
    assertThat(words(pod)).contains("Several pods are called db: shop/db, test/db.");
    assertThat(Explainer.of(new Report(Fixtures.json(two)), Fixtures::daemon, "test/db", false).lines().getFirst()).startsWith("test/db has its network");
  }

  @Test
  void anAddressThatCoolsDownSaysForHowLongAndWhoHadIt() {
    Explanation address = explain("report.json", "10.0.0.9");
    assertThat(address.well()).isTrue();
    assertThat(address.json()).containsEntry("state", "cooling").containsEntry("millis", 29796L);
    assertThat(words(address)).contains("10.0.0.9 cools down").contains("for 29 s yet").contains("on         eni-0cb435c8e74616796 (device index 1")
        .contains("before     shop/old had it until 2026-03-05T10:02:57Z");
  }

  @Test
  void otherAddressesAreToldApart() {
    assertThat(words(explain("report.json", "10.0.0.10"))).startsWith("10.0.0.10 is free").contains("is not known; the daemon remembers");
    assertThat(words(explain("report.json", "10.0.0.4"))).startsWith("10.0.0.4 is the own address of eni-0e099ec6cd7363ca5");
    assertThat(words(explain("report.json", "10.0.0.41"))).contains("which is left alone: it has the tag");
    assertThat(words(explain("report.json", "10.0.9.9"))).contains("though it lies in the VPC: another node may have it");
    assertThat(words(explain("report.json", "192.0.2.1"))).contains("and not in the VPC (10.0.0.0/16)");
    assertThat(words(explain("report.json", "2001:db8::1"))).contains("2001:db8::1 is not on this node's interfaces");
    assertThat(explain("report.json", "10.0.9.9").well()).isFalse();
  }

  @Test
  void anAddressOfAPrefixIsFound() {
    String prefixes = Fixtures.text("report.json").replaceFirst("(?s)\"addresses\": \\[\\s*\"10.0.0.13\".*?]",
        "\"addresses\": [], \"prefixes\": [\"10.0.1.16/28\", \"2001:db8:0:1::/80\"]");
    Report report = new Report(Fixtures.json(prefixes));
    assertThat(Explainer.of(report, Fixtures::daemon, "10.0.1.20", false).lines().getFirst()).startsWith("10.0.1.20 is free");
    assertThat(Explainer.of(report, Fixtures::daemon, "2001:db8:0:1::99", false).lines().getFirst()).startsWith("2001:db8:0:1::99 is free");
    assertThat(Explainer.of(report, Fixtures::daemon, "eni-07476cf8a4baa5dc0", false).lines()).anyMatch(l -> l.contains("10.0.1.16/28") && l.contains("free"));
  }

  @Test
  void anInterfaceIsExplained() {
    Explanation eni = explain("report.json", "eni-0cb435c8e74616796");
    assertThat(eni.kind()).isEqualTo("eni");
    assertThat(eni.well()).isTrue();
    assertThat(words(eni)).startsWith("eni-0cb435c8e74616796 serves pods of lane default.").contains("made by    Patchbay, which gives it back")
        .contains("10.0.0.9   cools down").contains("10.0.0.10  free").contains("eth1").doesNotContain("eth2");
    assertThat(words(explain("report.json", "02:85:27:12:0f:bb"))).startsWith("eni-0e099ec6cd7363ca5").contains("10.0.0.7  held by shop/db");
  }

  @Test
  void anInterfaceThatIsLeftAloneSaysWhy() {
    Explanation eni = explain("report.json", "eni-0d5a2c3f9b7e61c40");
    assertThat(eni.well()).isTrue();
    assertThat(words(eni)).startsWith("eni-0d5a2c3f9b7e61c40 is left alone: it has the tag node.k8s.amazonaws.com/no_manage=true")
        .contains("somebody else; Patchbay never gives back what it did not make").contains("10.0.0.41  left alone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "NODE", "ip-10-0-0-4", "i-0c34d0bff90150280"})
  void theNodeIsExplained(String subject) {
    Explanation node = explain("report.json", subject);
    assertThat(node.kind()).isEqualTo("node");
    assertThat(node.well()).isTrue();
    assertThat(words(node)).startsWith("ip-10-0-0-4 serves pods.").contains("eni-0d5a2c3f9b7e61c40, made by somebody else: left alone, since it has the tag")
        .contains("What the node itself has in the kernel now").contains("eth1").contains("eth2");
    assertThat(explain("trouble.json", "node").well()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch", "shop/nosuch", "10.0.0.999", "10.0.0.1/32", "::::", "eni-nosuch", "", " ", "../../etc/passwd", "\u001b[31mred",
      "a\nb", "key=x&y"})
  void whatIsNotKnownIsSaidSo(String subject) {
    Explanation unknown = explain("report.json", subject);
    assertThat(unknown.kind()).isEqualTo("unknown");
    assertThat(unknown.well()).isFalse();
    assertThat(words(unknown)).contains("do ");
    assertThat(unknown.lines()).allMatch(l -> l.chars().noneMatch(Character::isISOControl));
  }

  @Test
  void hugeNamesAreCut() {
    Explanation unknown = explain("report.json", "x".repeat(1_000_000));
    assertThat(unknown.well()).isFalse();
    assertThat(words(unknown).length()).isLessThan(1_000);
  }

  @Test
  void aReportOfAnotherVersionIsReadAsFarAsItGoes() {
    Report strange = new Report(Fixtures.json("""
        {"serving":"yes","modes":7,"attachments":[{"name":[],"addresses":"none","attachment":3},null,5],"waiting":{},"node":{"enis":[null,{"id":true}]},
         "cooling":[1],"refusals":"x"}"""));
    for (String subject : List.of("node", "true", "10.0.0.1", "db", "3")) {
      assertThat(Explainer.of(strange, path -> new Daemon.Answer.Given(Fixtures.json("{\"objects\":[null,{\"in\":\"host\"}]}")), subject, false).lines())
          .as(subject).isNotEmpty();
    }
    assertThat(StatusText.of(strange, java.util.Optional.empty(), false)).isNotEmpty();
  }
}
