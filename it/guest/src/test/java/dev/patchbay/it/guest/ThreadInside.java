package dev.patchbay.it.guest;

import static dev.patchbay.it.guest.Packets.LONG;
import static dev.patchbay.it.guest.Packets.TRIES;
import static dev.patchbay.it.guest.Packets.doesNotReach;
import static dev.patchbay.it.guest.Packets.reaches;
import static dev.patchbay.it.guest.Packets.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.SecurityGroup;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The daemon of a node with pods on branches, from end to end: their objects, their annotations, ADD, packets, DEL. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
@ExtendWith(Stage.Shared.class)
class ThreadInside {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InetAddress CACHE = InetAddress.ofLiteral("169.254.20.10");
  private static final InetAddress OUTSIDE = InetAddress.ofLiteral("192.0.2.7");
  private static final int DNS = 5353;
  private static final int WEB = 8080;

  private static Lab lab;
  private static LabNode node;
  private static ClusterSide cluster;
  private static SecurityGroup client;
  private static SecurityGroup server;
  private static LabPod one;
  private static LabPod two;
  private static LabPod plain;

  @BeforeAll
  static void build() {
    lab = Stage.current().lab();
    client = group("client");
    server = group("server", new SecurityGroup.Members(client.id()));
    node = lab.addNodes(1).getFirst();
    cluster = new ClusterSide(lab, node, Map.of("client", client, "server", server));
    Until.holds("the node knows its trunk", () -> report().toString().contains("trunk carries no pods itself"));
    one = node.addPod(branch("client", client));
    two = node.addPod(branch("server", server));
    plain = node.addPod("plain");
  }

  /** A node that has ended has no trunk, and whoever comes next makes none for it. */
  @AfterAll
  static void remove() {
    node.pods().forEach(LabPod::delete);
    node.daemon().stop();
    cluster.close();
    lab.kube().objects().deleteNow("cninodes.vpcresources.k8s.aws", "", node.name());
  }

  private static SecurityGroup group(String name, SecurityGroup.Peer... from) {
    SecurityGroup group = lab.model().groups().create(lab.vpcId(), name, name, Map.of());
    for (SecurityGroup.Peer peer : from) {
      lab.model().groups().authorizeIngress(group.id(), List.of(SecurityGroup.Rule.all(peer)));
    }
    return group;
  }

  // What the daemon says

