package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.services.ServiceRules;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that is tried with every combination of modes, in order. */
final class Cells {
  /** More than any of the combinations has addresses, so that one must come round. */
  private static final int MOST_ROUNDS = 200;
  /** As often an address of a block is drawn that is too large to come round. */
  private static final int ROUNDS_IN_RANGE = 20;

  private Cells() {}

  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of("the result names an address of each family, and CHECK agrees", Cells::results));
    cells.addAll(Cell.ofFamilies("pod to pod on its node", (s, f) ->
        s.seen(s.first().netns(), s.second().netns(), f.of(s.second()), f.of(s.first()))));
    cells.addAll(Cell.ofFamilies("pod to pod on another node", (s, f) ->
        s.seen(s.first().netns(), s.there().netns(), f.of(s.there()), f.of(s.first()))));
    cells.addAll(Cell.ofInterfaces("the same between other interfaces", Cells::betweenOtherInterfaces));
    cells.addAll(Cell.ofFamilies("node to its pod", (s, f) ->
        s.seen(s.near().netns(), s.first().netns(), f.of(s.first()), f.of(s.near()))));
    cells.addAll(Cell.ofFamilies("pod to its node", (s, f) ->
        s.seen(s.first().netns(), s.near().netns(), f.of(s.near()), f.of(s.first()))));
    cells.addAll(Cell.ofFamilies("host process to a pod of another node", (s, f) ->
        s.seen(s.near().netns(), s.there().netns(), f.of(s.there()), f.of(s.near()))));
    cells.addAll(Cell.ofFamilies("pod to a host process of another node", (s, f) ->
        s.seen(s.there().netns(), s.near().netns(), f.of(s.near()), f.of(s.there()))));
    cells.addAll(Cell.ofFamilies("pod to the internet and back", (s, f) ->
        s.seen(s.first().netns(), s.lab().fabric().internet(), f.internet(), f.publicOf(s.first()))));
    cells.addAll(Cell.ofInterfaces("the same from another interface", (s, f) ->
        s.seen(s.elsewhere().orElseThrow().netns(), s.lab().fabric().internet(), f.internet(),
            f.publicOf(s.elsewhere().orElseThrow()))));
    cells.add(new Cell("IPv4 internet from pods without an IPv4 address", Cells::hasOwnIpv4, s ->
        s.seen(s.first().netns(), s.lab().fabric().internet(), Fabric.INTERNET_HOST, s.near().publicAddress())));
    cells.add(new Cell("IPv6 internet from pods without an IPv6 address of the VPC", Cells::hasNoIpv6Egress, s ->
        s.seen(s.elsewhere().orElseGet(s::first).netns(), s.lab().fabric().internet(), Fabric.INTERNET_HOST_6, Family.IPV6.of(s.near()))));
    for (ServiceRules form : List.of(ServiceRules.IPTABLES, ServiceRules.NFT)) {
      cells.addAll(Cell.ofFamilies("cluster address, " + form.word(), (s, f) -> clusterAddress(s, f, form)));
      cells.addAll(Cell.ofFamilies("node port, " + form.word(), (s, f) -> nodePort(s, f, form)));
    }
    cells.add(new Cell("IPv6 pods by a node port of IPv4", s -> Optional.of(s.combination().families().contains(Family.IPV6)
        ? "kube-proxy leads a port to pods of the port's own family; dual stack gives pods both" : "pods have no IPv6 address"), s -> {}));
    cells.add(Cell.of("daemon killed and started: pods lose no packet", Cells::killed));
    cells.add(Cell.of("an address is given again, and not before its cooldown", Cells::comesRound));
    cells.add(Cell.of("the other datapath from a restart on, and back: pods lose no packet", Cells::otherDatapath));
    return cells;
  }

  private static void results(Stage stage) {
    for (LabPod pod : List.of(stage.first(), stage.there())) {
      assertThat(pod.addresses()).hasSize(stage.combination().families().size());
      stage.combination().families().forEach(family -> assertThat(family.eniOf(pod).id()).isNotEmpty());
      pod.check();
    }
    if (stage.combination().runs("custom-net")) {
      LabPod pod = stage.first();
      assertThat(Family.IPV4.of(pod).getHostAddress()).startsWith(Combination.POD_BLOCK + ".");
      assertThat(Family.IPV4.eniOf(pod).attachment().orElseThrow().deviceIndex()).isPositive();
      assertThat(stage.near().interfaces().getFirst().ipv4Prefixes()).isEmpty();
      assertThat(stage.near().interfaces().getFirst().secondaries()).isEmpty();
    }
  }

  private static void betweenOtherInterfaces(Stage stage, Family family) {
    LabPod from = stage.elsewhere().orElseThrow();
    LabPod to = stage.elsewhereFar().orElseThrow();
    stage.seen(from.netns(), to.netns(), family.of(to), family.of(from));
    stage.seen(from.netns(), stage.first().netns(), family.of(stage.first()), family.of(from));
  }

  private static Optional<String> hasOwnIpv4(Stage stage) {
    return stage.combination().families().contains(Family.IPV4) ? Optional.of("pods have an IPv4 address") : Optional.empty();
  }

  private static Optional<String> hasNoIpv6Egress(Stage stage) {
    return stage.combination().families().contains(Family.IPV6) ? Optional.of("pods have an IPv6 address")
        : stage.combination().hasIpv6Egress() ? Optional.empty() : Optional.of("the operator did not choose IPv6 egress");
  }

  private static void clusterAddress(Stage stage, Family family, ServiceRules form) {
    stage.lab().useServices(form);
    for (LabPod pod : backends(stage)) {
      Stage.Service service = stage.serve(pod, family, "Cluster");
      InetAddress client = family.of(stage.first());
      assertThat(service.byAddress(stage.first().netns())).as("a pod to %s", pod).contains(client);
      assertThat(service.byAddress(stage.near().netns())).as("a node to %s", pod).contains(family.of(stage.near()));
      assertThat(service.byAddress(stage.far().netns())).as("its node to %s", pod).isPresent();
      assertThat(service.byAddress(pod.netns())).as("%s to itself", pod).isPresent();
    }
  }

  private static void nodePort(Stage stage, Family family, ServiceRules form) {
    stage.lab().useServices(form);
    LabNode near = stage.near();
    LabNode far = stage.far();
    for (LabPod pod : backends(stage)) {
      Stage.Service any = stage.serve(pod, family, "Cluster");
      Stage.Service local = stage.serve(pod, family, "Local");
      assertThat(any.byNode(far.netns(), family.of(near))).as("a node by another's port to %s", pod).contains(family.of(near));
      // kube-proxy masquerades it as the interface by which the pod's packets leave, which is one of the node's all the same.
      assertThat(any.byNode(stage.first().netns(), family.of(near))).as("a pod by its node's port to %s", pod)
          .isPresent().get().isIn(family.allOf(near));
      assertThat(local.byNode(near.netns(), family.of(far))).as("a node by a local port to %s", pod).contains(family.of(near));
      assertThat(local.byNode(stage.lab().fabric().internet(), family.publicOf(far))).as("the internet by a local port to %s", pod)
          .contains(family.internet());
      assertThat(any.byNode(stage.lab().fabric().internet(), family.publicOf(near))).as("the internet by another node's port to %s",
          pod).contains(family.of(near));
    }
  }

  private static List<LabPod> backends(Stage stage) {
    List<LabPod> backends = new ArrayList<>(List.of(stage.there()));
    stage.elsewhereFar().ifPresent(backends::add);
    return backends;
  }

  private static void killed(Stage stage) {
    Map<String, Integer> lost = lostWhile(stage, () -> {
      stage.near().daemon().kill();
      stage.near().daemon().start();
      stage.near().daemon().awaitServing(Until.LONG);
    });
    Figures.print("restart", "%s: lost %s", stage.combination(), lost);
    assertNoneLost(lost);
    stage.first().check();
    works(stage, "later");
  }

  private static void otherDatapath(Stage stage) {
    for (String datapath : List.of(stage.combination().otherDatapath(), stage.combination().datapath())) {
      Map<String, Integer> lost = lostWhile(stage, () -> Labs.reconfigure(stage.near(), Map.of("node", Map.of("datapath", datapath))));
      Figures.print("to " + datapath, "%s: lost %s", stage.combination(), lost);
      assertNoneLost(lost);
      stage.near().pods().forEach(LabPod::check);
      works(stage, "with-" + datapath);
    }
  }

  /** A new pod has its network, and the old ones theirs. */
  private static void works(Stage stage, String name) {
    LabPod later = stage.near().addPod(name);
    stage.combination().families().forEach(family -> {
      stage.seen(later.netns(), stage.there().netns(), family.of(stage.there()), family.of(later));
      LabPod old = stage.elsewhere().orElseGet(stage::first);
      stage.seen(old.netns(), stage.lab().fabric().internet(), family.internet(), family.publicOf(old));
      stage.seen(stage.there().netns(), old.netns(), family.of(old), family.of(stage.there()));
    });
    later.delete();
  }

  private static void assertNoneLost(Map<String, Integer> lost) {
    assertThat(lost.values()).as("lost: %s", lost).containsOnly(0);
  }

  /** How many packets each of some pings lost while something went on. */
  private static Map<String, Integer> lostWhile(Stage stage, Runnable what) {
    Map<String, Ping> pings = new TreeMap<>();
    for (Family family : stage.combination().families()) {
      pings.put("pod to pod, " + family.word(), Ping.start(stage.first().netns(), family.of(stage.there())));
      pings.put("node to pod, " + family.word(), Ping.start(stage.near().netns(), family.of(stage.second())));
      pings.put("internet, " + family.word(), Ping.start(stage.elsewhere().orElseGet(stage::first).netns(), family.internet()));
    }
    try {
      what.run();
      Map<String, Integer> lost = new TreeMap<>();
      pings.forEach((name, ping) -> {
        Ping.Result result = ping.stop();
        assertThat(result.sent()).as(name).isPositive();
        lost.put(name, result.lost());
      });
      return lost;
    } finally {
      pings.values().forEach(Ping::close);
    }
  }

  /** A pod is started and ended until it has an address again that another had before it. */
  private static void comesRound(Stage stage) {
    stage.combination().families().forEach(family -> {
      Map<InetAddress, Instant> ended = new HashMap<>();
      boolean round = false;
      int rounds = family == Family.IPV6 ? ROUNDS_IN_RANGE : MOST_ROUNDS;
      for (int number = 0; number < rounds && !round; number++) {
        LabPod pod = stage.near().addPod("round" + number);
        Instant had = Instant.now();
        InetAddress address = family.of(pod);
        Instant before = ended.get(address);
        if (before != null) {
          assertThat(Duration.between(before, had)).isGreaterThanOrEqualTo(Duration.ofSeconds(Combination.COOLDOWN_SECONDS));
          round = true;
        }
        ended.put(address, Instant.now());
        pod.delete();
      }
      assertThat(round).as("an address of %s comes round within %d pods", family.word(), rounds).isEqualTo(family == Family.IPV4);
    });
  }
}
