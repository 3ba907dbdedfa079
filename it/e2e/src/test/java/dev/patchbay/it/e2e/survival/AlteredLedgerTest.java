package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.patchbay.it.e2e.Audit;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.NetworkNamespace.Outcome;
import dev.patchbay.lab.fabric.Ping;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A byte of a live node's ledger is altered, or its end is lost, and the daemon starts anew: the pods keep traffic and addresses, no
 * address is given to another, and what was rebuilt can be undone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlteredLedgerTest {
  private static final int PODS = 4;
  private static final String REBUILT = "LedgerRebuilt";

  private final Lab lab = Labs.start(1, "m5.large", Map.of("node", Map.of("cooldown", "1s")));
  private final LabNode node = lab.node(0);
  private final Sandboxes sandboxes = new Sandboxes(lab);
  private final Map<Sandbox, InetAddress> pods = new LinkedHashMap<>();

  @BeforeAll
  void startPods() {
    for (int i = 0; i < PODS; i++) {
      Sandbox sandbox = sandboxes.make();
      pods.put(sandbox, Executable.of(node, "ADD", sandbox).run().orThrow().address().orElseThrow());
    }
    Audit.await(node);
  }

  @AfterAll
  void remove() {
    try (lab) {
      sandboxes.close();
    }
  }

  private Map<String, String> told() {
    Map<String, String> told = new LinkedHashMap<>();
    pods.forEach((sandbox, address) -> told.put(Sandboxes.key(sandbox), address.getHostAddress()));
    return told;
  }

  private static Path segment(Path state) throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("ledger"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("segment-")).max(java.util.Comparator.naturalOrder()).orElseThrow();
    }
  }

  private interface Alteration {
    byte[] of(byte[] whole);
  }

  /** Alters the file of a killed daemon, starts the next, and holds against each other what all say. */
  private void altered(Path state, Alteration alteration, boolean rebuilt) throws IOException {
    List<Sandbox> boxes = List.copyOf(pods.keySet());
    try (Ping probe = Ping.start(boxes.getFirst().netns(), Objects.requireNonNull(pods.get(boxes.getLast())))) {
      node.daemon().kill();
      Path file = segment(state);
      Files.write(file, alteration.of(Files.readAllBytes(file)));
      if (rebuilt && state.equals(node.libState())) {
        Outcome verify = node.patchbay("ledger", "verify");
        assertThat(verify.exit()).as(verify.output()).isEqualTo(1);
        assertThat(verify.output()).contains("damaged " + file.getFileName());
      }
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      Until.holds("the daemon has looked at EC2", () -> Reports.lane(node, "free") > 0);
      // An end that was lost is not guessed: the address stays held until the container runtime says what there is.
      collectGarbage();
      Agreement.await(node, told());
      Audit.await(node);
      assertThat(Reports.of(node).path("findings").findValuesAsText("name").contains(REBUILT)).as("it is told").isEqualTo(rebuilt);
      Ping.Result result = probe.stop();
      assertThat(result.lost()).as("packets lost of " + result.sent()).isZero();
    }
    assertThat(node.patchbay("ledger", "verify").exit()).as("the gap is closed").isZero();
  }

  private void collectGarbage() {
    Executable.of(node, "GC", pods.keySet().iterator().next()).without("CNI_CONTAINERID").without("CNI_NETNS").without("CNI_IFNAME")
        .configured(c -> {
          ArrayNode valid = c.put("cniVersion", "1.1.0").putArray("cni.dev/valid-attachments");
          pods.keySet().forEach(box -> valid.addObject().put("containerID", box.containerId()).put("ifname", box.interfaceName()));
        }).run().orThrow();
  }

  private static byte[] flipped(byte[] whole, int at) {
    byte[] altered = whole.clone();
    altered[at] ^= 0x10;
    return altered;
  }

  @Test
  void podsKeepTrafficAndAddressesWhateverIsAltered() throws IOException {
    List<Integer> places = new ArrayList<>();
    int length = Math.toIntExact(Files.size(segment(node.runState())));
    for (int part = 1; part <= 4; part++) {
      places.add(length * part / 5);
    }
    for (int place : places) {
      altered(node.runState(), whole -> flipped(whole, Math.min(place, whole.length - 1)), true);
      // Something to be altered is written again: a pod comes and another goes.
      turnover();
    }
    altered(node.runState(), whole -> Arrays.copyOf(whole, 40), true);
    turnover();
    altered(node.runState(), whole -> new byte[0], true);
    Figures.print("altered ledger", "%d times with %d pods, rebuilt from the kernel, no packet lost", places.size() + 2, PODS);
    Audit.all(lab);
  }

  @Test
  void provenanceThatIsLostIsNotGuessed() throws IOException {
    altered(node.libState(), whole -> flipped(whole, 70), true);
    turnover();
    Audit.all(lab);
  }

  /** What was rebuilt goes by an ordinary DEL, and its address to nobody before it has cooled down. */
  private void turnover() {
    Sandbox old = pods.keySet().iterator().next();
    Executable.of(node, "DEL", old).run().orThrow();
    pods.remove(old);
    sandboxes.remove(old);
    Sandbox next = sandboxes.make();
    InetAddress address = Executable.of(node, "ADD", next).run().orThrow().address().orElseThrow();
    assertThat(pods).doesNotContainValue(address);
    pods.put(next, address);
    Agreement.await(node, told());
  }
}
