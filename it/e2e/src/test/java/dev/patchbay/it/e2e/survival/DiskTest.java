package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Audit;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.Ping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The file system of the ledger is full, has become read-only, or stands still: ADD is refused with the reason, DEL is accepted, nothing is
 * lost, and as soon as there is room all goes on. Both parts lie on a small ext4 of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DiskTest {
  private static final int PODS = 4;
  private static final int UNWRITABLE = 470;

  private final Lab lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", "1s")));
  private final LabNode node = lab.node(0);
  private final Sandboxes sandboxes = new Sandboxes(lab);
  private final Map<Sandbox, InetAddress> pods = new LinkedHashMap<>();
  private final Map<Path, Path> images = new HashMap<>();

  @BeforeAll
  void moveTheLedger() throws IOException {
    node.daemon().stop();
    for (Path state : new Path[] {node.runState(), node.libState()}) {
      Path image = state.resolveSibling(state.getFileName() + ".img");
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(8 * 1024 * 1024);
      }
      run("mkfs.ext4", "-q", "-F", image.toString());
      images.put(state, image);
      Path old = state.resolveSibling(state.getFileName() + "-before");
      run("cp", "-a", state.resolve("ledger").toString(), old.toString());
      mount(state);
      run("cp", "-a", old + "/.", state.resolve("ledger").toString());
    }
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    for (int i = 0; i < PODS; i++) {
      add();
    }
    Audit.await(node);
  }

  @AfterAll
  void remove() throws IOException {
    try (lab) {
      sandboxes.close();
      node.daemon().kill();
      for (Path state : images.keySet()) {
        run("umount", "-l", state.resolve("ledger").toString());
      }
    }
  }

  private void mount(Path state) throws IOException {
    run("mount", "-o", "loop", String.valueOf(images.get(state)), state.resolve("ledger").toString());
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as("%s: %s", String.join(" ", command), output).isZero();
  }

  private void add() {
    Sandbox sandbox = sandboxes.make();
    Executable call = Executable.of(node, "ADD", sandbox);
    InetAddress address = Until.there("an ADD is served", () -> Optional.of(call.run()).filter(Executable.Ended::succeeded))
        .address().orElseThrow();
    assertThat(pods).doesNotContainValue(address);
    pods.put(sandbox, address);
  }

  private Sandbox del() {
    Iterator<Sandbox> each = pods.keySet().iterator();
    Sandbox sandbox = each.next();
    each.remove();
    Executable.of(node, "DEL", sandbox).run().orThrow();
    return sandbox;
  }

  private Map<String, String> told() {
    Map<String, String> told = new LinkedHashMap<>();
    pods.forEach((sandbox, address) -> told.put(Sandboxes.key(sandbox), address.getHostAddress()));
    return told;
  }

  /** An ADD that can't be written is refused, and says why and what to do. */
  private void refused(String reason) {
    Sandbox sandbox = sandboxes.make();
    Executable.Ended ended = Executable.of(node, "ADD", sandbox).run();
    assertThat(ended.succeeded()).as(ended.toString()).isFalse();
    assertThat(ended.code()).as(ended.toString()).isEqualTo(UNWRITABLE);
    assertThat(ended.output()).contains("LedgerUnwritable").containsIgnoringCase(reason).contains("or repair");
    Until.holds("the operator is told", () -> Reports.of(node).path("findings").findValuesAsText("name").contains("LedgerUnwritable"));
    Executable.of(node, "DEL", sandbox).run().orThrow();
    sandboxes.remove(sandbox);
  }

  /** Everybody agrees, and still does after a restart. */
  private void nothingIsLost() {
    Agreement.await(node, told());
    Audit.await(node);
    node.daemon().kill();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    Agreement.await(node, told());
    Audit.await(node);
    assertThat(Reports.of(node).path("findings").findValuesAsText("name")).doesNotContain("LedgerRebuilt", "LedgerUnwritable");
  }

  private Ping probe() {
    var boxes = pods.entrySet().stream().skip(PODS - 2L).toList();
    return Ping.start(boxes.getFirst().getKey().netns(), boxes.getLast().getValue());
  }

  @Test
  @Order(1)
  void aFullDiskRefusesAddAcceptsDelAndLosesNothing() throws IOException {
    for (Path state : new Path[] {node.runState(), node.libState()}) {
      Path filler = state.resolve("ledger").resolve("filler");
      new ProcessBuilder("dd", "if=/dev/zero", "of=" + filler, "bs=4k").redirectErrorStream(true).redirectOutput(
          ProcessBuilder.Redirect.DISCARD).start().onExit().join();
    }
    // What is left of the last block of the files is used up by a few pods at most.
    try (Ping probe = probe()) {
      for (int i = 0; fits(); i++) {
        assertThat(i).as("pods that fit on a full disk").isLessThan(20);
      }
      refused("no space left");
      Sandbox gone = del();
      for (Path state : new Path[] {node.runState(), node.libState()}) {
        Files.delete(state.resolve("ledger").resolve("filler"));
      }
      sandboxes.remove(gone);
      add();
      nothingIsLost();
      assertThat(probe.stop().lost()).isZero();
    }
    Figures.print("disk", "full: ADD refused, DEL accepted, nothing lost");
  }

  /** Whether one more pod fits; it goes again. */
  private boolean fits() {
    Sandbox sandbox = sandboxes.make();
    boolean fits = Executable.of(node, "ADD", sandbox).run().succeeded();
    Executable.of(node, "DEL", sandbox).run().orThrow();
    sandboxes.remove(sandbox);
    return fits;
  }

  @Test
  @Order(2)
  void aDiskThatStandsStillLosesNothing() throws IOException {
    try (Ping probe = probe()) {
      String ledger = node.runState().resolve("ledger").toString();
      Sandbox sandbox = sandboxes.make();
      Sandbox gone;
      run("fsfreeze", "-f", ledger);
      try {
        Executable.Running waiting = Executable.of(node, "ADD", sandbox).start();
        Until.holds("its request is sent", waiting::isWaiting);
        assertThat(Reports.of(node).path("serving").asBoolean()).as("the daemon answers meanwhile").isTrue();
        Executable.Ended ended = waiting.await();
        assertThat(ended.code()).as(ended.toString()).isEqualTo(UNWRITABLE);
        assertThat(ended.output()).contains("has not answered a write");
        Executable.of(node, "DEL", sandbox).run().orThrow();
        refused("has not answered a write");
        gone = del();
      } finally {
        run("fsfreeze", "-u", ledger);
      }
      sandboxes.remove(sandbox);
      sandboxes.remove(gone);
      add();
      nothingIsLost();
      assertThat(probe.stop().lost()).isZero();
    }
    Figures.print("disk", "standing still: ADD refused after a while, DEL accepted, nothing lost");
  }

  @Test
  @Order(3)
  void aDiskThatBecomesReadOnlyRefusesAddAndAcceptsDel() throws IOException {
    try (Ping probe = probe()) {
      for (Path state : new Path[] {node.runState(), node.libState()}) {
        // As the kernel does it after an error of the device.
        run("mount", "-o", "remount,abort", state.resolve("ledger").toString());
      }
      refused("read-only");
      Sandbox gone = del();
      node.daemon().kill();
      for (Path state : new Path[] {node.runState(), node.libState()}) {
        run("umount", state.resolve("ledger").toString());
        mount(state);
      }
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      // Its end could not be written: it is held until the DEL comes again, as that of a container runtime does.
      Executable.of(node, "DEL", gone).run().orThrow();
      sandboxes.remove(gone);
      add();
      nothingIsLost();
      assertThat(probe.stop().lost()).isZero();
    }
    Figures.print("disk", "read-only: ADD refused, DEL accepted, nothing lost");
  }
}
