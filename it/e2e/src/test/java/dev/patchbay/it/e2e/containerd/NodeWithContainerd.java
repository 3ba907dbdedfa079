package dev.patchbay.it.e2e.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.SecurityGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lab of two nodes: one with containerd, whose primary interface has no address left, so that containers are on the second one,
 * the harder case; and one with a pod. Both answer the internet.
 */
final class NodeWithContainerd implements AutoCloseable {
  private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

  private final Lab lab;
  private final LabNode node;
  private final LabPod far;
  private final Containerd containerd;

  private NodeWithContainerd(Lab lab) throws IOException {
    this.lab = lab;
    this.node = lab.node(0);
    lab.model().groups().authorizeIngress(
        lab.nodeGroup().id(), List.of(SecurityGroup.Rule.tcp(1, 65_535, new SecurityGroup.Block(Cidr.parse("0.0.0.0/0")))));
    far = lab.node(1).addPod("far");
    Pods.add(node, "first", 3);
    lab.awaitFabric();
    containerd = Containerd.start(lab, node);
  }

  static NodeWithContainerd start() throws IOException {
    Lab lab = Labs.start(2, "t3.small", Map.of());
    try {
      return new NodeWithContainerd(lab);
    } catch (IOException | RuntimeException | Error failure) {
      lab.close();
      throw failure;
    }
  }

  /** Lets the node's daemon chain plugins, as after a change of its configuration: those that run already are not chained to it. */
  void chain(Map<String, Object> plugin) {
    Labs.reconfigure(node, Map.of("cni", Map.of("chained", List.of(plugin))));
    Until.holds("the network configuration has the plugin", () -> node.cni().configuration().orElseThrow().path("plugins").size() == 2);
  }

  LabNode node() {
    return node;
  }

  Containerd containerd() {
    return containerd;
  }

  /** The kernel's state once the node has fetched all that it will: t3.small has three interfaces. */
  KernelState settled() {
    Until.holds("the node has all its interfaces", () -> node.interfaces().size() == 3 && Reports.lane(node, "free") >= 3);
    Reports.awaitIdle(node);
    Until.holds("addresses are settled", () -> !node.exec("ip", "addr").output().contains("tentative"));
    return KernelState.of(node);
  }

  /** The attachment of a sandbox as the daemon reports it; empty if there is none. */
  Optional<JsonNode> attachment(String sandbox) {
    for (JsonNode attachment : Reports.of(node).path("attachments")) {
      if (attachment.path("attachment").asText().equals(sandbox + "/eth0")) {
        return Optional.of(attachment);
      }
    }
    return Optional.empty();
  }

  /** A container's address is one of EC2's, on the second interface. */
  void assertOnSecondInterface(InetAddress address) {
    assertThat(Reports.eni(node, address).attachment().orElseThrow().deviceIndex()).isEqualTo(1);
  }

  /** A container and the pod on the other node reach each other, and see each other's own address. */
  void assertReaches(String space, String container, InetAddress address) {
    try (Echo echo = Echo.serve(far.netns(), ANY, Probe.port())) {
      String seen =
          containerd.exec(space, container, "nc", far.address().getHostAddress(), String.valueOf(echo.address().getPort()))
              .orThrow("reach " + far);
      assertThat(seen.strip()).as("source seen by the pod on the other node").isEqualTo(address.getHostAddress());
    }
    assertThat(Web.seen(far.netns(), address, Image.PORT)).as("source seen by the container").isEqualTo(Optional.of(far.address()));
  }

  /** A port that a container publishes is reached from everywhere, and the container sees who it is. */
  void assertPublished(int port) {
    assertThat(Web.seen(far.netns(), node.address(), port)).as("from a pod of another node").isEqualTo(Optional.of(far.address()));
    assertThat(Web.seen(lab.node(1).netns(), node.address(), port)).as("from another node")
        .isEqualTo(Optional.of(lab.node(1).address()));
    assertThat(Web.seen(lab.fabric().internet(), node.publicAddress(), port)).as("from the internet")
        .isEqualTo(Optional.of(Fabric.INTERNET_HOST));
    LabPod neighbour = node.pod("default", "first0");
    assertThat(Web.seen(neighbour.netns(), node.address(), port)).as("from a pod of the node")
        .isEqualTo(Optional.of(neighbour.address()));
    assertThat(Web.seen(node.netns(), node.address(), port)).as("from the node itself").isEqualTo(Optional.of(node.address()));
  }

  /** A container reaches itself by the port that it publishes. */
  void assertHairpin(String space, String container, int port) {
    Output output = containerd.exec(space, container, Web.command(node.address(), port));
    assertThat(output.exit()).as("from the container itself: " + output.text()).isZero();
  }

  void assertNotPublished(int port) {
    assertThat(Web.seen(far.netns(), node.address(), port)).isEmpty();
    assertThat(Web.seen(lab.fabric().internet(), node.publicAddress(), port)).isEmpty();
  }

  @Override
  public void close() throws IOException {
    try (lab) {
      containerd.close();
    }
  }
}
