package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ENIConfigs that can't be followed: a pod is told at once, everybody tells the same, nothing is half made, and a correction is enough. */
class WrongEniConfigTest {
  private static Lab lab;
  private static LabNode node;
  private static Map<String, Subnet> subnets = Map.of();
  private static int number;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("m5.4xlarge").withConfiguration(Map.of(
        "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)),
            Map.of("use", "custom-net", "settings", Map.of("label", "topology.kubernetes.io/zone"))))));
    subnets = PodNetworks.make(lab, "100.64");
    lab.addNodes(1);
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static String zone(String letter) {
    return lab.model().settings().region() + letter;
  }

  private static Subnet podSubnet(String letter) {
    return Objects.requireNonNull(subnets.get(zone(letter)));
  }

  private static void spec(String subnet) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("spec").put("subnet", subnet);
    lab.kube().objects().merge("eniconfigs.crd.k8s.amazonaws.com", "", zone("a"), patch);
  }

  /** What is wrong is told by all, nothing of it is left, and pods come when it is corrected. */
  private static void told(String code, String... words) {
    CniException refused = Until.there("a pod is refused for " + code, Until.LONG.multipliedBy(2), () -> {
      try {
        node.addPod("wrong" + number++).delete();
        return Optional.empty();
      } catch (CniException why) {
        return why.toString().contains(code) ? Optional.of(why) : Optional.empty();
      }
    });
    assertThat(refused.getMessage()).contains(words);
    JsonNode finding = Until.there("the finding", () -> {
      for (JsonNode each : Reports.of(node).path("findings")) {
        if (each.toString().contains(code)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    });
    assertThat(finding.toString()).contains(words);
    Until.holds("a metric has the code", () -> node.daemon().getMetrics("/metrics").map(a -> a.body()).orElse("").lines()
        .anyMatch(line -> line.contains(code)));
    Until.holds("the log has the code", () -> log().stream().anyMatch(line -> line.contains(code) && line.contains(words[0])));
    Until.holds("an Event has the code", () -> lab.kube().objects().list("events.events.k8s.io", "", "").stream()
        .anyMatch(event -> event.toString().contains(code)));
    // What was under way for what the ENIConfig said before is brought to its end.
    String right = podSubnet("a").id();
    Until.holds("every interface is attached, and lies where it may", () -> lab.model().state().interfaces().values().stream()
        .filter(eni -> !eni.requesterManaged() && !eni.subnetId().equals(node.interfaces().getFirst().subnetId()))
        .allMatch(eni -> eni.attachment().isPresent() && eni.subnetId().equals(right)));
    spec(podSubnet("a").id());
    LabPod pod = Until.there("a pod after the correction", Until.LONG.multipliedBy(3), () -> {
      try {
        return Optional.of(node.addPod("right" + number++));
      } catch (CniException notYet) {
        return Optional.empty();
      }
    });
    assertThat(Probe.seen(pod.netns(), node.netns(), node.address())).contains(pod.address());
    pod.delete();
  }

  private static List<String> log() {
    try {
      return Files.readAllLines(node.daemon().log());
    } catch (IOException failure) {
      throw new AssertionError("the daemon's log can't be read", failure);
    }
  }

  @Test
  void aSubnetOfAnotherZone() {
    String other = podSubnet("b").id();
    spec(other);
    told("ObjectInvalid", other, zone("a"), "ENIConfig");
  }

  @Test
  void aSubnetThatIsNotThere() {
    spec("subnet-0123456789abcdef0");
    told("ObjectInvalid", "subnet-0123456789abcdef0", "ENIConfig");
  }

  @Test
  void aFullSubnet() {
    Subnet small = lab.model().network().createSubnet(lab.vpcId(), zone("a"), Cidr.parse("100.64.200.0/28"),
        Optional.empty(), false, Map.of());
    lab.model().others().fill(small.id(), 0);
    spec(small.id());
    told("SubnetFull", small.id());
  }
}
