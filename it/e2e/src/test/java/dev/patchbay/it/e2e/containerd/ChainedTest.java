package dev.patchbay.it.e2e.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Figures;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Debian's containerd gets its network from our executable, chained with Debian's portmap. */
class ChainedTest {
  private static final int OF_CTR = 9090;
  private static final int OF_KUBELET = 8088;

  private static NodeWithContainerd there;

  @BeforeAll
  static void start() throws IOException {
    there = NodeWithContainerd.start();
    // ctr has no words for ports: what it runs publishes what stands in the configuration. What kubelet says takes its place.
    Map<String, Object> portmap =
        Map.of(
            "type", "portmap",
            "capabilities", Map.of("portMappings", true),
            "runtimeConfig",
                Map.of("portMappings", List.of(Map.of("hostPort", OF_CTR, "containerPort", Image.PORT, "protocol", "tcp"))));
    there.chain(portmap);
  }

  @AfterAll
  static void end() throws IOException {
    there.close();
  }

  @Test
  void containerOfCtrPublishesWhatTheConfigurationSays() {
    there.containerd().run("before").end();
    KernelState before = there.settled();

    Containerd.Container container = there.containerd().run("c1");
    there.assertOnSecondInterface(container.address());
    there.assertReaches(there.containerd().space(), "c1", container.address());
    there.assertPublished(OF_CTR);
    there.assertHairpin(there.containerd().space(), "c1", OF_CTR);
    List<String> traces = KernelState.of(there.node()).since(before);
    Figures.print("portmap", "%d lines of kernel state for a container, %d of them iptables'", traces.size(),
        traces.stream().filter(line -> line.startsWith("iptables-save")).count());
    assertThat(traces).anyMatch(line -> line.contains("CNI-DN-"));

    assertThat(container.end()).isEmpty();
    there.assertNotPublished(OF_CTR);
    assertThat(there.attachment(container.sandbox())).isEmpty();
    assertThat(KernelState.of(there.node()).since(before)).as("traces of a container that has ended").isEmpty();
    assertThat(there.containerd().processes()).isEmpty();
  }

  @Test
  void podOfKubeletPublishesByPortmap() throws IOException {
    Cri cri = new Cri(there.containerd());
    String id = cri.runPod("shop", "web", OF_KUBELET);
    JsonNode attachment = there.attachment(id).orElseThrow();
    assertThat(attachment.path("plan").findValuesAsText("kind")).doesNotContain("port-mapping");
    there.assertOnSecondInterface(InetAddress.ofLiteral(attachment.at("/addresses/0/address").asText()));
    there.assertPublished(OF_KUBELET);
    there.assertHairpin(Cri.SPACE, id, OF_KUBELET);
    there.assertNotPublished(OF_CTR);
    cri.stopPod(id);
    there.assertNotPublished(OF_KUBELET);
    assertThat(there.attachment(id)).isEmpty();
    cri.removePod(id);
    assertThat(there.containerd().processes()).isEmpty();
  }
}
