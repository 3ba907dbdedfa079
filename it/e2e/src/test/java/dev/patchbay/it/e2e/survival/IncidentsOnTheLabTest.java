package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What befell users of the reference (aws/amazon-vpc-cni-k8s, by the number of the issue), staged on real packets. The simulation has these
 * and more, at all hours of a day; docs/incidents.md has what the reference did.
 */
class IncidentsOnTheLabTest extends OneNode {
  private static final Duration PACKETS = Duration.ofSeconds(30);

  /** Sandboxes with their addresses, in the order in which they came. */
  private final Map<Sandbox, InetAddress> pods = new LinkedHashMap<>();

  private void add(int count) {
    for (int n = 0; n < count; n++) {
      Sandbox sandbox = sandboxes.make();
      pods.put(sandbox, Executable.of(node, "ADD", sandbox).run().orThrow().address().orElseThrow());
    }
  }

  private void delete(Sandbox sandbox) {
    Executable.of(node, "DEL", sandbox).run().orThrow();
    pods.remove(sandbox);
  }

  @AfterEach
  void deletePods() {
    lab.faults().clear();
    Set.copyOf(pods.keySet()).forEach(this::delete);
  }

  private Map<String, String> told() {
    Map<String, String> told = new TreeMap<>();
    pods.forEach((sandbox, address) -> told.put(Sandboxes.key(sandbox), address.getHostAddress()));
    return told;
  }

  /** Every pod has its address in ledger, kernel and EC2, and is reached by it. */
  private void everyPodIsReached() {
    Agreement.await(node, told());
    pods.forEach((sandbox, address) ->
        assertThat(Ping.reaches(node.netns(), address, PACKETS)).as(address.getHostAddress()).isTrue());
  }

  private void restart() {
    node.daemon().kill();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
  }

  /** 3876: a start that saw IMDS lag behind dropped the pods whose addresses it lacked, and wrote that down at once. */
  @Test
  void aStartThatSeesNoInterfaceInMetadataDropsNoPod() {
    add(12);
    lab.faults().add("imds empty");
    lab.faults().add("ec2:DescribeNetworkInterfaces empty");
    restart();
    assertThat(Reports.attachments(node)).hasSize(12);
    // From the stock that the ledger knows of.
    add(1);
    lab.faults().clear();
    everyPodIsReached();
  }

  /** 3824, 3019, 1967: what descriptions left out was taken for stale, and addresses and interfaces with pods on them were released. */
  @Test
  void whatDescriptionsLeaveOutIsNotReleased() {
    add(12);
    Map<String, Set<String>> before = addresses();
    lab.faults().add("ec2:DescribeNetworkInterfaces empty");
    lab.faults().add("imds empty");
    long seen = described();
    restart();
    Until.holds("the node has been told three times that it has nothing", Duration.ofMinutes(4), () -> described() >= seen + 3);
    assertThat(addresses()).isEqualTo(before);
    pods.forEach((sandbox, address) ->
        assertThat(Ping.reaches(node.netns(), address, PACKETS)).as(address.getHostAddress()).isTrue());
    lab.faults().clear();
    everyPodIsReached();
    assertThat(addresses()).isEqualTo(before);
  }

  private Map<String, Set<String>> addresses() {
    return node.interfaces().stream().collect(Collectors.toMap(NetworkInterface::id,
        eni -> eni.ipv4Addresses().stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new))));
  }

  private long described() {
    return lab.recorder().calls().stream().filter(call -> call.action().equals("DescribeNetworkInterfaces")).count();
  }

  /** 3634, 1127, 2378: a restart forgot who cools down, and the next pod had an address to which others still spoke. */
  @Test
  void anAddressRestsAcrossARestart() {
    add(27);
    Sandbox last = pods.keySet().stream().reduce((one, other) -> other).orElseThrow();
    InetAddress address = pods.get(last);
    delete(last);
    long deleted = System.nanoTime();
    restart();
    add(1);
    Duration rested = Duration.ofNanos(System.nanoTime() - deleted);
    assertThat(pods.values()).as("it was the only one").contains(address);
    // The daemon began to count a little before its DEL was answered.
    assertThat(rested).isGreaterThan(Duration.ofSeconds(COOLDOWN_SECONDS).minusMillis(500));
    everyPodIsReached();
  }
}
