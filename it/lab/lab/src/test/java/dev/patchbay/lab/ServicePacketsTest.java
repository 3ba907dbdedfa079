package dev.patchbay.lab;

import static dev.patchbay.lab.PacketTable.tcp;
import static dev.patchbay.lab.PacketTable.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.services.ServiceRules;
import dev.patchbay.lab.vpc.Ip;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Service addresses and node ports, in both forms of the rules and both families, with packets. */
@Order(3)
class ServicePacketsTest {
  private static final String NAME = "s" + ProcessHandle.current().pid();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int PORT = 80;
  private static final PacketTable TABLE = new PacketTable();
  private static final List<Echo> SERVERS = new ArrayList<>();
  private static Lab lab;
  private static PlainPod a;
  private static PlainPod b;

  @BeforeAll
  static void build() {
    lab = Lab.start(TestSettings.empty(NAME).withNodes(3).withIpv6());
    a = pod(0, "a");
    b = pod(1, "b");
    SERVERS.add(a.serve());
    SERVERS.add(b.serve());
    service("ends", "app: ab", "");
    service("self", "app: a", "");
    service("far", "app: b", "");
    service("none", "app: nobody", "");
    service("outside", "app: b", "\"externalTrafficPolicy\": \"Local\",");
    service("inside", "app: b", "\"internalTrafficPolicy\": \"Local\",");
    service("sticky", "app: ab", "\"sessionAffinity\": \"ClientIP\",");
  }

  @AfterAll
  static void remove() {
    System.out.println(TABLE);
    SERVERS.forEach(Echo::close);
    lab.close();
  }

  @Test
  void withoutRulesServiceAddressesLeadNowhere() {
    lab.useServices(ServiceRules.NONE);
    for (InetAddress address : addresses("far")) {
      TABLE.stopped("no rules", family(address) + "cluster address", tcp(a.netns, address, PORT));
      TABLE.stopped("no rules", family(address) + "node port", tcp(host(2), own(0, address), nodePort("far")));
    }
    TABLE.verify();
  }

  @ParameterizedTest
  @EnumSource(value = ServiceRules.class, names = {"IPTABLES", "NFT"})
  void rulesLeadToPods(ServiceRules form) {
    String of = form.word();
    lab.useServices(form);
    for (InetAddress address : addresses("far")) {
      String family = family(address);
      TABLE.passesAs(of, family + "pod to a cluster address", a.like(address), tcp(a.netns, address, PORT));
      TABLE.passesAs(of, family + "the same by UDP", a.like(address), udp(a.netns, address, PORT));
      TABLE.passesAs(of, family + "node to a cluster address", own(0, address), tcp(host(0), address, PORT));
      TABLE.stopped(of, family + "another port of it", tcp(a.netns, address, PORT + 1));
      TABLE.passes(of, family + "pod to itself by a cluster address", tcp(a.netns, like("self", address), PORT));
      TABLE.stopped(of, family + "cluster address without endpoints", tcp(a.netns, like("none", address), PORT));
      TABLE.passesAs(of, family + "node port of a node without the pod", own(0, address), tcp(host(2), own(0, address), nodePort("far")));
      TABLE.passes(of, family + "node port of the node with the pod", tcp(host(2), own(1, address), nodePort("far")));
      TABLE.passes(of, family + "node port of the own node", tcp(host(0), own(0, address), nodePort("far")));
      TABLE.stopped(of, family + "node port without endpoints", tcp(host(2), own(0, address), nodePort("none")));
      TABLE.stopped(of, family + "a port beside it", tcp(host(2), own(0, address), nodePort("far") + 500));
      TABLE.passesAs(of, family + "local node port of the node with the pod", own(2, address), tcp(host(2), own(1, address), nodePort("outside")));
      TABLE.stopped(of, family + "local node port of a node without", tcp(host(2), own(0, address), nodePort("outside")));
      TABLE.passes(of, family + "local cluster address, on the node with the pod", tcp(host(1), like("inside", address), PORT));
      TABLE.stopped(of, family + "local cluster address, on a node without", tcp(a.netns, like("inside", address), PORT));
      assertThat(seen(like("ends", address), 60, 2)).as("both ends serve").hasSize(2);
      assertThat(seen(like("sticky", address), 12, 2)).as("one end serves a client").hasSize(1);
    }
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    if (form == ServiceRules.IPTABLES) {
      TABLE.passes(of, "IPv4: node port on loopback", tcp(host(0), loopback, nodePort("far")));
    } else {
      TABLE.stopped(of, "IPv4: node port on loopback", tcp(host(0), loopback, nodePort("far")));
    }
    TABLE.verify();
  }

