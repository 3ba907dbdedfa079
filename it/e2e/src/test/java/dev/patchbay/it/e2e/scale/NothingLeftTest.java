package dev.patchbay.it.e2e.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A lab goes whole: namespaces, devices, mounts, processes and files, when it is taken down and when it was killed before. */
class NothingLeftTest {
  /** Of a lab itself: the VPC's router, the internet, the way to EC2 and Kubernetes. */
  private static final int OWN = 3;

  /** In the command of a lab's process. */
  private static final String SERVES = " lab serve";

  private final Machine machine = Machine.start();
  private List<String> before = List.of();

  /** What the first namespace with a name leaves on every machine, whoever makes it, is there before: its folder, and a mount of it. */
  @BeforeEach
  void look() {
    Machine.Ended first = machine.run("sh", "-c", "ip netns add first && ip netns delete first");
    assertThat(first.exit()).as(first.output()).isZero();
    before = machine.look();
    assertThat(before).anyMatch(line -> line.startsWith("mount /run ")).anyMatch(line -> line.startsWith("link 1: lo"));
    assertThat(before).noneMatch(line -> line.startsWith("process "));
  }

  @AfterEach
  void end() {
    machine.close();
  }

  @Test
  void fourNodesWithAHundredPods() {
    up(4, 25);
  }

  /** Asserts of the time what any machine can hold; the figures are printed beside those of {@code ip} for the same. */
  @Test
  @Tag("bench")
  void twentyNodesWithTwoThousandPods() {
    Floor floor = Floor.measure(20 * 101 + OWN);
    Figures.print("scale", "floor: %s", floor);
    Times times = up(20, 100);
    Figures.print("scale", "up: %.1f of %.1f s for it with ip alone; down: %.1f of %.1f s", seconds(times.up()), seconds(floor.made()),
        seconds(times.down()), seconds(floor.removed()));
  }

  private record Times(Duration up, Duration down) {}

  private Times up(int nodes, int pods) {
    long start = System.nanoTime();
    Machine.Ended up =
        Machine.end(machine.patchbay(
            "lab", "up", "--nodes", String.valueOf(nodes), "--pods", String.valueOf(pods), "--instance-type", "m5.4xlarge"));
    Duration upTook = Duration.ofNanos(System.nanoTime() - start);
    assertThat(up.exit()).as(up.output()).isZero();
    assertThat(machine.namespaces()).isEqualTo(OWN + nodes + nodes * pods);
    List<String> there = machine.look();
    assertThat(of(there, "process ").filter(line -> line.contains("/nodes/node-"))).hasSize(nodes);
    String address = up.output().replaceFirst("(?s).*default/node-0-pod-0 (\\S+).*", "$1");
    Machine.Ended ping = machine.run("nsenter", "--net=/run/netns/patchbay-lab-pod_node-1_default_node-1-pod-" + (pods - 1),
        "ping", "-c", "1", "-W", "20", address);
    assertThat(ping.exit()).as(ping.output()).isZero();
    start = System.nanoTime();
    Machine.Ended down = Machine.end(machine.patchbay("lab", "down"));
    Duration downTook = Duration.ofNanos(System.nanoTime() - start);
    assertThat(down.exit()).as(down.output()).isZero();
    assertThat(Machine.differences(before, machine.look())).isEmpty();
    Figures.print("scale", "%d nodes and %d pods: up in %.1f s, down in %.1f s", nodes, nodes * pods, seconds(upTook), seconds(downTook));
    return new Times(upTook, downTook);
  }

  @Test
  void anotherUsesNamespacesMeanwhile() {
    try (Machine fresh = Machine.start()) {
      Machine.Ended up = Machine.end(fresh.patchbay("lab", "up", "--empty", "--nodes", "1"));
      assertThat(up.exit()).as(up.output()).isZero();
      Machine.Ended other = fresh.run("ip", "netns", "add", "other");
      assertThat(other.exit()).as(other.output()).isZero();
      Machine.Ended down = Machine.end(fresh.patchbay("lab", "down"));
      assertThat(down.exit()).as(down.output()).isZero();
      assertThat(fresh.file("/run/netns").toFile().list()).containsExactly("other");
    }
  }

