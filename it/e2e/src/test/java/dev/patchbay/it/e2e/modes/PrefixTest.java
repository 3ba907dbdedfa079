package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What the mode prefix does where prefixes can't be had, were not there before, or were put there by somebody else. */
@Order(Labs.EARLY)
class PrefixTest {
  private static final Map<String, Object> PREFIX = Map.of("use", "prefix");
  private static final Map<String, Object> SINGLE = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 2));
  /** Some rounds of shrinking, half a minute apart, and the two minutes for which a subnet is left alone that had no block. */
  private static final Duration LONG = Duration.ofSeconds(240);

  private static Lab lab(Map<String, Object> configuration, int nodes) {
    return Lab.start(LabSettings.discover(Labs.name()).withNodes(nodes).withInstanceType("t3.small").withConfiguration(configuration));
  }

  private static long prefixes(LabNode node) {
    return node.interfaces().stream().mapToLong(eni -> eni.ipv4Prefixes().size()).sum();
  }

  private static List<Ip> singles(LabNode node) {
    return node.interfaces().stream().flatMap(eni -> eni.secondaries().stream()).toList();
  }

  private static boolean inPrefix(LabNode node, InetAddress address) {
    return node.interfaces().stream().flatMap(eni -> eni.ipv4Prefixes().stream()).anyMatch(block -> block.contains(Ip.of(address)));
  }

  private static void reaches(LabPod from, LabPod to) {
    assertThat(Probe.seen(from.netns(), to.netns(), to.address())).isEqualTo(Optional.of(from.address()));
  }

  @Test
  void aFragmentedSubnetGivesSingleAddressesAndPrefixesAgainWhenThereIsRoom() {
    try (Lab lab = lab(Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(PREFIX)), 0)) {
      String subnet = lab.model().state().subnets().values().stream().filter(s -> s.zone().endsWith("a")).findFirst().orElseThrow().id();
      String taken = lab.model().others().fragment(subnet).orElseThrow();
      lab.addNodes(2);
      LabNode node = lab.node(0);
      LabPod far = lab.node(1).addPod("far");
      LabPod single = node.addPod("single");
      assertThat(prefixes(node)).isZero();
      assertThat(inPrefix(lab.node(1), far.address())).isTrue();
      reaches(single, far);
      Until.holds("the findings name the cause", () -> Reports.of(node).path("findings").toString().contains("SubnetFragmented"));
      Reports.awaitIdle(node);
      int held = singles(node).size();
      // One by one as a prefix has, or as the instance carries: 3 interfaces with 3 addresses for pods.
      assertThat(held).isEqualTo(9);

      Ping.Result running;
      try (Ping ping = Ping.start(single.netns(), far.address())) {
        lab.model().others().leave(taken);
        Until.holds("a prefix, and no single address without a pod", LONG, () -> prefixes(node) >= 1 && singles(node).size() == 1);
        running = ping.stop();
      }
      assertThat(running.lost()).isZero();
      Until.holds("nothing is said of it any more", () -> !Reports.of(node).path("findings").toString().contains("SubnetFragmented"));
      LabPod next = node.addPod("next");
      assertThat(inPrefix(node, next.address())).isTrue();
      reaches(next, far);
      reaches(next, single);
      Figures.print("prefix", "fragmented: %d single addresses, then %d prefixes; EC2: %s", held, prefixes(node),
          Ec2Calls.of(lab, node).changes().counts());
    }
  }

  @Test
  void aNodeChangesFromSingleAddressesToPrefixesAndBackWithItsPodsRunning() {
    try (Lab lab = lab(Modules.with(SINGLE, List.of(PREFIX)), 2)) {
      LabNode node = lab.node(0);
      LabPod far = lab.node(1).addPod("far");
      LabPod single = node.addPod("single");
      Ping.Result running;
      LabPod ofPrefix;
      try (Ping ping = Ping.start(single.netns(), far.address())) {
        Labs.reconfigure(node, Map.of("modes", List.of(PREFIX)));
        Until.holds("a prefix, and no single address without a pod", LONG, () -> prefixes(node) >= 1 && singles(node).size() == 1);
        ofPrefix = node.addPod("prefix");
        assertThat(inPrefix(node, ofPrefix.address())).isTrue();
        reaches(ofPrefix, far);
        reaches(ofPrefix, single);
        Until.holds("a free prefix beside that of the pod", () -> prefixes(node) == 2);

        Labs.reconfigure(node, Map.of("modes", List.of(SINGLE)));
        Until.holds("single addresses, and no prefix without a pod", LONG, () -> prefixes(node) == 1 && singles(node).size() >= 3);
        running = ping.stop();
      }
      assertThat(running.lost()).as("of %d packets", running.sent()).isZero();
      LabPod later = node.addPod("later");
      assertThat(inPrefix(node, later.address())).isFalse();
      for (LabPod pod : List.of(single, ofPrefix, later)) {
        pod.check();
        reaches(pod, far);
      }
      ofPrefix.delete();
      Until.holds("no prefix", LONG, () -> prefixes(node) == 0);
      reaches(single, far);
    }
  }

  @Test
  void aPrefixPutThereByHandIsUsedAndNeverGivenBack() {
    try (Lab lab = lab(Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(PREFIX)), 1)) {
      LabNode node = lab.node(0);
      Until.holds("the warm prefix", () -> prefixes(node) == 1);
      Reports.awaitIdle(node);
      node.daemon().stop();
      NetworkInterface primary = node.interfaces().getFirst();
      lab.model().addresses().assignIpv4(primary.id(), AddressRequest.prefixCount(1));
      Cidr byHand = node.interfaces().getFirst().ipv4Prefixes().stream().filter(p -> !primary.ipv4Prefixes().contains(p)).findFirst()
          .orElseThrow();
      lab.awaitFabric();
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      // It serves from its ledger at once, and knows of what came meanwhile when EC2 or the metadata have told. It may give its own back.
      Until.holds("the one by hand is known", LONG, () -> free(node) == 32 || prefixes(node) == 1);
      List<LabPod> pods = Pods.add(node, "pod", 32);
      List<LabPod> on = pods.stream().filter(pod -> byHand.contains(Ip.of(pod.address()))).toList();
      assertThat(on).hasSize(16);
      reaches(on.getFirst(), on.getLast());
      Pods.delete(pods);
      Until.holds("the one by hand is enough", LONG, () -> prefixes(node) == 1);
      Reports.awaitIdle(node);
      assertThat(node.interfaces().getFirst().ipv4Prefixes()).containsExactly(byHand);
    }
  }

  @Test
  void anInstanceTypeWithoutPrefixesIsRefusedWithWhatWorks() {
    try (Lab lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("t2.small")
        .withConfiguration(Modules.with(PREFIX, List.of(SINGLE))))) {
      // It never serves, so nobody waits for it.
      Thread.ofPlatform().daemon().name("add-node").start(() -> {
        try {
          lab.addNodes(1);
        } catch (RuntimeException expected) {
          // It is looked at below.
        }
      });
      Until.holds("the node is made", () -> !lab.nodes().isEmpty() && lab.node(0).daemon().pid().isPresent());
      LabNode node = lab.node(0);
      JsonNode finding = Until.there("the refusal", () -> {
        for (JsonNode each : Reports.of(node).path("findings")) {
          if (each.toString().contains("InstanceTypeUnsuitable")) {
            return Optional.of(each);
          }
        }
        return Optional.empty();
      });
      assertThat(finding.path("cause").asText()).contains("t2.small").contains("neither Nitro nor bare metal");
      // By what the module files offer: a mode knows no other.
      assertThat(finding.path("remedy").asText()).contains("works secondary-ip (");
      assertThat(node.daemon().serving()).isFalse();
      assertThat(node.conflist()).doesNotExist();
      assertThat(Ec2Calls.of(lab, node).changes().all()).isEmpty();
    }
  }

  /** The free addresses; none while the daemon has not said so yet. */
  private static int free(LabNode node) {
    int free = 0;
    for (JsonNode lane : Reports.of(node).path("lanes")) {
      free += lane.path("free").asInt();
    }
    return free;
  }
}
