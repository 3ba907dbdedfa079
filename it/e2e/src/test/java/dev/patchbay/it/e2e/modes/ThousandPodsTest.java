package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Ec2Calls;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many pods on one node with prefixes: each has its network, and EC2 is asked as seldom as can be. The number of pods to come is set
 * ({@code minimumIpTarget}), so the floor is a call for what the primary interface carries, and for each further interface one that
 * makes it with its prefixes, one that attaches it, and one that has it go with its instance.
 */
class ThousandPodsTest {
  private static final int PREFIX = 16;

  @Test
  void sixtyPodsCostWhatTheirInterfacesCost() {
    // Of 3 interfaces with 3 prefixes each.
    pods("t3.small", 60, 3, 10);
  }

  @Test
  @Tag("soak")
  void aThousandPodsCostWhatTheirInterfacesCost() {
    pods("m5.4xlarge", 1_000, 29, 20);
  }

  /** The block of a node in ipv6 mode is asked for once; no pod costs a call, whether it comes or goes. */
  @Test
  void podsOfOneBlockCostNothing() {
    try (Lab lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(1).withInstanceType("t3.small").withIpv6()
        .withConfiguration(Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(Map.of("use", "ipv6")))))) {
      LabNode node = lab.node(0);
      node.addPod("first").delete();
      Reports.awaitIdle(node);
      Ec2Calls before = Ec2Calls.of(lab, node);
      assertThat(before.changes().counts()).isEqualTo(Map.of("AssignIpv6Addresses", 1L));
      for (String round : List.of("a", "b")) {
        List<LabPod> pods = Pods.add(node, round, 20);
        try (Echo echo = Echo.serve(pods.getLast().netns(), Family.IPV6.any(), Probe.port())) {
          assertThat(Echo.tcp(pods.getFirst().netns(), Family.IPV6.of(pods.getLast()), echo.address().getPort(), Until.LONG))
              .contains(Family.IPV6.of(pods.getFirst()));
        }
        Pods.delete(pods);
      }
      // What EC2 has is looked at from time to time, pods or not.
      assertThat(before.since(lab, node).actions()).allMatch(action -> action.startsWith("Describe"));
      Figures.print("ipv6", "40 pods came and went; EC2 was asked for: %s", before.since(lab, node).counts());
    }
  }

  private static void pods(String type, int count, int prefixesPerInterface, int atOnce) {
    int prefixes = Math.ceilDiv(count, PREFIX);
    int made = Math.ceilDiv(prefixes, prefixesPerInterface) - 1;
    Map<String, Object> mode = Map.of("use", "prefix", "settings", Map.of("minimumIpTarget", prefixes * PREFIX));
    try (Lab lab = Labs.start(1, type, Map.of("modes", List.of(mode)))) {
      LabNode node = lab.node(0);
      Until.holds("all addresses are there", Until.LONG.multipliedBy(3),
          () -> Reports.lane(node, "free") + Reports.lane(node, "held") == prefixes * PREFIX);
      List<LabPod> pods = new ArrayList<>();
      for (int number = 0; number < count; number += atOnce) {
        pods.addAll(Pods.add(node, "pod" + number + "-", Math.min(atOnce, count - number)));
      }
      Reports.awaitIdle(node);
      assertThat(pods.stream().map(LabPod::address).distinct()).hasSize(count);
      List<Duration> took = pods.stream().map(LabPod::addTook).sorted().toList();
      Map<String, Long> changes = Ec2Calls.of(lab, node).changes().counts();
      Figures.print(count + " pods", "EC2: %s; the floor: 1 batch of prefixes and %d interfaces made, attached and bound to the instance",
          changes, made);
      Figures.print(count + " pods", "ADD, %d at once: median %d ms, slowest %d ms", atOnce, took.get(count / 2).toMillis(),
          took.getLast().toMillis());
      assertThat(changes).isEqualTo(Map.of("AssignPrivateIpAddresses", 1L, "CreateNetworkInterface", (long) made,
          "AttachNetworkInterface", (long) made, "ModifyNetworkInterfaceAttribute", (long) made));
      assertThat(node.interfaces().stream().map(NetworkInterface::ipv4Prefixes).mapToInt(java.util.Set::size).sum()).isEqualTo(prefixes);
      assertThat(Probe.seen(pods.getFirst().netns(), pods.getLast().netns(), pods.getLast().address()))
          .contains(pods.getFirst().address());
      Pods.delete(pods);
    }
  }
}
