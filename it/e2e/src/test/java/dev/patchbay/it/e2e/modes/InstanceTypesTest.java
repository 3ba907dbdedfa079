package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.it.e2e.VendorJar;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smallest instance types and one with several network cards: interfaces, addresses and max-pods agree, on packets. */
class InstanceTypesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Object> SINGLE = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1));

  /** What max-pods says of the node's own configuration, the pods of the host's network left out. */
  private static JsonNode maxPods(LabNode node, String type) {
    try {
      return JSON.readTree(node.patchbay("max-pods", "--instance-type", type, "--config", node.configuration().toString(), "--json")
          .orThrow("max-pods"));
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("max-pods prints no JSON", wrong);
    }
  }

  private static void agrees(LabNode node, String type, int addresses) {
    assertThat(maxPods(node, type).at("/families/IPV4/addresses").asInt()).isEqualTo(addresses);
    assertThat(Reports.of(node).path("capacity").asInt()).isEqualTo(addresses);
  }

  private static Attachment attachment(NetworkInterface eni) {
    return eni.attachment().orElseThrow();
  }

  /** A type with two interfaces of two addresses, and the one type that has a single interface on each of its two network cards. */
  @ParameterizedTest
  @CsvSource({"t3.nano, 2", "hpc6id.32xlarge, 49"})
  void theSmallestCarryWhatMaxPodsSays(String type, int addresses) {
    try (Lab lab = Labs.start(1, type, Map.of("node", Map.of("cooldown", "1s"), "modes", List.of(SINGLE)))) {
      LabNode node = lab.node(0);
      agrees(node, type, addresses);
      List<LabPod> pods = Pods.add(node, "pod", addresses);
      assertThat(Probe.seen(pods.getFirst().netns(), pods.getLast().netns(), pods.getLast().address()))
          .contains(pods.getFirst().address());
      assertThat(Probe.seen(pods.getLast().netns(), node.netns(), node.address())).contains(pods.getLast().address());
      CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of("one-more")));
      assertThat(refused.text()).startsWith("InstanceFull");
      assertThat(node.interfaces()).allSatisfy(eni -> assertThat(attachment(eni).networkCard()).isZero());
      Figures.print(type, "%d pods on %d interfaces, as max-pods says; one more is refused", pods.size(), node.interfaces().size());
    }
  }

  /** A mode that has pods' interfaces on the second network card. */
  private static Path cards(Path folder) throws IOException {
    return VendorJar.make(folder, Installed.HOME, "com.example.cards", "Cards", """
        package com.example.cards;

        import dev.patchbay.spi.*;
        import dev.patchbay.spi.eni.*;
        import dev.patchbay.spi.net.AddressFamily;
        import dev.patchbay.spi.view.*;
        import java.util.*;

        public final class Cards implements NetworkModeProvider, NetworkMode, LaneModifier {
          public String id() {
            return "example-cards";
          }

          public ModeDescriptor descriptor() {
            return ModeDescriptor.of("Pods have the second network card.")
                .role(Role.modifier(Role.WhenUnreadable.PASS, AddressFamily.IPV4)).build();
          }

          public NetworkMode create(ModeContext context) {
            return this;
          }

          public Optional<LaneModifier> laneModifier() {
            return Optional.of(this);
          }

          public Answer<EniPlan> modify(NodeView node, EniPlan planned) {
            return Answer.of(EniPlan.of(planned.lanes().stream()
                .map(lane -> lane.withPrimary(false).withNetworkCard(1)).toList()));
          }
        }
        """);
  }

  @Test
  void interfacesOfAnotherNetworkCardHaveTheirOwnIndexesAndLimits(@TempDir Path folder) throws IOException {
    String type = "p4d.24xlarge";
    List<Map<String, Object>> modules = List.of(
        Map.of("file", Installed.HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()),
        Map.of("file", cards(folder).toString()));
    Map<String, Object> mode = Map.of("use", "secondary-ip", "settings", Map.of("minimumIpTarget", 52, "warmIpTarget", 1));
    try (Lab lab = Labs.start(2, type, Map.of("node", Map.of("cooldown", "1s"), "modules", modules,
        "modes", List.of(mode, Map.of("use", "example-cards"))))) {
      LabNode node = lab.node(0);
      // 15 interfaces on each card, and none of the first card's is in the lane.
      agrees(node, type, 15 * 49);
      // What somebody else attaches to the third card, with an index that both others have, is left alone and in nobody's way.
      NetworkInterface other = lab.model().interfaces().create(InterfaceRequest.in(node.interfaces().getFirst().subnetId()).build());
      lab.model().attachments().attach(other.id(), node.instanceId(), 1, 2);
      List<LabPod> pods = Pods.add(node, "pod", 51);
      LabPod far = lab.node(1).addPod("far");
      List<NetworkInterface> carrying = pods.stream().map(pod -> Reports.eni(node, pod.address())).distinct().toList();
      assertThat(carrying).as("more pods than one interface carries").hasSize(2);
      assertThat(carrying).allSatisfy(eni -> assertThat(attachment(eni).networkCard()).isEqualTo(1));
      assertThat(carrying.stream().map(eni -> attachment(eni).deviceIndex()).toList()).containsExactlyInAnyOrder(0, 1);
      assertThat(node.interfaces().getFirst().secondaries()).isEmpty();
      for (NetworkInterface eni : carrying) {
        LabPod pod = pods.stream().filter(p -> Reports.eni(node, p.address()).id().equals(eni.id())).findFirst().orElseThrow();
        assertThat(Probe.seen(pod.netns(), far.netns(), far.address())).contains(pod.address());
        assertThat(Probe.seen(far.netns(), pod.netns(), pod.address())).contains(far.address());
        assertThat(Probe.seen(pod.netns(), node.netns(), node.address())).contains(pod.address());
      }
      // The instance's metadata is read twice a minute.
      Until.holds("the other one is known, and left alone", Until.LONG.multipliedBy(2), () -> Reports.of(node).at("/node/enis")
          .findParents("id").stream().anyMatch(eni -> eni.path("id").asText().equals(other.id()) && eni.hasNonNull("leftAlone")));
      assertThat(node.interfaces().stream().filter(eni -> eni.id().equals(other.id())).findFirst().orElseThrow().secondaries()).isEmpty();
      agrees(node, type, 15 * 49);
      Figures.print(type, "51 pods on 2 interfaces of the second network card, indexes 0 and 1");
    }
  }
}
