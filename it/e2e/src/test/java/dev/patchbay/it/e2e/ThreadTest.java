package dev.patchbay.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabPod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The thin thread: pods on two nodes get addresses of the VPC and reach each other without NAT. */
class ThreadTest {
  @Test
  void podsOfTwoNodesReachEachOtherUnderTheirOwnAddresses() {
    try (Lab lab = Labs.start(2, "t3.small", Map.of())) {
      List<LabPod> near = Pods.add(lab.node(0), "near", 2);
      LabPod far = lab.node(1).addPod("far");
      assertThat(Probe.seen(near.get(0).netns(), far.netns(), far.address())).isEqualTo(Optional.of(near.get(0).address()));
      assertThat(Probe.seen(far.netns(), near.get(1).netns(), near.get(1).address())).isEqualTo(Optional.of(far.address()));
      near.getFirst().check();
      Pods.delete(near);
      assertThat(lab.node(0).pods()).isEmpty();
      assertThat(Ec2Calls.of(lab, lab.node(0)).counts()).containsKey("DescribeNetworkInterfaces");
      Figures.print("thread", "EC2 calls of node-0: %s", Ec2Calls.of(lab, lab.node(0)).counts());
    }
  }
}
