package dev.patchbay.it.e2e.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.it.e2e.vendor.HostileModes.Deed;
import dev.patchbay.it.e2e.vendor.HostileModes.Place;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.Ping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile and broken modes: each is refused or set aside with the right words, and the node serves on. */
class HostileModulesTest {
  @TempDir private static Path folder;

  @Test
  void aFileThatCantBeTakenIsRefusedWithItsCodeAndTheRest() throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("modes", "verify", "--histories", "0"));
    Map<String, Deed> deeds = HostileModes.files();
    for (Map.Entry<String, Deed> deed : deeds.entrySet()) {
      arguments.add(HostileModes.make(folder, deed.getKey(), deed.getValue()).toString());
    }
    Installed.Result verified = Installed.patchbay(folder, 600, arguments);
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.err()).as("nobody sees a stack trace").isEmpty();
    // One verdict after the other, each with the same last line.
    String[] verdicts = verified.out().split("A node would not take it.\n", -1);
    assertThat(verdicts).as(verified.out()).hasSize(deeds.size() + 1);
    int number = 0;
    for (Map.Entry<String, Deed> deed : deeds.entrySet()) {
      assertThat(verdicts[number++]).as(deed.getKey()).contains("REFUSED [").contains(deed.getValue().words()).contains("do: ")
          .doesNotContain("\tat ");
    }
  }

  /** What the node tells of a mode, in such words. */
  private static Optional<String> told(LabNode node, String mode, String words) {
    for (var finding : Reports.of(node).path("findings")) {
      String cause = finding.path("cause").asText();
      if (cause.contains("The mode " + mode + "@1 ") && cause.contains(words)) {
        return Optional.of(finding.path("name").asText() + ": " + cause);
      }
    }
    return Optional.empty();
  }

  private static PodRequest pod(String name, String mode) {
    return PodRequest.of(name + "-" + mode).labelled("hostile", mode);
  }

  /** What a pod is refused with. While its object has not been heard of, the modes' role lets it pass, and it is tried again. */
  private static String refusal(LabNode node, PodRequest request) {
    return Until.there(request.name() + " is refused", Until.LONG.multipliedBy(2), () -> {
      try {
        node.addPod(request).delete();
        return Optional.empty();
      } catch (CniException refused) {
        return Optional.of(refused.text());
      }
    });
  }

  @Test
  void aModeThatFailsIsSetAsideByNameAndTheNodeServesOn() throws IOException {
    Map<String, Deed> deeds = HostileModes.planners();
    List<Map<String, Object>> modules = new ArrayList<>();
    List<Map<String, Object>> modes = new ArrayList<>();
    modules.add(Map.of("file", Installed.HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()));
    modes.add(Map.of("use", "secondary-ip", "settings", Map.of("minimumIpTarget", 29)));
    for (Map.Entry<String, Deed> deed : deeds.entrySet()) {
      modules.add(Map.of("file", HostileModes.make(folder, deed.getKey(), deed.getValue()).toString()));
      modes.add(Map.of("use", deed.getKey()));
    }
    try (Lab lab = Labs.start(1, "m5.4xlarge", Map.of("node", Map.of("cooldown", "1s"), "modules", modules, "modes", modes))) {
      LabNode node = lab.node(0);
      long process = node.daemon().pid().orElseThrow();
      LabPod server = node.addPod("server");
      Map<String, LabPod> kept = new LinkedHashMap<>();
      Map<String, String> words = new LinkedHashMap<>();
      try (Ping ping = Ping.start(node.netns(), server.address())) {
        deeds.forEach((name, deed) -> {
          if (List.of(Place.LANES, Place.NODE, Place.OBJECTS).contains(deed.place())) {
            words.put(name, Until.there(name + " is told", Until.LONG.multipliedBy(3), () -> told(node, name, deed.words())));
          } else {
            // A pod that the mode serves as it should, for as long as it does.
            kept.put(name, node.addPod(pod("good", name).labelled("deed", "none")));
          }
        });
        for (Map.Entry<String, Deed> each : deeds.entrySet()) {
          String name = each.getKey();
          if (!kept.containsKey(name)) {
            continue;
          }
          String refused = refusal(node, pod("bad", name));
          assertThat(refused).as(name).contains("The mode " + name + "@1 " + each.getValue().words());
          words.put(name, refused);
          // Others are served meanwhile.
          LabPod plain = node.addPod("plain-" + name);
          assertThat(Probe.seen(plain.netns(), server.netns(), server.address())).contains(plain.address());
          plain.delete();
        }
        Ping.Result result = ping.stop();
        assertThat(result.lost()).as("of %d packets", result.sent()).isZero();
      }
      kept.forEach((name, pod) -> {
        assertThat(Probe.seen(pod.netns(), server.netns(), server.address())).as("the pod of %s", name).contains(pod.address());
        pod.check();
        pod.delete();
      });
      server.check();
      assertThat(node.daemon().pid()).as("the daemon's process").contains(process);
      Figures.print("hostile", "%d modes that fail, each set aside by name; %d pods kept", words.size(), kept.size());
      words.forEach((name, told) -> Figures.print("hostile", "%s: %s", name, told));
    }
  }
}
