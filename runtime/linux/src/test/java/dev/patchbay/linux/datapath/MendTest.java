package dev.patchbay.linux.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Translation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others take out of ours in the node's namespace is told, and comes back as it was. */
class MendTest {
  private final TestNode test = new TestNode();
  private final KernelDatapath datapath = test.datapath();
  private final LinkedBlockingQueue<DeviceEvent> events = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    test.close();
  }

  private AttachmentPath path(String key, int eni, int n) {
    return test.path(key, eni, n, PortMapping.of("tcp", 8080 + n, TestNode.pod(eni, n), 7001),
        Translation.of(List.of(TestNode.pod(eni, n).asCidr()), TestNode.own(0)).withExceptions(List.of(TestNode.VPC)));
  }

  /** Waits for something of ours that others altered. */
  private void awaitAlteration(String what) throws InterruptedException {
    DeviceEvent event;
    do {
      event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("it is told that somebody did: %s", what).isNotNull();
    } while (!(event instanceof DeviceEvent.OwnAltered)
        && !(event instanceof DeviceEvent.Switched switched && !switched.up()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ip rule del pref 512", "ip rule flush", "ip route flush table 20000", "ip route flush table 4",
      "ip route replace 10.0.0.150 dev eth1 table 20000", "ip route replace default via 10.0.0.1 dev eth2 onlink table 3",
      "nft delete table inet patchbay", "nft flush ruleset", "nft flush map inet patchbay egress4", "nft flush chain inet patchbay egress",
      "nft flush chain inet patchbay pod-egress", "nft flush map inet patchbay ports4", "ip link set eth2 down",
      "ip link set eni2x1 down", "ip address del 10.0.0.11/24 dev eth1"})
  void whatOthersTakeOutComesBack(String command) throws Exception {
    NodeDatapath node = test.nodeDatapath();
    datapath.applyNode(node);
    List<AttachmentPath> paths = List.of(path("one", 1, 0), path("two", 2, 1));
    Netns one = test.newPod();
    datapath.attach(paths.getFirst(), one);
    datapath.attach(paths.getLast(), test.newPod());
    assertThat(datapath.mend(Optional.of(node), paths)).as("nothing is missing").isEmpty();
    List<String> before = test.everything().lines().map(MendTest::plain).sorted().toList();
    try (KernelDatapath.Watch watch = datapath.watch(events::add)) {
      assertThat(watch).isNotNull();
      TestNode.run(test.node, "", "bash", "-c", command.equals("ip rule flush")
          ? "ip rule flush && ip rule add pref 32766 lookup main && ip rule add pref 32767 lookup default" : command);
      awaitAlteration(command);
      List<Mended> mended = datapath.mend(Optional.of(node), paths);
      assertThat(mended).isNotEmpty().allSatisfy(m -> {
        assertThat(m.found()).isNotEmpty();
        assertThat(m.refusal()).isEmpty();
      });
      assertThat(datapath.mend(Optional.of(node), paths)).as("all is back").isEmpty();
      assertThat(datapath.checkNode(node)).isEmpty();
      assertThat(paths).allSatisfy(p -> assertThat(datapath.check(p, Optional.empty())).isEmpty());
      if (command.startsWith("ip rule del") || command.startsWith("ip route")) {
        assertThat(test.everything().lines().map(MendTest::plain).sorted().toList()).isEqualTo(before);
      }
      assertThat(IntStream.range(0, 30).anyMatch(_ -> TestNode.pings(one, TestNode.VPC_HOST))).as("its packets have their way").isTrue();
    }
  }

  /** Without what says when a thing was made. */
  private static String plain(String line) {
    return line.replaceAll("# handle \\d+", "").replaceAll("(packets|bytes) \\d+", "").strip();
  }

  @Test
  void whatWeDoOurselvesInThePacketFilterIsNoAlteration() throws Exception {
    datapath.applyNode(test.nodeDatapath());
    try (KernelDatapath.Watch watch = datapath.watch(e -> {
      if (e instanceof DeviceEvent.OwnAltered altered && altered.key().isEmpty()) {
        events.add(altered);
      }
    })) {
      assertThat(watch).isNotNull();
      for (int n = 0; n < 5; n++) {
        datapath.attach(path("quiet-" + n, 1, n), test.newPod());
        datapath.detach(path("quiet-" + n, 1, n));
      }
      datapath.applyNode(test.nodeDatapath());
      // Ours were elements and, with the last of a class, its rules and sets; theirs is a chain's rules alone.
      TestNode.run(test.node, "", "nft", "flush", "chain", "inet", "patchbay", "egress");
      assertThat(events.poll(60, TimeUnit.SECONDS)).isInstanceOfSatisfying(DeviceEvent.OwnAltered.class,
          first -> assertThat(first.what()).contains("rule"));
    }
  }

  @Test
  void whatIsDetachedDoesNotComeBack() {
    NodeDatapath node = test.nodeDatapath();
    datapath.applyNode(node);
    String before = test.everything();
    AttachmentPath path = path("one", 1, 0);
    datapath.attach(path, test.newPod());
    datapath.detach(path);
    assertThat(datapath.mend(Optional.of(node), List.of(path))).isEmpty();
    datapath.applyNode(node);
    assertThat(TestNode.difference(before, test.everything())).isEmpty();
  }

  @Test
  void whatAnotherHasByNowIsLeftToIt() {
    NodeDatapath node = test.nodeDatapath();
    datapath.applyNode(node);
    datapath.attach(path("one", 1, 0), test.newPod());
    AttachmentPath other = path("other", 1, 1);
    datapath.attach(other, test.newPod());
    // As if the plan of one had said what the other has.
    AttachmentPath wrong = new AttachmentPath("one", path("one", 1, 0).plan().and(PortMapping.of("tcp", 8081, TestNode.pod(1, 0), 7001)),
        test.enis);
    datapath.mend(Optional.of(node), List.of(wrong));
    assertThat(datapath.check(other, Optional.empty())).isEmpty();
  }
}
