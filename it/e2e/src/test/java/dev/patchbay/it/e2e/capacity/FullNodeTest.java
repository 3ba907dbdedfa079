package dev.patchbay.it.e2e.capacity;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A node of 3 interfaces with 10 addresses each (m5.large): 27 pods, and one beyond. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullNodeTest {
  private static final int PODS = 27;
  private static final int INSTANCE_FULL = 200;
  private static final Duration COOLDOWN = Duration.ofSeconds(8);

  private static Lab lab;
  private static LabNode node;

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", COOLDOWN.toSeconds() + "s")));
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  @Test
  @Order(1)
  void isFilledToItsLastAddress() {
    List<LabPod> pods = Pods.add(node, "pod", PODS);
    assertThat(pods.stream().map(LabPod::address).distinct()).hasSize(PODS);
    Map<String, Long> perEni =
        pods.stream().collect(Collectors.groupingBy(pod -> Reports.eni(node, pod.address()).id(), TreeMap::new, Collectors.counting()));
    assertThat(perEni.values()).containsExactly(9L, 9L, 9L);
    assertThat(pods).extracting(LabPod::address).doesNotContainAnyElementsOf(primaries());
    Reports.awaitIdle(node);
    Ec2Calls changes = Ec2Calls.of(lab, node).changes();
    Figures.print("3 x 10", "27 pods: %s addresses per interface; EC2: %s", perEni.values(), changes.actions());
    // One assignment to the primary interface, and three calls for each further one.
    assertThat(changes.actions())
        .containsExactly(
            "AssignPrivateIpAddresses",
            "CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute",
            "CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute");
  }

  /** The device index of a pod's interface, and the pod's address. */
  private static String place(LabPod pod) {
    int device = Reports.eni(node, pod.address()).attachment().orElseThrow().deviceIndex();
    return device + " " + HexFormat.of().formatHex(pod.address().getAddress());
  }

  private static List<InetAddress> primaries() {
    return node.interfaces().stream().map(NetworkInterface::primary).map(ip -> ip.orElseThrow().inet()).toList();
  }

  @Test
  @Order(2)
  void oneBeyondIsRefusedWithTheReasonAndCostsNoCall() {
    Ec2Calls before = Ec2Calls.of(lab, node);
    CniException refusal = Pods.refusal(Pods.begin(node, PodRequest.of("beyond")));
    Figures.print("3 x 10", "the 28th: code %d: %s %s", refusal.code(), refusal.text(), refusal.details());
    assertThat(refusal.code()).isEqualTo(INSTANCE_FULL);
    assertThat(refusal.text())
        .startsWith("InstanceFull: All 27 addresses")
        .contains("m5.large (3 interfaces with 9 addresses for pods each)");
    assertThat(refusal.details()).contains("Run fewer pods on the node", "larger type");
    assertThat(Reports.attachments(node)).hasSize(PODS).doesNotContain("default/beyond");
    assertThat(Reports.waiting(node)).isEmpty();
    assertThat(before.since(lab, node).changes().all()).isEmpty();
  }

  @Test
  @Order(3)
  void thoseWhoWaitGetWhatCoolsDownInTheirOrderAndNotBefore() {
    Ec2Calls before = Ec2Calls.of(lab, node);
    // In the order in which free addresses are drawn, should both have cooled down by the time somebody looks.
    List<LabPod> inOrder = node.pods().stream().sorted(Comparator.comparing(FullNodeTest::place)).toList();
    List<LabPod> going = List.of(inOrder.get(3), inOrder.get(20));
    List<InetAddress> addresses = going.stream().map(LabPod::address).toList();
    long start = System.nanoTime();
    // One after the other, so that the first address cools down first.
    going.forEach(LabPod::delete);
    List<Future<LabPod>> coming = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "late" + i;
      Future<LabPod> late = Pods.begin(node, PodRequest.of(name));
      coming.add(late);
      Until.holds(name + " waits", () -> Reports.waiting(node).contains("default/" + name) || late.isDone());
    }
    LabPod first = Pods.get(coming.get(0));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LabPod second = Pods.get(coming.get(1));
    CniException refusal = Pods.refusal(coming.get(2));
    Figures.print("3 x 10", "an address of a pod that went is another's after %.1f s of %d s", took.toMillis() / 1e3, COOLDOWN.toSeconds());
    assertThat(List.of(first.address(), second.address())).isEqualTo(addresses);
    assertThat(took).isGreaterThanOrEqualTo(COOLDOWN);
    assertThat(refusal.code()).isEqualTo(INSTANCE_FULL);
    assertThat(before.since(lab, node).changes().all()).isEmpty();
    first.check();
    second.check();
  }
}
