package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Audit;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * {@code kill -9} of a daemon with 20 pods running and 5 ADDs in flight, again and again, while EC2, instance metadata and the API server
 * fail in one way or another. Afterwards everything is accounted for, an audit of each node finds nothing, and the pods that run have
 * lost no packet: 100 a second between pods of one node, of two, and from a node to its pod.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillTest {
  private static final int PODS = 20;
  private static final int ADDS = 5;
  private static final int ROUNDS = 10;
  private static final int SOAK_ROUNDS = 100;
  private static final int TRY_AGAIN = 11;

  /** What fails in a round, in turn; in a silent one nobody but the ledger answers. */
  private enum Weather {
    FAIR(List.of()),
    SILENT(List.of("ec2 hang", "imds hang")),
    THROTTLED(List.of("ec2 throttle chance=0.7 seed=%d")),
    LOSSY(List.of("ec2:*PrivateIpAddresses drop chance=0.6 seed=%d", "ec2:*NetworkInterface drop chance=0.6 seed=%d")),
    BEHIND(List.of("ec2:Describe* lag=5s", "imds lag=8s"));

    private final List<String> faults;

    Weather(List<String> faults) {
      this.faults = faults;
    }
  }

  private record Pod(Sandbox sandbox, InetAddress address) {
    String key() {
      return Sandboxes.key(sandbox);
    }

    NetworkNamespace netns() {
      return sandbox.netns();
    }
  }

  private final Lab lab =
      Labs.start(2, "m5.xlarge", Map.of("node", Map.of("cooldown", "1s")));
  private final LabNode node = lab.node(0);
  private final Sandboxes sandboxes = new Sandboxes(lab);
  private final List<Pod> pods = new ArrayList<>();
  private Pod far = new Pod(new Sandbox("none", new NetworkNamespace("none"), "eth0", Map.of(), Map.of()), InetAddress.getLoopbackAddress());
  /** What callers were told and have not given back. */
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final Deque<Sandbox> old = new ArrayDeque<>();

  @BeforeAll
  void startPods() {
    for (int i = 0; i < PODS; i++) {
      pods.add(add(node));
    }
    far = add(lab.node(1));
    pods.forEach(pod -> told.put(pod.key(), pod.address().getHostAddress()));
    Agreement.await(node, told);
  }

  private Pod add(LabNode on) {
    Sandbox sandbox = sandboxes.make();
    return new Pod(sandbox, address(Executable.of(on, "ADD", sandbox).run().orThrow()));
  }

  private Map<String, Ping> probes() {
    Pod first = pods.getFirst();
    Pod last = pods.getLast();
    Map<String, Ping> probes = new LinkedHashMap<>();
    probes.put("pod to pod on the node", Ping.start(pods.get(1).netns(), first.address()));
    probes.put("pod to pod of another interface", Ping.start(first.netns(), last.address()));
    probes.put("pod of the other node to pod", Ping.start(far.netns(), first.address()));
    probes.put("pod to pod of the other node", Ping.start(last.netns(), far.address()));
    probes.put("node to pod", Ping.start(node.netns(), first.address()));
    probes.put("other node to pod", Ping.start(lab.node(1).netns(), last.address()));
    return probes;
  }

  @AfterAll
  void remove() {
    try (lab) {
      sandboxes.close();
    }
  }

  @Test
  void killedTenTimes() {
    rounds(ROUNDS, 7);
  }

  @Test
  @Tag("soak")
  void killedAHundredTimes() {
    rounds(SOAK_ROUNDS, System.nanoTime());
  }

  private void rounds(int count, long seed) {
    Random random = new Random(seed);
    long start = System.nanoTime();
    int cut = 0;
    Map<String, Ping> probes = probes();
    try {
      for (int round = 0; round < count; round++) {
        cut += round(random, Weather.values()[round % Weather.values().length]);
      }
      Audit.all(lab);
      assertNothingIsLost(probes);
    } finally {
      probes.values().forEach(Ping::close);
    }
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    Figures.print("kill -9", "%d times in %d s with %d pods and %d ADDs in flight each time (seed %d): %d ADDs cut off and served"
        + " later; answers %s", count, seconds, PODS, ADDS, seed, cut, new TreeMap<>(answers));
    assertThat(cut).as("ADDs that were cut off; without any, nothing was tried").isPositive();
  }

  /** Returns how many ADDs were cut off. */
  private int round(Random random, Weather weather) {
    boolean silent = weather == Weather.SILENT;
    if (!silent) {
      weather.faults.forEach(f -> lab.faults().add(String.format(Locale.ROOT, f, random.nextInt(1_000_000))));
    }
    List<Sandbox> boxes = new ArrayList<>();
    List<Future<Integer>> adds = new ArrayList<>();
    for (int i = 0; i < ADDS; i++) {
      Sandbox sandbox = sandboxes.make();
      boxes.add(sandbox);
      adds.add(begin(sandbox));
    }
    new Moment.After(Duration.ofNanos(random.nextInt(30_000_000))).await();
    node.daemon().kill();
    // As a pod's end meets a daemon that is away.
    for (int i = 0; i < 2 && !old.isEmpty(); i++) {
      end(old.removeFirst());
    }
    if (silent) {
      weather.faults.forEach(lab.faults()::add);
      lab.kube().faults().hang();
    }
    node.daemon().start();
    int cut = 0;
    for (Future<Integer> add : adds) {
      cut += get(add);
    }
    if (silent) {
      Sandbox another = sandboxes.make();
      get(begin(another));
      end(another);
      lab.kube().faults().comeBack();
    }
    lab.faults().clear();
    while (!old.isEmpty()) {
      end(old.removeFirst());
    }
    Agreement.await(node, told);
    Audit.await(node);
    assertThat(told).hasSize(PODS + ADDS);
    old.addAll(boxes);
    return cut;
  }

  /** ADD as a container runtime does it: again while it is told to try again later. Tells whether it had to. */
  private Future<Integer> begin(Sandbox sandbox) {
    Executable add = Executable.of(node, "ADD", sandbox);
    FutureTask<Integer> adding = new FutureTask<>(() -> {
      int[] attempts = {0};
      Executable.Ended served = Until.there("an ADD is served", () -> {
        attempts[0]++;
        Executable.Ended ended = add.run();
        answers.merge(ended.succeeded() ? "served" : "code " + ended.code(), 1, Integer::sum);
        assertThat(ended.succeeded() || ended.code() == TRY_AGAIN).as(ended.toString()).isTrue();
        return ended.succeeded() ? Optional.of(ended) : Optional.empty();
      });
      String address = address(served).getHostAddress();
      assertThat(told.containsValue(address)).as("%s is held by another pod: %s", address, told).isFalse();
      told.put(Sandboxes.key(sandbox), address);
      return attempts[0] == 1 ? 0 : 1;
    });
    Thread.ofPlatform().daemon().name("add-" + sandbox.containerId()).start(adding);
    return adding;
  }

  private void end(Sandbox sandbox) {
    told.remove(Sandboxes.key(sandbox));
    Executable.of(node, "DEL", sandbox).run().orThrow();
    sandboxes.remove(sandbox);
  }

  private static void assertNothingIsLost(Map<String, Ping> probes) {
    int sent = 0;
    int lost = 0;
    List<String> all = new ArrayList<>();
    for (Map.Entry<String, Ping> probe : probes.entrySet()) {
      Ping.Result result = probe.getValue().stop();
      sent += result.sent();
      lost += result.lost();
      all.add(probe.getKey() + ": " + result.lost() + " of " + result.sent());
    }
    Figures.print("kill -9", "packets lost: %d of %d (%s)", lost, sent, String.join(", ", all));
    assertThat(sent).as("packets sent").isGreaterThan(probes.size() * 100);
    assertThat(lost).as(all.toString()).isZero();
  }

  private static InetAddress address(Executable.Ended added) {
    return added.address().orElseThrow();
  }

  private static int get(Future<Integer> adding) {
    try {
      return adding.get(Until.LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError("an ADD was not served", failure);
    }
  }
}
