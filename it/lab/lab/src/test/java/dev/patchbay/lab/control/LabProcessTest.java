package dev.patchbay.lab.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.TestSettings;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lab in a process of its own: asked, taken down, killed. */
class LabProcessTest {
  private final String name = "p" + ProcessHandle.current().pid();

  @AfterEach
  void down() {
    Control.down(name);
    assertThat(Fabric.existing()).doesNotContain(name);
    assertThat(Lab.folder(name)).doesNotExist();
  }

  @Test
  void isAskedAndTakenDown() {
    List<String> steps = new ArrayList<>();
    LabProcess.start(TestSettings.empty(name), steps::add);
    assertThat(steps).contains("node-1, m5.large");
    assertThat(Control.ask(name, Control.request("status")).path("nodes")).hasSize(2);
    assertThatThrownBy(() -> Control.ask(name, Control.request("pod del").put("node", "node-7")))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("there are node-0, node-1");
    assertThatThrownBy(() -> Control.ask(name, Control.request("nonsense"))).hasMessageContaining("no command 'nonsense'");
    assertThatThrownBy(() -> LabProcess.start(TestSettings.empty(name), step -> {})).hasMessageContaining("is up already");
    ProcessHandle process = Lab.owner(name).orElseThrow();
    assertThat(Control.down(name)).isTrue();
    assertThat(process.isAlive()).isFalse();
    assertThat(Control.down(name)).isFalse();
    assertThatThrownBy(() -> Control.ask(name, Control.request("status"))).hasMessageContaining("there is no lab");
  }

  @Test
  void leavesNothingWhenKilledAndTakenDown() throws Exception {
    LabProcess.start(TestSettings.empty(name).withNodes(1), step -> {});
    String netns = Control.ask(name, Control.request("status")).at("/nodes/0/netns").asText();
    NetworkNamespace node = new NetworkNamespace(netns.substring("/run/netns/".length()));
    Process resident = node.command("sleep", "1000").start();
    ProcessHandle process = Lab.owner(name).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(60, TimeUnit.SECONDS);
    assertThatThrownBy(() -> Control.ask(name, Control.request("status"))).hasMessageContaining("patchbay lab down");
    assertThat(resident.isAlive()).isTrue();
    assertThat(Control.down(name)).isTrue();
    assertThat(resident.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exists()).isFalse();
  }

  @Test
  void locksOfKilledProcessesGoWithWhateverLabComesOrGoes() throws Exception {
    LabProcess.start(TestSettings.empty(name).withNodes(0), step -> {});
    Path locks = Path.of("/run/patchbay-lab");
    Path left = Files.createFile(locks.resolve(name + "left.lock"));
    LabProcess.start(TestSettings.empty(name + "b").withNodes(0), step -> {});
    assertThat(left).doesNotExist();
    assertThat(locks.resolve(name + ".lock")).as("that of a lab that is up").exists();
    assertThat(Control.down(name + "b")).isTrue();
    Files.createFile(left);
    assertThat(Control.down(name + "other")).isFalse();
    assertThat(left).doesNotExist();
    assertThat(Lab.owner(name)).isPresent();
    Files.createFile(left);
    Path remains = Files.createDirectories(Lab.folder(name + "left"));
    Control.down(name);
    assertThat(left).as("that of a lab whose remains are there").exists();
    assertThat(Control.down(name + "left")).isTrue();
    assertThat(left).doesNotExist();
    assertThat(remains).doesNotExist();
  }

  @Test
  void saysWhyItCouldNotBeBuilt() {
    assertThatThrownBy(() -> LabProcess.start(TestSettings.empty(name).withInstanceType("z9.huge"), step -> {}))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("z9.huge");
    assertThat(Control.down(name)).isFalse();
  }
}
