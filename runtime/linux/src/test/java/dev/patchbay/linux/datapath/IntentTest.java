package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.TestNode.OUTSIDE;
import static dev.patchbay.linux.datapath.TestNode.OUTSIDE_6;
import static dev.patchbay.linux.datapath.TestNode.VPC_HOST;
import static dev.patchbay.linux.datapath.TestNode.own;
import static dev.patchbay.linux.datapath.TestNode.own6;
import static dev.patchbay.linux.datapath.TestNode.pod;
import static dev.patchbay.linux.datapath.TestNode.pod6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What plans say as intent, seen from both ends. The fabric drops whatever leaves by the wrong interface. */
@ParameterizedClass
@EnumSource(Rendering.class)
class IntentTest {
  private final TestNode test = new TestNode();
  private final Rendering rendering;
  private final KernelDatapath datapath;

  IntentTest(Rendering rendering) {
    this.rendering = rendering;
    datapath = test.datapath(rendering);
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void outsideTheVpcPodsAreSeenAsTheNodeAndInsideAsThemselves() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    datapath.attach(test.path("one", 1, 0), one);
    test.close(Talk.serve(test.fabric, 7000));
    test.close(Talk.serve(one, 7001));
    assertThat(Talk.asks(one, OUTSIDE, 7000)).as("pod to outside").isEqualTo(own(0).toString());
    assertThat(Talk.asks(one, VPC_HOST, 7000)).as("pod to VPC").isEqualTo(pod(1, 0).toString());
    assertThat(Talk.asks(one, OUTSIDE_6, 7000)).as("pod to outside over IPv6").isEqualTo(pod6(1, 0).toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, pod(1, 0), 7001)).as("outside to pod, answered by its own interface")
        .isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.node, pod(1, 0), 7001)).as("node to pod").isEqualTo(own(0).toString());
  }

  @Test
  void aServiceAddressCountsAsWhatItStandsFor() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    datapath.attach(test.path("one", 1, 0), one);
    // As kube-proxy would: before routing, at the usual priority, in a table of its own.
    TestNode.run(test.node, """
        table ip services {
          chain prerouting { type nat hook prerouting priority dstnat;
            ip daddr 172.20.0.10 tcp dport 80 dnat to %s:7000
            ip daddr 172.20.0.11 tcp dport 80 dnat to %s:7000
          }
        }
        """.formatted(VPC_HOST, OUTSIDE), "nft", "-f", "-");
    test.close(Talk.serve(test.fabric, 7000));
    assertThat(Talk.asks(one, IpAddress.of("172.20.0.10"), 80)).as("service in the VPC")
        .isEqualTo(pod(1, 0).toString());
    // The chains of aws-node don't see the first packet of a connection whose destination was translated already: nf_nat_inet_fn stops at
    // the first chain that translates. So from a secondary interface it is as with aws-node, and is not looked at.
    if (rendering == Rendering.FAST) {
      assertThat(Talk.asks(one, IpAddress.of("172.20.0.11"), 80)).as("service outside").isEqualTo(own(0).toString());
    }
  }

  @Test
  void whatComesInForTheNodeIsAnsweredByTheInterfaceItCameInBy() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    datapath.attach(test.path("one", 1, 0), one);
    TestNode.run(test.node, """
        table ip services {
          chain prerouting { type nat hook prerouting priority dstnat;
            fib daddr type local tcp dport 30080 dnat to %s:7001
          }
        }
        """.formatted(pod(1, 0)), "nft", "-f", "-");
    test.close(Talk.serve(one, 7001));
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(0), 30080)).as("node port by the primary interface").isEqualTo(OUTSIDE.toString());
    NodeDatapath without = new NodeDatapath(test.enis, DatapathPlan.of(test.nodeDatapath().plan().elements().stream()
        .filter(e -> !e.kind().equals("return-path")).toList()), "eni", List.of(TestNode.VPC));
    datapath.applyNode(without);
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(0), 30080)).as("without the intent the fabric drops the answer")
        .isNotEqualTo(OUTSIDE.toString());
  }

  @Test
  void portsOfTheNodeLeadToPods() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    Netns other = test.newPod();
    AttachmentPath path = test.path("one", 1, 0, PortMapping.of("tcp", 8080, pod(1, 0), 7001), PortMapping.of("udp", 8080, pod(1, 0), 7001),
        PortMapping.of("tcp", 8080, pod6(1, 0), 7001), PortMapping.of("tcp", 8081, pod(1, 0), 7001).withHostAddress(own(2)));
    datapath.attach(path, one);
    datapath.attach(test.path("other", 0, 0), other);
    test.close(Talk.serve(one, 7001));
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(0), 8080)).as("by the primary interface").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(2), 8080)).as("by a secondary interface").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asksByUdp(test.fabric, OUTSIDE, own(0), 8080)).as("by UDP").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE_6, own6(0), 8080)).as("over IPv6").isEqualTo(OUTSIDE_6.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(2), 8081)).as("of one address").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(0), 8081)).as("not of another").contains("refused");
    assertThat(Talk.asks(test.node, own(0), 8080)).as("from the node").isEqualTo(own(0).toString());
    assertThat(Talk.asks(other, own(0), 8080)).as("from another pod").isEqualTo(pod(0, 0).toString());
    assertThat(Talk.asks(one, own(0), 8080)).as("from the pod itself, by way of the node").isEqualTo(own(0).toString());
    assertThat(Talk.asks(test.node, IpAddress.of("127.0.0.1"), 8080)).as("loopback stays loopback").contains("refused");
    assertThat(datapath.check(path, Optional.of(one))).isEmpty();

    AttachmentPath rival = test.path("rival", 2, 0, PortMapping.of("tcp", 8080, pod(2, 0), 80));
    assertThatThrownBy(() -> datapath.attach(rival, test.newPod())).isInstanceOfSatisfying(DatapathException.class, e -> {
      assertThat(e.code()).isEqualTo(DatapathException.Code.PORT_TAKEN);
      assertThat(e).hasMessageContaining("attachment one has it");
    });
    datapath.detach(path);
    datapath.attach(rival, test.newPod());
  }

  @Test
  void wholeNetworksMayLeaveByAnInterface() {
    Netns one = test.newPod();
    AttachmentPath whole = test.path("one", 1, 3);
    AttachmentPath path = new AttachmentPath("one", DatapathPlan.of(whole.plan().elements().stream()
        .filter(e -> !(e instanceof SourceEgress)).toList()), test.enis);
    datapath.applyNode(test.nodeDatapath());
    datapath.attach(path, one);
    assertThat(TestNode.pings(one, VPC_HOST)).as("without the intent it leaves by the primary interface").isFalse();
    NodeDatapath node = test.nodeDatapath(SourceEgress.of(Cidr.of("10.0.0.152/29"), "eni-1"));
    datapath.applyNode(node);
    assertThat(TestNode.pings(one, VPC_HOST)).isTrue();
    assertThat(datapath.checkNode(node)).isEmpty();
    datapath.applyNode(test.nodeDatapath());
    assertThat(TestNode.pings(one, VPC_HOST)).as("taken back").isFalse();
  }

  /** As pods with a branch have it, whose groups need not be enforced between pods of the node. */
  @Test
  void aRuleForASourceDoesNotTakeWhatThePrimaryInterfaceTranslatesOrAnswers() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    List<PlanElement> elements = new ArrayList<>(test.path("one", 1, 0).plan().elements());
    elements.removeIf(e -> e instanceof SourceEgress);
    elements.add(PolicyRule.of("egress", Table.ofEni("eni-1")).withFrom(pod(1, 0).asCidr()));
    elements.add(PolicyRule.of("egress", Table.ofEni("eni-1")).withFrom(pod6(1, 0).asCidr()));
    elements.add(PortMapping.of("tcp", 8080, pod(1, 0), 7001));
    datapath.attach(new AttachmentPath("one", DatapathPlan.of(elements), test.enis), one);
    test.close(Talk.serve(test.fabric, 7000));
    test.close(Talk.serve(one, 7001));
    assertThat(Talk.asks(one, OUTSIDE, 7000)).as("pod to outside").isEqualTo(own(0).toString());
    assertThat(Talk.asks(one, VPC_HOST, 7000)).as("pod to VPC").isEqualTo(pod(1, 0).toString());
    assertThat(Talk.asks(one, OUTSIDE_6, 7000)).as("pod to outside over IPv6").isEqualTo(pod6(1, 0).toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, pod(1, 0), 7001)).as("outside to pod").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE, own(0), 8080)).as("outside to a port of the node").isEqualTo(OUTSIDE.toString());
    assertThat(Talk.asks(test.fabric, OUTSIDE_6, pod6(1, 0), 7001)).as("outside to pod over IPv6").isEqualTo(OUTSIDE_6.toString());

    Netns other = test.newPod();
    AttachmentPath ofPrimary = test.path("other", 0, 0, PolicyRule.of("egress", Table.own("nowhere")).withFrom(pod(0, 0).asCidr()),
        Route.unreachable(Space.HOST, Table.own("nowhere"), VPC_HOST.asCidr()));
    datapath.attach(ofPrimary, other);
    assertThat(Talk.asks(other, OUTSIDE, 7000)).as("translated").isEqualTo(own(0).toString());
    assertThat(Talk.asks(other, VPC_HOST, 7000)).as("a rule for a source on the primary interface holds").doesNotContain(".");
  }

  @Test
  void attachmentsMayHaveTranslationsOfTheirOwn() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    Netns other = test.newPod();
    // To a secondary interface's address: so it must leave by that interface.
    Translation translation = Translation.of(List.of(pod(1, 0).asCidr()), own(2)).withExceptions(List.of(TestNode.VPC, TestNode.SUBNET));
    AttachmentPath path = test.path("one", 1, 0, translation);
    AttachmentPath second = test.path("other", 1, 1, Translation.of(List.of(pod(1, 1).asCidr()), own(2)).withExceptions(List.of(TestNode.VPC)));
    datapath.attach(path, one);
    datapath.attach(second, other);
    test.close(Talk.serve(test.fabric, 7000));
    assertThat(Talk.asks(one, OUTSIDE, 7000)).isEqualTo(own(2).toString());
    assertThat(Talk.asks(other, OUTSIDE, 7000)).isEqualTo(own(2).toString());
    assertThat(Talk.asks(one, VPC_HOST, 7000)).isEqualTo(pod(1, 0).toString());
    assertThat(datapath.check(path, Optional.of(one))).isEmpty();
    datapath.detach(path);
    assertThat(Talk.asks(other, OUTSIDE, 7000)).as("the other keeps what they shared").isEqualTo(own(2).toString());
    datapath.detach(second);
    String before = test.everything();
    datapath.applyNode(test.nodeDatapath());
    if (rendering == Rendering.FAST) {
      assertThat(before).contains("pod-");
    }
    assertThat(test.everything()).as("what no attachment uses goes with the next application").doesNotContainPattern("set pod-");
    assertThat(datapath.checkNode(test.nodeDatapath())).isEmpty();
  }

  @Test
  void aLivePodsPlanIsChangedWithoutItAndAllOrNothing() {
    datapath.applyNode(test.nodeDatapath());
    Netns one = test.newPod();
    PortMapping published = PortMapping.of("tcp", 8080, pod(1, 0), 7000);
    AttachmentPath before = test.path("one", 1, 0, published);
    datapath.attach(before, one);
    test.close(Talk.serve(one, 7000));
    test.close(Talk.serve(test.fabric, 7001));
    assertThat(Talk.asks(test.fabric, own(0), 8080)).isNotEmpty();
    // By another interface, and published at another port.
    AttachmentPath after = new AttachmentPath("one", DatapathPlan.of(before.plan().elements().stream().map(e -> switch (e) {
      case PortMapping _ -> PortMapping.of("tcp", 8081, pod(1, 0), 7000);
      default -> e;
    }).toList()), before.enis());
    datapath.change(before, after);
    assertThat(datapath.check(after, Optional.of(one))).isEmpty();
    assertThat(datapath.check(before, Optional.of(one))).hasSize(1);
    assertThat(Talk.asks(test.fabric, own(0), 8081)).isNotEmpty();
    // What is in the pod can't be changed from outside; then nothing is.
    AttachmentPath wrong = new AttachmentPath("one", after.plan().and(PortMapping.of("tcp", 8082, pod(1, 0), 7000)).and(
        dev.patchbay.spi.datapath.Route.to(dev.patchbay.spi.datapath.Space.POD, dev.patchbay.spi.datapath.Table.MAIN,
            Cidr.of("192.0.2.0/24"), dev.patchbay.spi.datapath.Device.named("eth0"))), before.enis());
    assertThatThrownBy(() -> datapath.change(after, wrong)).isInstanceOf(DatapathException.class).hasMessageContaining("in the pod");
    assertThat(datapath.check(after, Optional.of(one))).isEmpty();
    datapath.detach(after, Optional.of(one));
    assertThat(datapath.inventory().keys()).doesNotContain("one");
  }
}
