package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A pod's further interface upon one of the node's that others manage: its address is assigned there and taken back, and nothing else of
 * that interface changes. The network's configuration lies in a file of the node.
 */
class BorrowedInterfaceTest {
  private static Lab lab;
  private static LabNode node;
  private static NetworkInterface lent;
  private static Ip others;

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(
        Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)), Map.of("use", "multus"))));
    node = lab.node(0);
    lent = lab.model().interfaces().create(InterfaceRequest.in(node.interfaces().getFirst().subnetId())
        .groups(List.of(lab.nodeGroup().id())).tags(Map.of("node.k8s.amazonaws.com/no_manage", "true")).build());
    others = lab.model().addresses().assignIpv4(lent.id(), AddressRequest.count(1)).addresses().getFirst();
    lab.model().attachments().attach(lent.id(), node.instanceId(), 2, 0);
    lab.awaitFabric();
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private static Set<Ip> assigned() {
    return node.interfaces().stream().filter(eni -> eni.id().equals(lent.id())).findFirst().orElseThrow().secondaries();
  }

  /** The name of the interface's device on the node. */
  private static String device() {
    return node.exec("ip", "-o", "link").output().lines().filter(line -> line.contains(lent.mac())).findFirst()
        .map(line -> line.split(":")[1].strip().split("@")[0]).orElseThrow();
  }

  private static String stateOf(String device) {
    return node.exec("ip", "-o", "addr", "show", "dev", device).output() + node.exec("ip", "route", "show", "table", "all", "dev", device).output()
        + node.exec("ip", "rule").output();
  }

  @Test
  void itsAddressComesToTheInterfaceForThePodAndGoesWithIt() throws IOException {
    String device = device();
    // As its owner would: plugins need it up.
    node.exec("ip", "link", "set", device, "up");
    Path files = Files.createDirectories(node.cniConf().resolve("networks"));
    Files.writeString(files.resolve("10-upon.conf"), "{\"cniVersion\":\"1.0.0\",\"name\":\"upon\",\"type\":\"macvlan\",\"master\":\"" + device
        + "\",\"ipam\":{\"type\":\"patchbay-cni\"}}");
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "k8s.cni.cncf.io/v1")
        .put("kind", "NetworkAttachmentDefinition");
    object.putObject("metadata").put("name", "upon").put("namespace", "default");
    lab.kube().objects().create(object);
    Until.holds("the interface is lent", () -> Reports.of(node).path("lanes").toString().contains("borrowed." + lent.id()));
    // The kernel gives the device that is up an address of its own, and takes a moment to see that nobody else has it.
    Until.holds("the device has come to rest", () -> stateOf(device).contains("inet6 fe80:") && !stateOf(device).contains("tentative"));
    String before = stateOf(device);
    assertThat(assigned()).containsExactly(others);

    LabPod pod = node.addPod(PodRequest.of("upon").annotated("k8s.v1.cni.cncf.io/networks", "upon"));
    Set<Ip> came = new HashSet<>(assigned());
    assertThat(came.remove(others)).isTrue();
    assertThat(came).hasSize(1);
    assertThat(pod.exec("ip", "-4", "-o", "addr", "show", "dev", "net1").output()).contains(" " + came.iterator().next() + "/");
    assertThat(stateOf(device)).as("the device is left as it was").isEqualTo(before);
    pod.check();

    pod.delete();
    Until.holds("it is taken back, and what others have is not", () -> assigned().equals(Set.of(others)));
    assertThat(stateOf(device)).isEqualTo(before);
  }
}
