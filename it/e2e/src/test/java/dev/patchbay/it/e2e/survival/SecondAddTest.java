package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.Ping;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A second ADD for what has its network, or is about to get it. */
class SecondAddTest extends OneNode {
  private static final int EXISTS = 310;
  private static final int BUSY = 311;
  private static final int POD_INTERFACE_EXISTS = 412;

  @Test
  void secondAddForALiveAttachmentFailsAndChangesNothing() {
    Sandbox sandbox = sandboxes.make();
    Executable add = Executable.of(node, "ADD", sandbox);
    Executable.Ended added = add.run().orThrow();
    InetAddress address = added.address().orElseThrow();
    Kernel ofNode = Kernel.of(node.netns());
    Kernel ofPod = Kernel.of(sandbox.netns());
    JsonNode attachments = Reports.of(node).path("attachments");
    for (Executable again : List.of(add, add.with("CNI_NETNS", sandboxes.make().netns().path().toString()))) {
      Executable.Ended second = again.run();
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.code()).as(second.toString()).isEqualTo(EXISTS);
      assertThat(second.words()).contains(Sandboxes.key(sandbox), "exists", "default/" + sandbox.containerId(), "DEL", "nothing was changed");
      assertThat(second.errors()).isEmpty();
    }
    assertThat(ofNode.differences(Kernel.of(node.netns()))).isEmpty();
    assertThat(ofPod.differences(Kernel.of(sandbox.netns()))).isEmpty();
    assertThat(Reports.of(node).path("attachments")).isEqualTo(attachments);
    assertThat(Ping.reaches(node.netns(), address, Until.LONG)).isTrue();
    added.check().orThrow();
    Executable.of(node, "DEL", sandbox).run().orThrow();
  }

  @Test
  void anotherSandboxWhoseNamespaceHasTheInterfaceAlreadyIsRefusedAndThePodKeepsIts() {
    Sandbox sandbox = sandboxes.make();
    Executable.Ended added = Executable.of(node, "ADD", sandbox).run().orThrow();
    InetAddress address = added.address().orElseThrow();
    Kernel ofNode = Kernel.of(node.netns());
    Kernel ofPod = Kernel.of(sandbox.netns());
    Sandbox intruder = sandbox.withContainerId("intruder");
    Executable.Ended refused = Executable.of(node, "ADD", intruder).run();
    assertThat(refused.code()).as(refused.toString()).isEqualTo(POD_INTERFACE_EXISTS);
    assertThat(refused.words()).contains("eth0 already");
    Agreement.await(node, Map.of(Sandboxes.key(sandbox), address.getHostAddress()));
    assertThat(ofNode.differences(Kernel.of(node.netns()))).isEmpty();
    assertThat(ofPod.differences(Kernel.of(sandbox.netns()))).isEmpty();
    Executable.of(node, "DEL", intruder).run().orThrow();
    assertThat(ofPod.differences(Kernel.of(sandbox.netns()))).isEmpty();
    added.check().orThrow();
    Executable.of(node, "DEL", sandbox).run().orThrow();
  }

  @Test
  void ofManyAtOnceExactlyOneWins() {
    for (int round = 0; round < 5; round++) {
      int calls = round == 0 ? 2 : 6;
      Sandbox sandbox = sandboxes.make();
      Executable add = Executable.of(node, "ADD", sandbox);
      List<Executable.Running> running = new ArrayList<>(IntStream.range(0, calls).mapToObj(i -> add.start()).toList());
      List<Executable.Ended> ended = running.stream().map(Executable.Running::await).toList();
      assertThat(ended).filteredOn(Executable.Ended::succeeded).as(ended.toString()).hasSize(1);
      assertThat(ended).filteredOn(e -> !e.succeeded()).extracting(Executable.Ended::code).isSubsetOf(EXISTS, BUSY);
      Executable.Ended winner = ended.stream().filter(Executable.Ended::succeeded).findFirst().orElseThrow();
      Agreement.await(node, Map.of(Sandboxes.key(sandbox), winner.address().orElseThrow().getHostAddress()));
      winner.check().orThrow();
      Executable.of(node, "DEL", sandbox).run().orThrow();
    }
  }
}