  @ParameterizedTest
  @EnumSource(value = ServiceRules.class, names = {"IPTABLES", "NFT"})
  void rulesFollowTheApi(ServiceRules form) {
    String of = form.word();
    lab.useServices(form);
    service("moving", "app: moving", "");
    InetAddress address = addresses("moving").getFirst();
    TABLE.stopped(of, "no pod is selected yet", tcp(a.netns, address, PORT));
    // Nobody tells the lab: it hears of it.
    labels("b", "moving");
    TABLE.passes(of, "a pod is selected", tcp(a.netns, address, PORT));
    labels("b", "ab");
    lab.awaitServices();
    TABLE.stopped(of, "it is selected no more", tcp(a.netns, address, PORT));
    lab.kube().objects().create(
        """
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "metadata": {"name": "moving", "namespace": "default", "labels": {"kubernetes.io/service-name": "moving"}},
         "ports": [{"name": "tcp", "port": 8080, "protocol": "TCP"}],
         "endpoints": [{"addresses": ["%s"], "conditions": {"ready": true}}]}
        """
            .formatted(b.four.getHostAddress()));
    TABLE.passes(of, "an endpoint slice names it", tcp(a.netns, address, PORT));
    lab.kube().objects().update("endpointslices.discovery.k8s.io", "default", "moving", slice -> {
      ((ObjectNode) slice.at("/endpoints/0/conditions")).put("ready", false);
      return slice;
    });
    lab.awaitServices();
    TABLE.stopped(of, "it is not ready", tcp(a.netns, address, PORT));
    lab.kube().objects().deleteNow("endpointslices.discovery.k8s.io", "default", "moving");
    lab.kube().objects().deleteNow("services", "default", "moving");
    lab.awaitServices();
    TABLE.stopped(of, "the service is gone", tcp(a.netns, address, PORT));
    TABLE.verify();
  }

  @ParameterizedTest
  @EnumSource(value = ServiceRules.class, names = {"IPTABLES", "NFT"})
  void theApiIsReachedByItsServiceAddress(ServiceRules form, @TempDir Path folder) throws Exception {
    lab.useServices(form);
    Path authority = Files.writeString(folder.resolve("ca.crt"), lab.kube().caPem());
    InetAddress address = InetAddress.ofLiteral(spec("kubernetes").path("clusterIP").asText());
    for (NetworkNamespace from : List.of(a.netns, b.netns, host(2))) {
      for (String name : List.of("kubernetes.default", "kubernetes.default.svc.cluster.local", address.getHostAddress())) {
        assertThat(call(from, authority, address, name, "/version").orThrow("ask " + name + " in " + from.name())).contains("gitVersion");
      }
    }
    assertThat(call(a.netns, authority, address, "example.org", "/version").errors()).contains("example.org");
    Set<InetAddress> ends = new HashSet<>();
    lab.kube().objects().get("endpointslices.discovery.k8s.io", "default", "kubernetes").orElseThrow().path("endpoints")
        .forEach(end -> ends.add(InetAddress.ofLiteral(end.at("/addresses/0").asText())));
    assertThat(ends).as("an interface in each zone").hasSize(2).allSatisfy(end ->
        assertThat(lab.model().state().interfaces().values())
            .anyMatch(eni -> eni.requesterManaged() && eni.primary().map(Ip::inet).equals(Optional.of(end))));
    lab.useServices(ServiceRules.NONE);
    TABLE.stopped(form.word(), "the API's service address without rules", tcp(a.netns, address, 443));
    TABLE.verify();
  }

  @Test
  void aPodsTokenIsItsAccountsAndEndsWithThePod(@TempDir Path folder) throws Exception {
    lab.useServices(ServiceRules.NFT);
    Path authority = Files.writeString(folder.resolve("ca.crt"), lab.kube().caPem());
    InetAddress address = InetAddress.ofLiteral(spec("kubernetes").path("clusterIP").asText());
    lab.cluster().addPod(lab.node(0).name(), PodRequest.of("short"));
    String bearer = "Authorization: Bearer " + lab.kube().podToken("default", "short");
    String pods = "/api/v1/namespaces/default/pods";
    assertThat(call(a.netns, authority, address, "kubernetes.default", pods, "-H", bearer).output())
        .contains("\"code\":403", "system:serviceaccount:default:default");
    lab.kube().objects().create(
        """
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "look", "namespace": "default"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
         "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}]}
        """);
    assertThat(call(a.netns, authority, address, "kubernetes.default", pods, "-H", bearer).output()).contains("\"name\":\"short\"");
    lab.cluster().removePod("default", "short");
    assertThat(call(a.netns, authority, address, "kubernetes.default", pods, "-H", bearer).output()).contains("\"code\":401");
  }

