package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.TestNode.OUTSIDE;
import static dev.patchbay.linux.datapath.TestNode.OUTSIDE_6;
import static dev.patchbay.linux.datapath.TestNode.VPC_HOST;
import static dev.patchbay.linux.datapath.TestNode.pings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.datapath.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets through what is rendered. Needs root. */
@ParameterizedClass
@EnumSource(Rendering.class)
class KernelDatapathTest {
  private final TestNode test = new TestNode();
  private final Rendering rendering;

  KernelDatapathTest(Rendering rendering) {
    this.rendering = rendering;
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void podsReachTheirNodeEachOtherAndTheVpcByTheirOwnInterface() {
    KernelDatapath datapath = test.datapath(rendering);
    datapath.applyNode(test.nodeDatapath());
    assertThat(datapath.checkNode(test.nodeDatapath())).isEmpty();
    Netns[] pods = new Netns[TestNode.ENIS];
    for (int i = 0; i < TestNode.ENIS; i++) {
      pods[i] = test.newPod();
      AttachmentPath path = test.path("pod-" + i, i, 0);
      Attached attached = datapath.attach(path, pods[i]);
      assertThat(attached.find(Space.POD, "eth0")).isPresent();
      assertThat(datapath.check(path, Optional.of(pods[i]))).isEmpty();
    }
    for (int i = 0; i < TestNode.ENIS; i++) {
      assertThat(pings(test.node, TestNode.pod(i, 0))).as("node to pod %s", i).isTrue();
      assertThat(pings(pods[i], TestNode.own(0))).as("pod %s to node", i).isTrue();
      assertThat(pings(pods[i], TestNode.pod((i + 1) % TestNode.ENIS, 0))).as("pod %s to the next", i).isTrue();
      assertThat(pings(pods[i], TestNode.pod6((i + 1) % TestNode.ENIS, 0))).as("pod %s to the next over IPv6", i).isTrue();
      assertThat(pings(pods[i], VPC_HOST)).as("pod %s to the VPC", i).isTrue();
      assertThat(pings(test.fabric, TestNode.pod(i, 0))).as("VPC to pod %s", i).isTrue();
      assertThat(pings(pods[i], OUTSIDE)).as("pod %s to the outside", i).isTrue();
      assertThat(pings(pods[i], OUTSIDE_6)).as("pod %s to the outside over IPv6", i).isTrue();
    }
  }

  @Test
  void twoHundredAttachmentsComeAndGoAndLeaveNothing() {
    KernelDatapath datapath = test.datapath(rendering);
    datapath.applyNode(test.nodeDatapath());
    String before = test.everything();
    Inventory inventory = datapath.inventory();
    long[] attach = new long[200];
    long[] detach = new long[200];
    for (int round = 0; round < 4; round++) {
      List<AttachmentPath> paths = new ArrayList<>();
      List<Netns> pods = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        paths.add(test.path("pod-" + round + "-" + i, i % TestNode.ENIS, i / TestNode.ENIS));
        pods.add(test.newPod());
      }
      for (int i = 0; i < 50; i++) {
        long start = System.nanoTime();
        datapath.attach(paths.get(i), pods.get(i));
        attach[round * 50 + i] = System.nanoTime() - start;
      }
      assertThat(datapath.inventory().keys()).hasSize(50);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int n = i;
        int slot = round * 50 + i;
        Thread thread = Thread.ofPlatform().unstarted(() -> {
          long start = System.nanoTime();
          datapath.detach(paths.get(n), n % 2 == 0 ? Optional.of(pods.get(n)) : Optional.empty());
          detach[slot] = System.nanoTime() - start;
        });
        threads.add(thread);
        if (round == 0) {
          thread.start();
          Threads.join(thread);
        } else {
          thread.start();
        }
      }
      threads.forEach(Threads::join);
    }
    System.out.printf("attach: p50 %.2f ms, p99 %.2f ms; detach one by one: p50 %.1f ms; 50 at once: p50 %.1f ms, last %.1f ms%n",
        millis(attach, 0, 200, 50), millis(attach, 0, 200, 99), millis(detach, 0, 50, 50), millis(detach, 50, 200, 50),
        millis(detach, 50, 200, 100));
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
    assertThat(datapath.inventory()).isEqualTo(inventory);
  }

  private static double millis(long[] nanos, int from, int to, int percent) {
    long[] sorted = Arrays.copyOfRange(nanos, from, to);
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