  private static JsonNode report() {
    return json(Until.there("the daemon reports", () -> node.daemon().get("/v1/report").filter(NodeDaemon.Answer::ok)).body());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException wrong) {
      throw new AssertionError(text, wrong);
    }
  }

  private static Optional<String> event(String pod, String reason) {
    return lab.kube().objects().list("events", "default", "").stream()
        .filter(e -> e.at("/involvedObject/name").asText().equals(pod) && e.path("reason").asText().equals(reason))
        .map(e -> e.path("message").asText()).findFirst();
  }

  // Pods

  private static PodRequest branch(String name, SecurityGroup group) {
    return PodRequest.of(name).labelled(ClusterSide.GROUP, group.name()).requesting(ClusterSide.KEY, "1");
  }

  private static LabPod get(FutureTask<LabPod> begun) {
    try {
      return begun.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof CniException refused) {
        throw refused;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a pod", interrupted);
    }
  }

  private static CniException refusal(FutureTask<LabPod> begun) {
    try {
      throw new AssertionError("this pod was to be refused: " + get(begun));
    } catch (CniException refused) {
      return refused;
    }
  }

  private static FutureTask<LabPod> begin(PodRequest request) {
    FutureTask<LabPod> adding = new FutureTask<>(() -> node.addPod(request));
    Thread.ofPlatform().daemon().name("add-" + request.name()).start(adding);
    return adding;
  }

  private static InetAddress four(LabPod pod) {
    return pod.addresses().stream().filter(a -> a instanceof Inet4Address).findFirst().orElseThrow();
  }

  private static List<InetAddress> addressesOfNode() {
    return Stream.concat(node.interfaces().getFirst().primary().stream(), node.interfaces().getFirst().ipv6Addresses().stream().limit(1))
        .map(ip -> ip.inet()).toList();
  }

  private static InetAddress sameFamily(List<InetAddress> addresses, InetAddress as) {
    return addresses.stream().filter(a -> a.getClass() == as.getClass()).findFirst().orElseThrow();
  }

  private static String kernel(String... command) {
    return node.exec(command).orThrow("look at the node");
  }

  /** Changes how the daemon enforces groups while it runs, and waits until that is in force. */
  private static void enforce(String enforcing) {
    List<Map<String, Object>> modes = Stage.modesOfFirst(enforcing);
    Configurations.change(node.configuration(), Map.of("modes", modes));
    String key = "modes[" + (modes.size() - 1) + "].settings.enforcing";
    Until.holds(enforcing + " is in force", () -> node.daemon().get("/v1/configuration").filter(NodeDaemon.Answer::ok)
        .filter(answer -> has(json(answer.body()), key, enforcing)).isPresent() && node.daemon().serving());
  }

  private static boolean has(JsonNode entries, String key, String value) {
    return StreamSupport.stream(entries.spliterator(), false)
        .anyMatch(entry -> entry.path("key").asText().equals(key) && entry.path("value").asText().equals(value));
  }

  /** As kubelet does: a pod that starts while the node begins anew is started by the next attempt. */
  private static LabPod added(PodRequest request) {
    return Until.there("a pod " + request.name(), () -> {
      try {
        return Optional.of(node.addPod(request));
      } catch (CniException again) {
        assertThat(again.toString()).contains("does not answer");
        return Optional.empty();
      }
    });
  }

  private static void checked(LabPod pod) {
    Until.holds("the network of " + pod + " is whole", () -> {
      try {
        pod.check();
        return true;
      } catch (CniException deviates) {
        return false;
      }
    });
  }

  // A service of one address of a pod

  private static InetAddress service(String name, InetAddress address, int port, int targetPort) {
    boolean ipv4 = address instanceof Inet4Address;
    String ports = Stream.of("TCP", "UDP").map(protocol -> """
        {"name": "%s", "protocol": "%s", "port": %d, "targetPort": %d}""".formatted(protocol.toLowerCase(java.util.Locale.ROOT), protocol, port,
        targetPort)).collect(java.util.stream.Collectors.joining(", "));
    lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"ipFamilyPolicy": "SingleStack", "ipFamilies": ["%s"], "ports": [%s]}}
        """.formatted(name, ipv4 ? "IPv4" : "IPv6", ports));
    lab.kube().objects().create("""
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "%1$s",
         "metadata": {"name": "%2$s", "namespace": "default", "labels": {"kubernetes.io/service-name": "%2$s"}},
         "ports": [{"name": "tcp", "port": %3$d, "protocol": "TCP"}, {"name": "udp", "port": %3$d, "protocol": "UDP"}],
         "endpoints": [{"addresses": ["%4$s"], "nodeName": "%5$s"}]}
        """.formatted(ipv4 ? "IPv4" : "IPv6", name, targetPort, address.getHostAddress(), node.name()));
    lab.awaitServices();
    return InetAddress.ofLiteral(
        lab.kube().objects().get("services", "default", name).orElseThrow().path("spec").path("clusterIP").asText());
  }

  @Test
  @Order(1)
  void podsWaitForTheirAnnotationAndGroupsHoldBetweenThem() throws Exception {
    cluster.pause();
    FutureTask<LabPod> first = begin(branch("four", server).labelled(ClusterSide.FAMILIES, "4"));
    FutureTask<LabPod> second = begin(branch("six", server).labelled(ClusterSide.FAMILIES, "6"));
    Until.holds("both wait", () -> report().path("waiting").size() == 2);
    cluster.proceed();
    LabPod ipv4 = first.get();
    LabPod ipv6 = second.get();
    assertThat(one.addresses()).hasSize(2);
    assertThat(ipv4.addresses()).singleElement().isInstanceOf(Inet4Address.class);
    assertThat(ipv6.addresses()).singleElement().isInstanceOf(Inet6Address.class);
    for (LabPod other : List.of(two, ipv4, ipv6)) {
      reaches(one, other);
      doesNotReach(other, one);
      doesNotReach(plain, other);
      other.check();
    }
    doesNotReach(two, plain);
    ipv4.delete();
    ipv6.delete();
  }

  @Test
  @Order(2)
  void theNodeAndItsPodsMeetWithoutARuleOfAnyGroup() {
    for (InetAddress address : two.addresses()) {
      InetAddress own = sameFamily(addressesOfNode(), address);
      assertThat(seen(node.netns(), two.netns(), address)).as("a probe of %s", address).contains(own);
      assertThat(seen(two.netns(), node.netns(), own)).as("%s reaches its node", address).contains(address);
    }
    kernel("ip", "address", "add", CACHE.getHostAddress() + "/32", "dev", "lo", "scope", "host");
    try (Echo cache = Echo.serve(node.netns(), CACHE, 53)) {
      assertThat(Echo.udp(two.netns(), Optional.empty(), CACHE, cache.address().getPort(), LONG)).contains(four(two));
      assertThat(Echo.tcp(two.netns(), CACHE, cache.address().getPort(), LONG)).contains(four(two));
    }
    kernel("ip", "address", "delete", CACHE.getHostAddress() + "/32", "dev", "lo");
  }

  @Test
  @Order(3)
  void serviceAddressesLeadToPodsThatTheGroupsLetIn() {
    lab.model().groups().authorizeIngress(lab.nodeGroup().id(), List.of(
        SecurityGroup.Rule.udp(DNS, DNS, new SecurityGroup.Members(client.id()))));
    lab.awaitFabric();
    for (InetAddress of : one.addresses()) {
      String family = of instanceof Inet4Address ? "4" : "6";
      InetAddress resolver = sameFamily(plain.addresses(), of);
      InetAddress dns = service("dns" + family, resolver, 53, DNS);
      try (Echo names = Echo.serve(plain.netns(), resolver, DNS)) {
        assertThat(names.address().getPort()).isEqualTo(DNS);
        assertThat(Echo.udp(one.netns(), Optional.empty(), dns, 53, LONG)).as("DNS at %s", dns).contains(of);
      }
      InetAddress backend = sameFamily(two.addresses(), of);
      InetAddress web = service("web" + family, backend, 80, WEB);
      try (Echo pages = Echo.serve(two.netns(), backend, WEB)) {
        assertThat(pages.address().getPort()).isEqualTo(WEB);
        assertThat(Echo.tcp(one.netns(), web, 80, LONG)).as("the service %s", web).contains(of);
        assertThat(Echo.tcp(node.netns(), web, 80, LONG)).as("the node by %s", web).contains(sameFamily(addressesOfNode(), of));
        assertThat(Echo.tcp(plain.netns(), web, 80, Duration.ofSeconds(3))).as("a pod outside of the group by %s", web).isEmpty();
      }
    }
  }

  @Test
  @Order(4)
  void nothingThatAStrictPodSendsIsTranslated() {
    assertThat(seen(one.netns(), lab.fabric().internet(), Fabric.INTERNET_HOST_6)).contains(sameFamily(one.addresses(), Fabric.INTERNET_HOST_6));
    // The branch has no public address, and the node's is the node's.
    assertThat(Ping.run(one.netns(), Fabric.INTERNET_HOST, TRIES, 1).received()).isZero();
    assertThat(seen(plain.netns(), lab.fabric().internet(), Fabric.INTERNET_HOST)).contains(node.publicAddress());
  }

  @Test
  @Order(5)
  void aDaemonThatIsKilledCostsNoPacketAndKnowsItsPods() {
    int vlan = cluster.vlan("server");
    List<Ping.Result> results;
    try (Ping between = Ping.start(one.netns(), four(two)); Ping probes = Ping.start(node.netns(), two.addresses().getLast())) {
      node.daemon().kill();
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      two.check();
      results = List.of(between.stop(), probes.stop());
    }
    assertThat(results).allSatisfy(result -> {
      assertThat(result.received()).isPositive();
      assertThat(result.lost()).isZero();
    });
    assertThat(kernel("ip", "-d", "link", "show", "vlan.eth." + vlan)).contains("id " + vlan + " ");
    doesNotReach(plain, two);
  }

  @Test
  @Order(6)
  void whatOthersTakeOutOfTheKernelComesBack() {
    String vlan = "vlan.eth." + cluster.vlan("server");
    kernel("ip", "link", "delete", vlan);
    checked(two);
    reaches(one, two);
    kernel("ip", "-4", "rule", "delete", "iif", vlan);
    kernel("ip", "-6", "rule", "delete", "iif", vlan);
    checked(two);
    reaches(one, two);
  }

  @Test
  @Order(7)
  void whatCantBeIsRefusedAndToldOnThePod() {
    cluster.pause();
    FutureTask<LabPod> odd = begin(branch("odd", client));
    Until.holds("it waits", () -> report().path("waiting").size() == 1);
    cluster.annotate("odd", "{no JSON");
    assertThat(refusal(odd).toString()).contains("ObjectInvalid").contains(ClusterSide.KEY);
    assertThat(Until.there("its Event", () -> event("odd", "ObjectInvalid"))).contains(ClusterSide.KEY).contains("delete the pod");
    cluster.proceed();

    lab.kube().objects().create("""
        {"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": {"name": "shop", "namespace": "default"},
         "spec": {"podSelector": {"matchLabels": {"app": "shop"}}, "securityGroups": {"groupIds": ["%s"]}}}
        """.formatted(client.id()));
    // The policy is heard of a moment later, and a pod that came before it is none of its.
    Until.holds("a pod that did not ask is refused", () -> {
      FutureTask<LabPod> unasked = begin(PodRequest.of("unasked").labelled("app", "shop"));
      try {
        get(unasked).delete();
        return false;
      } catch (CniException refused) {
        assertThat(refused.toString()).contains("BranchNotRequested").contains("shop");
        return true;
      }
    });
    assertThat(Until.there("its Event", () -> event("unasked", "BranchNotRequested"))).contains("Delete the pod");
    lab.kube().objects().delete("securitygrouppolicies.vpcresources.k8s.aws", "default", "shop");
  }

  @Test
  @Order(8)
  void withoutTheApiServerNoPodStartsThatMightBeClaimedAndOthersGoOn() throws Exception {
    lab.kube().faults().refuseConnections();
    FutureTask<LabPod> unknown = begin(PodRequest.of("unknown"));
    Until.holds("it waits, with the reason", () -> report().path("waiting").toString().contains("ObjectUnreadable"));
    reaches(one, two);
    two.check();
    lab.kube().faults().comeBack();
    unknown.get().delete();
  }

  @Test
  @Order(9)
  void anotherWayOfEnforcingIsForNewPods() {
    enforce("standard");
    SecurityGroup.Block outside = new SecurityGroup.Block(Cidr.parse("192.0.2.0/24"));
    lab.model().groups().authorizeIngress(server.id(), List.of(SecurityGroup.Rule.all(outside)));
    NetworkNamespace elsewhere = outsideOfTheVpc();
    LabPod three = added(branch("three", client));
    LabPod other = added(branch("other", server));
    one.check();
    doesNotReach(plain, two);
    doesNotReach(two, one);
    // Pods of one node meet directly, and all else of the VPC meets the branch's groups.
    reaches(plain, other);
    reaches(other, three);
    reaches(three, two);
    assertThat(Ping.run(elsewhere, four(three), TRIES, 1).received()).isZero();
    for (InetAddress address : three.addresses()) {
      assertThat(seen(node.netns(), three.netns(), address)).contains(sameFamily(addressesOfNode(), address));
    }
    // What leaves the VPC leaves as the node; what comes from there by the branch is answered by the branch.
    assertThat(seen(three.netns(), lab.fabric().internet(), Fabric.INTERNET_HOST)).contains(node.publicAddress());
    assertThat(seen(three.netns(), elsewhere, OUTSIDE)).contains(node.address());
    try (Echo echo = Echo.serve(other.netns(), four(other), WEB)) {
      assertThat(Echo.tcp(elsewhere, Optional.of(OUTSIDE), four(other), echo.address().getPort(), LONG)).contains(OUTSIDE);
    }
    other.delete();
    three.delete();
  }

  /** Another network behind an instance that forwards for it: a VPN, say. */
  private static NetworkNamespace outsideOfTheVpc() {
    var model = lab.model();
    String subnet = node.interfaces().getFirst().subnetId();
    var instance = model.instances().launch("m5.large", InterfaceRequest.in(subnet).groups(List.of(lab.nodeGroup().id())).build(),
        Optional.empty(), Map.of());
    var eni = model.state().primaryOf(instance.id()).orElseThrow();
    model.interfaces().setSourceDestCheck(eni.id(), false);
    model.routes().create(Routing.of(model.state()).tableOf(model.state().subnet(subnet)).id(), Cidr.parse("192.0.2.0/24"), new RouteTarget.Interface(eni.id()));
    lab.awaitFabric();
    NetworkNamespace netns = lab.fabric().instance(instance.id());
    netns.run("ip", "address", "add", OUTSIDE.getHostAddress() + "/32", "dev", "lo").orThrow("give the gateway an address");
    return netns;
  }

  @Test
  @Order(10)
  void vlanIdsComeRound() {
    Set<Integer> ids = new HashSet<>();
    List<Integer> given = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      LabPod pod = node.addPod(branch("round" + round, server));
      given.add(cluster.vlan(pod.name()));
      ids.add(cluster.vlan(pod.name()));
      reaches(one, pod);
      pod.delete();
    }
    assertThat(given.size()).as("%s", given).isGreaterThan(ids.size());
  }

  @Test
  @Order(11)
  void afterTheLastNothingIsLeft() {
    node.pods().forEach(LabPod::delete);
    Until.holds("no attachment is left", () -> report().path("attachments").isEmpty());
    assertThat(kernel("ip", "link")).doesNotContain("vlan.eth.");
    for (String family : List.of("-4", "-6")) {
      assertThat(kernel("ip", family, "rule")).contains("0:\tfrom all lookup local").doesNotContain("vlan.eth.").doesNotContain("eni");
      assertThat(kernel("ip", family, "route", "show", "table", "all")).doesNotContain("vlan.eth.");
    }
    Until.holds("no branch is left", () -> cluster.branches() == 0);
  }
}