  /** Where the lab is killed: when that many namespaces are there. */
  private void killedAt(String what, int namespaces) {
    Process up = machine.patchbay("lab", "up", "--nodes", "2", "--pods", "12");
    Until.holds(
        "the lab has " + namespaces + " namespaces", Duration.ofMinutes(5), () -> machine.namespaces() >= namespaces || !up.isAlive());
    assertThat(up.isAlive() ? "" : Machine.end(up).output()).isEmpty();
    killLab();
    Machine.Ended ended = Machine.end(up);
    assertThat(ended.exit()).as(ended.output()).isNotZero();
    removed(what + ", with " + namespaces + " namespaces");
  }

  private void killLab() {
    List<ProcessHandle> labs = machine.processes(SERVES);
    assertThat(labs).isNotEmpty();
    labs.forEach(ProcessHandle::destroyForcibly);
  }

  private void removed(String what) {
    List<String> left = Machine.differences(before, machine.look());
    Figures.print("scale", "killed %s: %d things of it were left", what, left.size());
    assertThat(left).isNotEmpty();
    Machine.Ended down = Machine.end(machine.patchbay("lab", "down"));
    assertThat(down.exit()).as(down.output()).isZero();
    assertThat(Machine.differences(before, machine.look())).isEmpty();
  }

  /** Nobody need know what the labs were called that were killed, and a lab that runs stays. */
  @Test
  void whatKilledLabsLeftIsFoundUnderAnyName() {
    Machine.Ended up = Machine.end(machine.patchbay("lab", "up", "--lab", "gone", "--empty", "--nodes", "1"));
    assertThat(up.exit()).as(up.output()).isZero();
    killLab();
    Machine.Ended stays = Machine.end(machine.patchbay("lab", "up", "--lab", "stays", "--empty", "--nodes", "1"));
    assertThat(stays.exit()).as(stays.output()).isZero();
    Machine.Ended none = Machine.end(machine.patchbay("lab", "down", "--lab", "other"));
    assertThat(none.output()).contains("There is no lab 'other'; there is gone, stays.");

    Machine.Ended removed = Machine.end(machine.patchbay("lab", "down", "--remains"));
    assertThat(removed.exit()).as(removed.output()).isZero();
    assertThat(removed.output()).contains("Removed what was left of gone.");
    assertThat(machine.processes(SERVES)).hasSize(1);
    assertThat(machine.namespaces()).isEqualTo(OWN + 1);
    assertThat(Machine.end(machine.patchbay("lab", "down", "--remains")).output()).contains("Nothing is left");
    Machine.Ended down = Machine.end(machine.patchbay("lab", "down", "--lab", "stays"));
    assertThat(down.exit()).as(down.output()).isZero();
    assertThat(Machine.differences(before, machine.look())).isEmpty();
  }

  @Test
  void killedBeforeThereIsAnything() {
    Process up = machine.patchbay("lab", "up");
    Until.holds("the lab has its name", () -> Files.exists(machine.file("/run/patchbay-lab/lab.lock")));
    killLab();
    assertThat(Machine.end(up).exit()).isNotZero();
    removed("at its start");
  }

  @Test
  void killedWhileNodesCome() {
    killedAt("while nodes come", 1 + new Random().nextInt(OWN + 2));
  }

  @Test
  void killedWhilePodsCome() {
    killedAt("while pods come", OWN + 2 + 1 + new Random().nextInt(20));
  }

  @Test
  void killedWhileItGoes() {
    Machine.Ended up = Machine.end(machine.patchbay("lab", "up", "--nodes", "2", "--pods", "12"));
    assertThat(up.exit()).as(up.output()).isZero();
    // So that removing them takes long enough to be met in the middle of it.
    Machine.Ended more =
        machine.run("bash", "-c", "for i in $(seq 400); do echo netns add patchbay-lab-more-$i; done | ip -batch -");
    assertThat(more.exit()).as(more.output()).isZero();
    int most = machine.namespaces() - 1 - new Random().nextInt(200);
    List<ProcessHandle> labs = machine.processes(SERVES);
    Process down = machine.patchbay("lab", "down");
    List<ProcessHandle> downs =
        Until.there("the command runs", () -> Optional.of(machine.processes(" lab down")).filter(found -> !found.isEmpty()));
    while (machine.namespaces() > most && down.isAlive()) {
      Thread.onSpinWait();
    }
    // The command first: it would carry on where the lab leaves off.
    downs.forEach(ProcessHandle::destroyForcibly);
    labs.forEach(ProcessHandle::destroyForcibly);
    assertThat(Machine.end(down).exit()).isNotZero();
    removed("while it goes, with " + machine.namespaces() + " namespaces");
  }

  private static Stream<String> of(List<String> lines, String kind) {
    return lines.stream().filter(line -> line.startsWith(kind));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
