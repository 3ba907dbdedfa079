package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Which ENIConfig holds for a node, what comes of a change while pods run, and a block that the VPC gets meanwhile. */
@Order(Labs.EARLY)
class CustomNetTest {
  private static final String KEY = "k8s.amazonaws.com/eniConfig";
  private static final String EXTERNAL = "vpc.amazonaws.com/externalEniConfig";

  /** One address is held warm, so an interface comes with the first pod that needs it. */
  private static Lab lab(int nodes, Map<String, Object> settings) {
    return Lab.start(LabSettings.discover(Labs.name()).withNodes(nodes).withInstanceType("m5.4xlarge").withConfiguration(Map.of(
        "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)),
            Map.of("use", "custom-net", "settings", settings)))));
  }

  private static Subnet subnet(Lab lab, String zone, String block) {
    return lab.model().network().createSubnet(lab.vpcId(), lab.model().settings().region() + zone, Cidr.parse(block), Optional.empty(),
        false, Map.of());
  }

  /** Gives the node's object a label or an annotation. */
  private static void mark(Lab lab, LabNode node, String what, String key, String value) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").putObject(what).put(key, value);
    lab.kube().objects().merge("nodes", "", node.name(), patch);
  }

  private static Subnet subnetOf(Lab lab, LabPod pod) {
    return lab.model().state().subnet(Reports.eni(pod.node(), pod.address()).subnetId());
  }

  @Test
  void theNodeSaysWhichEniConfigHoldsAndChangesApplyToNewInterfaces() {
    try (Lab lab = lab(0, Map.of())) {
      lab.model().blocks().add(lab.vpcId(), Cidr.parse("100.64.0.0/16"));
      Map<String, Subnet> named = new LinkedHashMap<>();
      for (String name : List.of("default", "labelled", "annotated", "external")) {
        named.put(name, subnet(lab, "a", "100.64." + named.size() + ".0/24"));
        PodNetworks.name(lab, name, named.get(name).id());
      }
      lab.addNodes(1);
      LabNode node = lab.node(0);
      LabPod first = node.addPod("first");
      assertThat(subnetOf(lab, first)).isEqualTo(named.get("default"));

      Ping.Result running;
      try (Ping ping = Ping.start(first.netns(), node.address())) {
        follows(lab, node, "labels", KEY, named, "labelled");
        follows(lab, node, "annotations", KEY, named, "annotated");
        follows(lab, node, "labels", EXTERNAL, named, "external");
        running = ping.stop();
      }
      assertThat(running.lost()).isZero();
      first.check();
      assertThat(node.interfaces().getFirst().secondaries()).isEmpty();
      Until.holds("the status names what lies elsewhere",
          () -> Reports.of(node).path("findings").toString().contains("EniDiffersFromEniConfig"));
    }
  }

  private static void follows(Lab lab, LabNode node, String what, String key, Map<String, Subnet> named, String name) {
    mark(lab, node, what, key, name);
    Until.holds("the lane is that of " + name, () -> Reports.of(node).path("lanes").toString().contains("ENIConfig " + name));
    LabPod pod = node.addPod(name);
    assertThat(subnetOf(lab, pod)).isEqualTo(named.get(name));
    LabPod other = node.pod("default", "first");
    assertThat(Probe.seen(pod.netns(), other.netns(), other.address())).contains(pod.address());
  }

  @Test
  void aBlockThatTheVpcGetsMeanwhileIsReachedWithoutTranslation() {
    try (Lab lab = lab(0, Map.of("label", "topology.kubernetes.io/zone"))) {
      PodNetworks.make(lab, "100.64");
      lab.addNodes(2);
      LabPod near = lab.node(0).addPod("near");
      assertThat(translation(lab.node(0))).contains("100.64.0.0/16").doesNotContain("100.65");
      lab.model().blocks().add(lab.vpcId(), Cidr.parse("100.65.0.0/16"));
      Subnet added = subnet(lab, "b", "100.65.0.0/24");
      lab.awaitFabric();
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.putObject("spec").put("subnet", added.id());
      lab.kube().objects().merge("eniconfigs.crd.k8s.amazonaws.com", "", lab.model().settings().region() + "b", patch);
      // Instance metadata is read twice a minute.
      Until.holds("the new block is no outside", Until.LONG.multipliedBy(2), () -> translation(lab.node(0)).contains("100.65.0.0/16"));
      LabPod far = Until.there("a pod in the new block", Until.LONG.multipliedBy(2), () -> {
        LabPod pod = lab.node(1).addPod("far");
        if (subnetOf(lab, pod).equals(added)) {
          return Optional.of(pod);
        }
        pod.delete();
        return Optional.empty();
      });
      assertThat(far.address().getHostAddress()).startsWith("100.65.0.");
      assertThat(Probe.seen(near.netns(), far.netns(), far.address())).contains(near.address());
      assertThat(Probe.seen(far.netns(), near.netns(), near.address())).contains(far.address());
      Figures.print("custom-net", "a block that came while pods ran: %s and %s see each other's own addresses", near.address(),
          far.address());
    }
  }

  private static String translation(LabNode node) {
    return node.exec("nft", "list", "ruleset").orThrow("list nft rules");
  }
}
