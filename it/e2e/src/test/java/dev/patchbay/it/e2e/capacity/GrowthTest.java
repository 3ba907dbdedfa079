package dev.patchbay.it.e2e.capacity;

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
import dev.patchbay.lab.calls.Recorder.Call;
import dev.patchbay.lab.fabric.DropReason;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * 60 pods on a node of 8 interfaces with 30 addresses each (m5.4xlarge), with one interface's worth held warm (the default). The
 * arithmetic: 60 pods and 29 warm are 89 addresses, four interfaces of 29; all but one pod gone, an interface is given back while
 * two interfaces' worth (58) are free.
 */
@Order(Labs.EARLY)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrowthTest {
  private static final int PODS = 60;
  private static final int PER_INTERFACE = 29;
  /** Longer than the minute for which a young interface is kept anyway, so that it is the cooldown that is waited for. */
  private static final Duration COOLDOWN = Duration.ofSeconds(62);
  private static final List<String> NEW_INTERFACE =
      List.of("CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute");

  private static Lab lab;
  private static LabNode node;
  private static LabPod far;
  private static List<LabPod> pods = List.of();

  @BeforeAll
  static void start() {
    lab = Labs.start(2, "m5.4xlarge", Map.of("node", Map.of("cooldown", COOLDOWN.toSeconds() + "s")));
    node = lab.node(0);
    far = lab.node(1).addPod("far");
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  @Test
  @Order(1)
  void growsByWhatIsNeededAndNoMore() {
    pods = Pods.add(node, "pod", PODS);
    assertThat(pods.stream().map(LabPod::address).distinct()).hasSize(PODS);
    Until.holds("an interface's worth is free", () -> Reports.lane(node, "free") >= PER_INTERFACE);
    Reports.awaitIdle(node);
    Ec2Calls changes = Ec2Calls.of(lab, node).changes();
    Figures.print("8 x 30", "60 pods: %s addresses per interface; EC2: %s", perInterface(), changes.actions());
    assertThat(perInterface()).containsExactly(29L, 29L, 2L);
    assertThat(Reports.lane(node, "held")).isEqualTo(PODS);
    assertThat(Reports.lane(node, "free")).isEqualTo(4 * PER_INTERFACE - PODS);
    assertThat(changes.actions().getFirst()).isEqualTo("AssignPrivateIpAddresses");
    assertThat(changes.actions().subList(1, changes.actions().size()))
        .isEqualTo(Stream.of(NEW_INTERFACE, NEW_INTERFACE, NEW_INTERFACE).flatMap(List::stream).toList());
    assertThat(changes.of("CreateNetworkInterface").all())
        .extracting(call -> call.parameters().get("SecondaryPrivateIpAddressCount"))
        .containsOnly(String.valueOf(PER_INTERFACE));
  }

  /** How many pods each interface carries, by device; those that carry none left out. */
  private static Collection<Long> perInterface() {
    return pods.stream()
        .collect(Collectors.groupingBy(GrowthTest::device, TreeMap::new, Collectors.counting()))
        .values();
  }

  private static Integer device(LabPod pod) {
    return Reports.eni(node, pod.address()).attachment().orElseThrow().deviceIndex();
  }

  @Test
  @Order(2)
  void trafficOfEachPodLeavesByItsOwnInterface() {
    long before = spoofed();
    for (LabPod pod : pods) {
      assertThat(Probe.seen(pod.netns(), far.netns(), far.address())).as(pod.toString()).isEqualTo(Optional.of(pod.address()));
    }
    assertThat(spoofed()).as("packets that left by another interface than their address's").isEqualTo(before);
    Figures.print("8 x 30", "%d pods reach the other node under their own addresses, none by another's interface", PODS);
  }

  @Test
  @Order(3)
  void trafficThatLeavesByAnotherInterfaceIsDropped() {
    LabPod pod = pods.stream().filter(each -> device(each) == 1).findFirst().orElseThrow();
    String[] wrong = {"from", pod.address().getHostAddress(), "lookup", "main", "priority", "0"};
    long before = spoofed();
    rule("add", wrong);
    try {
      assertThat(Ping.run(pod.netns(), far.address(), 3, 0.5).received()).isZero();
    } finally {
      rule("del", wrong);
    }
    assertThat(spoofed()).isEqualTo(before + 3);
    assertThat(Ping.reaches(pod.netns(), far.address(), Until.LONG)).isTrue();
    assertThat(spoofed()).isEqualTo(before + 3);
  }

  private static void rule(String verb, String... what) {
    List<String> command = new ArrayList<>(List.of("ip", "rule", verb));
    command.addAll(List.of(what));
    node.exec(command.toArray(String[]::new)).orThrow("ip rule " + verb);
  }

  private static long spoofed() {
    return lab.fabric().drops().getOrDefault(DropReason.SPOOFED_ADDRESS, 0L);
  }

  @Test
  @Order(4)
  void shrinksToItsFloorOnlyAfterCooldownAndHarmsNobody() {
    LabPod stays = pods.stream().filter(each -> device(each) == 2).findFirst().orElseThrow();
    Ec2Calls before = Ec2Calls.of(lab, node);
    List<NetworkInterface> interfaces = node.interfaces();
    Instant begun = Instant.now();
    Ping.Result running;
    try (Ping ping = Ping.start(stays.netns(), far.address())) {
      Pods.delete(pods.stream().filter(each -> each != stays).toList());
      Until.holds("two interfaces are gone", COOLDOWN.multipliedBy(3), () -> node.interfaces().size() == 2);
      Reports.awaitIdle(node);
      running = ping.stop();
    }
    Ec2Calls changes = before.since(lab, node).changes();
    Figures.print("8 x 30", "59 pods gone: EC2: %s", changes.actions());
    Figures.print("8 x 30", "packets of the pod that stays: %d sent, %d lost", running.sent(), running.lost());
    assertThat(running.lost()).isZero();
    assertThat(changes.of("DetachNetworkInterface").all()).hasSize(2);
    assertThat(changes.counts().keySet()).containsExactly("DeleteNetworkInterface", "DetachNetworkInterface");
    Call first = changes.of("DetachNetworkInterface").all().getFirst();
    assertThat(first.time()).isAfterOrEqualTo(begun.plus(COOLDOWN));
    // The last one had no pod, the second lost its pods; the primary is never given back, nor the one with a pod.
    assertThat(node.interfaces()).extracting(NetworkInterface::id)
        .containsExactly(interfaces.get(0).id(), interfaces.get(2).id());
    assertThat(Reports.lane(node, "held")).isEqualTo(1);
    assertThat(Reports.lane(node, "free")).isEqualTo(2 * PER_INTERFACE - 1);
    assertThat(lab.model().state().interfaces()).doesNotContainKeys(interfaces.get(1).id(), interfaces.get(3).id());
    stays.check();
  }
}
