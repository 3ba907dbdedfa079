package dev.patchbay.lab.demo;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.vpc.Ip;
import java.util.List;
import java.util.Optional;

/**
 * The pods between which packets go.
 *
 * @param first a pod of the first node
 * @param second another one, of the same node
 * @param there a pod of the second node
 * @param elsewhere a pod of the first node whose address lies on another interface than that of its first pod
 * @param elsewhereThere likewise of the second node
 */
record Ends(LabPod first, LabPod second, LabPod there, Optional<LabPod> elsewhere, Optional<LabPod> elsewhereThere) {
  static Ends of(Lab lab) {
    List<LabPod> near = lab.node(0).pods();
    return new Ends(near.getFirst(), near.get(1), lab.node(1).pods().getFirst(), elsewhere(lab.node(0)), elsewhere(lab.node(1)));
  }

  private static Optional<LabPod> elsewhere(LabNode node) {
    String first = eni(node.pods().getFirst());
    return node.pods().stream().filter(pod -> !eni(pod).equals(first)).findFirst();
  }

  private static String eni(LabPod pod) {
    Ip ip = Ip.of(pod.address());
    return pod.node().interfaces().stream().filter(eni -> eni.holds(ip)).map(eni -> eni.id()).findFirst().orElse("");
  }
}
