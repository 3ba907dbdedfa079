package dev.patchbay.it.e2e.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Figures;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Debian's containerd gets its network from our executable alone. */
class CtrTest {
  private static NodeWithContainerd there;

  @BeforeAll
  static void start() throws IOException {
    there = NodeWithContainerd.start();
  }

  @AfterAll
  static void end() throws IOException {
    there.close();
  }

  @Test
  void containerThatNamesNoPodGetsItsNetworkAndLeavesNothing() {
    there.containerd().run("before").end();
    KernelState before = there.settled();

    Containerd.Container container = there.containerd().run("c1");
    // ctr passes no CNI_ARGS: the attachment is known by its sandbox, and by nothing else.
    JsonNode attachment = there.attachment(container.sandbox()).orElseThrow();
    assertThat(attachment.path("namespace").asText()).isEmpty();
    assertThat(attachment.path("name").asText()).isEmpty();
    assertThat(attachment.path("state").asText()).isEqualTo("LIVE");
    assertThat(attachment.at("/addresses/0/address").asText()).isEqualTo(container.address().getHostAddress());
    Figures.print("ctr", "sandbox %s has %s, in %s", container.sandbox(), container.address().getHostAddress(),
        attachment.path("netns").asText());
    there.assertOnSecondInterface(container.address());
    there.assertReaches(there.containerd().space(), "c1", container.address());
    assertThat(KernelState.of(there.node()).since(before)).as("traces of a running container").isNotEmpty();

    // ctr asks for DEL when the sandbox's namespace is gone.
    assertThat(container.end()).isEmpty();
    assertThat(there.attachment(container.sandbox())).isEmpty();
    assertThat(KernelState.of(there.node()).since(before)).as("traces of a container that has ended").isEmpty();
    assertThat(there.containerd().processes()).isEmpty();
  }

  @Test
  void podOfKubeletPublishesAPortWithoutAnotherPlugin() throws IOException {
    Cri cri = new Cri(there.containerd());
    String id = cri.runPod("shop", "web", 8088);
    JsonNode attachment = there.attachment(id).orElseThrow();
    assertThat(attachment.path("namespace").asText()).isEqualTo("shop");
    assertThat(attachment.path("name").asText()).isEqualTo("web");
    InetAddress address = InetAddress.ofLiteral(attachment.at("/addresses/0/address").asText());
    there.assertOnSecondInterface(address);
    there.assertReaches(Cri.SPACE, id, address);
    there.assertPublished(8088);
    there.assertHairpin(Cri.SPACE, id, 8088);
    cri.stopPod(id);
    there.assertNotPublished(8088);
    assertThat(there.attachment(id)).isEmpty();
    // kubelet stops what it has stopped before, and DEL comes once more.
    cri.stopPod(id);
    cri.removePod(id);
    assertThat(there.containerd().processes()).isEmpty();
  }
}
