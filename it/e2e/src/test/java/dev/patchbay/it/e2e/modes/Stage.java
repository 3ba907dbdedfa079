package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.SecurityGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Two nodes with pods, for what is tried with all modes alike. */
final class Stage implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int SERVICE_PORT = 80;
  private static final int TARGET_PORT = 8080;

  private final Combination combination;
  private final Lab lab;
  private final List<LabPod> nearPods;
  private final List<LabPod> farPods;
  private final List<Echo> servers = new ArrayList<>();

  Stage(Combination combination) {
    this.combination = combination;
    lab = combination.start(2);
    try {
      nearPods = pods(near(), "near");
      farPods = pods(far(), "far");
      open();
    } catch (RuntimeException | Error failure) {
      lab.close();
      throw failure;
    }
  }

  private List<LabPod> pods(LabNode node, String name) {
    return IntStream.range(0, combination.pods())
        .mapToObj(number -> Pods.begin(node, PodRequest.of(name + number).labelled("pod", name + number)))
        .toList().stream().map(Pods::get).toList();
  }

  /** Lets the internet reach node ports, and pods by them. */
  private void open() {
    List<SecurityGroup.Rule> rules = new ArrayList<>();
    for (Family family : combination.families()) {
      SecurityGroup.Block internet = new SecurityGroup.Block(Cidr.of(Ip.of(family.internet())));
      rules.add(SecurityGroup.Rule.tcp(30_000, 32_767, internet));
      rules.add(SecurityGroup.Rule.tcp(TARGET_PORT, TARGET_PORT, internet));
    }
    lab.model().groups().authorizeIngress(lab.nodeGroup().id(), rules);
    lab.awaitFabric();
  }

  Combination combination() {
    return combination;
  }

  Lab lab() {
    return lab;
  }

  LabNode near() {
    return lab.node(0);
  }

  LabNode far() {
    return lab.node(1);
  }

  /** A pod of the first node, on the first interface that carries pods. */
  LabPod first() {
    return onInterface(nearPods, true).orElseThrow();
  }

  /** Another pod of the first node. */
  LabPod second() {
    LabPod first = first();
    return nearPods.stream().filter(pod -> pod != first).findFirst().orElseThrow();
  }

  /** A pod of the second node, on the first interface that carries pods. */
  LabPod there() {
    return onInterface(farPods, true).orElseThrow();
  }

  /** A pod of the first node on another interface than the first; empty if all pods lie on one. */
  Optional<LabPod> elsewhere() {
    return onInterface(nearPods, false);
  }

  /** A pod of the second node on another interface than the first; empty if all pods lie on one. */
  Optional<LabPod> elsewhereFar() {
    return onInterface(farPods, false);
  }

  private Optional<LabPod> onInterface(List<LabPod> pods, boolean first) {
    Family family = combination.families().getFirst();
    List<String> carrying = pods.getFirst().node().interfaces().stream()
        .filter(eni -> pods.stream().anyMatch(pod -> eni.holds(Ip.of(family.of(pod))))).map(eni -> eni.id()).toList();
    return pods.stream().filter(pod -> family.eniOf(pod).id().equals(carrying.getFirst()) == first).findFirst();
  }

  /** Connects by TCP; the far end must see that address. */
  void seen(NetworkNamespace from, NetworkNamespace to, InetAddress address, InetAddress expected) {
    Family family = Family.IPV4.has(address) ? Family.IPV4 : Family.IPV6;
    try (Echo echo = Echo.serve(to, family.any(), Probe.port())) {
      assertThat(Echo.tcp(from, address, echo.address().getPort(), LONG)).as("seen at %s", address).contains(expected);
    }
  }

  /** Makes a service of a pod, and a server in the pod that tells whom it sees. */
  Service serve(LabPod pod, Family family, String policy) {
    String name = pod.name() + "-" + family.name().toLowerCase(java.util.Locale.ROOT) + "-" + policy.toLowerCase(java.util.Locale.ROOT);
    if (lab.kube().objects().get("services", "default", name).isEmpty()) {
      lab.kube().objects().create(
          """
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "namespace": "default"},
           "spec": {"type": "NodePort", "externalTrafficPolicy": "%s", "ipFamilyPolicy": "SingleStack", "ipFamilies": ["%s"],
            "selector": {"pod": "%s"}, "ports": [{"port": %d, "targetPort": %d}]}}
          """
              .formatted(name, policy, family.word(), pod.name(), SERVICE_PORT, TARGET_PORT));
      if (servers.stream().noneMatch(echo -> echo.address().getAddress().equals(family.of(pod)))) {
        servers.add(Echo.serve(pod.netns(), family.of(pod), TARGET_PORT));
      }
      lab.awaitServices();
    }
    JsonNode spec = lab.kube().objects().get("services", "default", name).orElseThrow().path("spec");
    return new Service(InetAddress.ofLiteral(spec.path("clusterIP").asText()), spec.at("/ports/0/nodePort").asInt());
  }

  /** A service's address and its port on every node. */
  record Service(InetAddress address, int nodePort) {
    Optional<InetAddress> byAddress(NetworkNamespace from) {
      return Echo.tcp(from, address, SERVICE_PORT, LONG);
    }

    Optional<InetAddress> byNode(NetworkNamespace from, InetAddress node) {
      return Echo.tcp(from, node, nodePort, LONG);
    }
  }

  @Override
  public void close() {
    try (lab) {
      servers.forEach(Echo::close);
    }
  }
}
