package dev.patchbay.it.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.services.ServiceRules;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Services lead to pods on the primary and on another interface, with the rules of kube-proxy's two modes beside Patchbay's: each
 * way has its answer, and the far end sees whom it must see.
 */
class ServicesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int PORT = 80;
  private static final List<Echo> SERVERS = new ArrayList<>();
  private static Lab lab;
  private static LabPod client;

  /** A pod of node-1 on its primary interface, and one on another. */
  private static List<LabPod> backends;

  @BeforeAll
  static void build() {
    lab = Labs.start(2, "t3.small", Map.of());
    client = lab.node(0).addPod("client");
    // A primary interface of this type carries three pods.
    List<LabPod> pods = Pods.add(lab.node(1), "backend", 4);
    backends = List.of(first(pods, true), first(pods, false));
    backends.forEach(pod -> {
      SERVERS.add(Echo.serve(pod.netns(), InetAddress.ofLiteral("0.0.0.0"), 8080));
      service(pod, "cluster-" + pod.name(), "Cluster");
      service(pod, "local-" + pod.name(), "Local");
    });
    SecurityGroup.Block internet = new SecurityGroup.Block(Cidr.of(Ip.of(Fabric.INTERNET_HOST)));
    lab.model().groups().authorizeIngress(lab.nodeGroup().id(), List.of(SecurityGroup.Rule.tcp(30_000, 32_767, internet),
        SecurityGroup.Rule.tcp(8080, 8080, internet)));
    lab.awaitFabric();
  }

  @AfterAll
  static void remove() {
    SERVERS.forEach(Echo::close);
    lab.close();
  }

  @ParameterizedTest
  @EnumSource(value = ServiceRules.class, names = {"IPTABLES", "NFT"})
  void everyWayToAServiceHasItsAnswer(ServiceRules form) {
    lab.useServices(form);
    LabNode near = lab.node(0);
    LabNode far = lab.node(1);
    for (LabPod pod : backends) {
      String what = form + " to " + pod;
      InetAddress service = address("cluster-" + pod.name());
      int port = nodePort("cluster-" + pod.name());
      int local = nodePort("local-" + pod.name());
      assertThat(seen(client.netns(), service, PORT)).as("%s: a pod by the cluster address", what).contains(client.address());
      assertThat(seen(near.netns(), service, PORT)).as("%s: a node by the cluster address", what).contains(near.address());
      assertThat(seen(far.netns(), service, PORT)).as("%s: its own node by the cluster address", what).isPresent();
      assertThat(seen(pod.netns(), service, PORT)).as("%s: itself by the cluster address", what).isPresent();
      assertThat(seen(near.netns(), far.address(), port)).as("%s: a node by its node's port", what).isPresent();
      assertThat(seen(far.netns(), near.address(), port)).as("%s: a node by another node's port", what).contains(near.address());
      assertThat(seen(client.netns(), near.address(), port)).as("%s: a pod by its own node's port", what).contains(near.address());
      assertThat(seen(near.netns(), far.address(), local)).as("%s: a node by a local port", what).contains(near.address());
      assertThat(seen(client.netns(), far.address(), local)).as("%s: a pod by a local port", what).contains(client.address());
      assertThat(seen(lab.fabric().internet(), far.publicAddress(), local)).as("%s: the internet by a local port", what)
          .contains(Fabric.INTERNET_HOST);
      assertThat(seen(lab.fabric().internet(), near.publicAddress(), port)).as("%s: the internet by another node's port", what)
          .contains(near.address());
    }
  }

  private static Optional<InetAddress> seen(NetworkNamespace from, InetAddress to, int port) {
    return Echo.tcp(from, to, port, LONG);
  }

  private static LabPod first(List<LabPod> pods, boolean onPrimary) {
    NetworkInterface primary = lab.model().state().primaryOf(lab.node(1).instanceId()).orElseThrow();
    return pods.stream().filter(pod -> primary.holds(Ip.of(pod.address())) == onPrimary).findFirst().orElseThrow();
  }

  private static void service(LabPod pod, String name, String policy) {
    lab.kube().objects().create(
        """
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"type": "NodePort", "externalTrafficPolicy": "%s", "ports": [{"port": 80, "targetPort": 8080}]}}
        """
            .formatted(name, policy));
    lab.kube().objects().create(
        """
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "metadata": {"name": "%1$s", "namespace": "default", "labels": {"kubernetes.io/service-name": "%1$s"}},
         "ports": [{"port": 8080, "protocol": "TCP"}],
         "endpoints": [{"addresses": ["%2$s"], "nodeName": "%3$s"}]}
        """
            .formatted(name, pod.address().getHostAddress(), pod.node().name()));
  }

  private static JsonNode spec(String service) {
    return lab.kube().objects().get("services", "default", service).orElseThrow().path("spec");
  }

  private static InetAddress address(String service) {
    return InetAddress.ofLiteral(spec(service).path("clusterIP").asText());
  }

  private static int nodePort(String service) {
    return spec(service).at("/ports/0/nodePort").asInt();
  }
}