  private static NetworkNamespace.Outcome call(
      NetworkNamespace from, Path authority, InetAddress address, String name, String path, String... more) {
    List<String> words = new ArrayList<>(List.of("curl", "-sS", "-m", "60", "--cacert", authority.toString()));
    words.addAll(List.of("--resolve", name + ":443:" + address.getHostAddress()));
    words.addAll(List.of(more));
    words.add("https://" + name + path);
    return from.run(words.toArray(String[]::new));
  }

  @Test
  void nothingOfAFormStaysWhenAnotherTakesItsPlace() {
    lab.useServices(ServiceRules.IPTABLES);
    assertThat(host(0).run("iptables-save").output()).contains("KUBE-SVC-");
    lab.useServices(ServiceRules.NFT);
    assertThat(host(0).run("iptables-save").output()).doesNotContain("KUBE-");
    assertThat(host(0).run("nft", "list", "tables").output()).contains("table ip kube-proxy", "table ip6 kube-proxy");
    lab.useServices(ServiceRules.NONE);
    assertThat(host(0).run("nft", "list", "tables").output()).doesNotContain("kube-proxy");
    assertThat(host(0).run("ip6tables-save").output()).doesNotContain("KUBE-");
  }

  /** As whom the pod a is seen by a service: as itself by b, as its node by itself. */
  private static Set<InetAddress> seen(InetAddress service, int attempts, int enough) {
    Set<InetAddress> all = new HashSet<>();
    for (int i = 0; i < attempts && all.size() < enough; i++) {
      Optional<InetAddress> one = Echo.tcp(a.netns, service, PORT, LONG);
      all.add(one.orElseThrow());
    }
    return all;
  }

  private static PlainPod pod(int node, String name) {
    PlainPod pod = PlainPod.on(lab, lab.node(node), lab.model().state().primaryOf(lab.node(node).instanceId()).orElseThrow(), name);
    lab.cluster().addPod(lab.node(node).name(), PodRequest.of(name).labelled("one", name).labelled("app", "ab"));
    lab.cluster().podRuns("default", name, pod.addresses().stream().map(InetAddress::getHostAddress).toList());
    return pod;
  }

  private static void labels(String pod, String app) {
    lab.kube().objects().update("pods", "default", pod, object -> {
      ((ObjectNode) object.at("/metadata/labels")).put("app", app);
      return object;
    });
  }

  /** With a node port, in both families, for TCP and UDP; {@code app: a} stands for the one pod of that name. */
  private static void service(String name, String selector, String more) {
    String value = selector.substring("app: ".length());
    String key = value.length() == 1 ? "one" : "app";
    lab.kube().objects().create(
        """
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"type": "NodePort", "ipFamilyPolicy": "RequireDualStack", %s "selector": {"%s": "%s"},
          "ports": [{"name": "tcp", "port": 80, "targetPort": 8080, "protocol": "TCP"},
                    {"name": "udp", "port": 80, "targetPort": 8080, "protocol": "UDP"}]}}
        """
            .formatted(name, more, key, value));
  }

  private static JsonNode spec(String service) {
    return lab.kube().objects().get("services", "default", service).orElseThrow().path("spec");
  }

  private static List<InetAddress> addresses(String service) {
    List<InetAddress> all = new ArrayList<>();
    spec(service).path("clusterIPs").forEach(address -> all.add(InetAddress.ofLiteral(address.asText())));
    assertThat(all).hasSize(2);
    return all;
  }

  private static InetAddress like(String service, InetAddress other) {
    return addresses(service).stream().filter(each -> each.getAddress().length == other.getAddress().length).findFirst().orElseThrow();
  }

  private static int nodePort(String service) {
    return spec(service).at("/ports/0/nodePort").asInt();
  }

  private static NetworkNamespace host(int node) {
    return lab.node(node).netns();
  }

  private static InetAddress own(int node, InetAddress like) {
    return lab.node(node).ownAddresses().get(like.getAddress().length == 4 ? 0 : 1);
  }

  private static String family(InetAddress address) {
    return address.getAddress().length == 4 ? "IPv4: " : "IPv6: ";
  }
}
