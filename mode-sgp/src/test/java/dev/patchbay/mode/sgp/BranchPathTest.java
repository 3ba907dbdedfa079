package dev.patchbay.mode.sgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BranchPathTest {
  private static final TestNode NODE = SgpContractTest.withTrunk(TestNode.create()).withLane(SgpMode.TRUNK, LaneOrigin.NODE)
      .withVpcCidrs(Cidr.of("10.0.0.0/16"));

  /** An address of a branch, which is no interface of the instance. */
  private record Given(AddressRequest request) implements HeldAddressView {
    @Override
    public IpAddress address() {
      return request.particular().orElseThrow();
    }

    @Override
    public Optional<EniView> eni() {
      return Optional.empty();
    }

    @Override
    public String lane() {
      return SgpMode.BRANCHES;
    }
  }

  private static Answer<DatapathPlan> plan(String enforcing, String annotation, TestNode node, Fields capabilities) {
    SgpMode mode = new SgpMode(ModeUnderTest.of(new SgpProvider()).complete(Fields.empty().with("enforcing", enforcing)));
    TestPod pod = TestPod.named("given").withAnnotation(Requests.KEY, annotation).withCapabilities(capabilities);
    TestAttachment attachment = TestAttachment.of(node, pod);
    for (AddressRequest request : mode.addresses(attachment).plan().orElseThrow()) {
      attachment = attachment.withAddress(new Given(request));
    }
    return mode.attachment(attachment);
  }

  private static DatapathPlan plan(String enforcing, String annotation) {
    return plan(enforcing, annotation, NODE, Fields.empty()).plan().orElseThrow();
  }

  private static List<String> rules(DatapathPlan plan, String band) {
    return plan.elements(PolicyRule.class).stream().filter(r -> r.band().equals(band)).map(r -> r.fields().toString()).toList();
  }

  @Test
  void strictSendsAllByTheVlanBeforeAnythingElseIsLookedAt() {
    DatapathPlan plan = plan("strict", SgpModeTest.ANNOTATION);
    assertThat(plan.elements(ChildLink.class)).singleElement().satisfies(vlan -> {
      assertThat(vlan.name()).isEqualTo("vlan.eth.7");
      assertThat(vlan.vlanId()).hasValue(7);
      assertThat(vlan.mac()).hasValueSatisfying(mac -> assertThat(mac).hasToString("02:00:00:00:01:01"));
      assertThat(vlan.parent().eni()).isPresent();
    });
    assertThat(rules(plan, "first")).hasSize(3).anyMatch(r -> r.contains("name:vlan.eth.7")).anyMatch(r -> r.contains("name:eni"))
        .anyMatch(r -> r.contains("name:lo") && r.contains("10.0.9.33/32"));
    assertThat(plan.elements(PolicyRule.class)).hasSize(3);
    // The node's table of pods must not know it: others of the node would reach it past its groups.
    assertThat(plan.elements(Delivery.class)).isEmpty();
    assertThat(plan.elements(Route.class)).filteredOn(r -> r.space() == Space.HOST && r.type().isEmpty())
        .extracting(r -> r.destination().toString()).containsExactly("10.0.9.1/32", "0.0.0.0/0", "10.0.9.33/32");
  }

  @Test
  void strictExceptsTheNodesOwnAddressAndLinkLocalOnes() {
    assertThat(plan("strict", SgpModeTest.BOTH).elements(Route.class)).filteredOn(r -> r.type().isPresent())
        .allSatisfy(r -> assertThat(r.type()).contains("throw"))
        .extracting(r -> r.destination().toString()).contains("169.254.0.0/16", "fe80::/10",
            NODE.primaryEni().primaryAddress(AddressFamily.IPV4).orElseThrow() + "/32");
  }

  @Test
  void strictLeavesHostPortsOutAndSaysSo() {
    Fields ports = Fields.empty().with("portMappings",
        List.of(Fields.empty().with("hostPort", 8080).with("containerPort", 80).with("protocol", "tcp")));
    Answer<DatapathPlan> answer = plan("strict", SgpModeTest.ANNOTATION, NODE, ports);
    assertThat(answer.plan().orElseThrow().elements(PortMapping.class)).isEmpty();
    assertThat(((Answer.Planned<DatapathPlan>) answer).findings()).singleElement()
        .satisfies(f -> assertThat(f.code()).isEqualTo(BranchPath.HOST_PORT_LEFT_OUT));
    assertThat(plan("standard", SgpModeTest.ANNOTATION, NODE, ports).plan().orElseThrow().elements(PortMapping.class)).hasSize(1);
  }

  @Test
  void standardDeliversOnTheNodeAndSendsAllElseByTheBranchOrAsTheRuntimeDecides() {
    DatapathPlan plan = plan("standard", SgpModeTest.ANNOTATION);
    assertThat(plan.elements(Delivery.class)).hasSize(1);
    assertThat(plan.elements(PolicyRule.class)).singleElement().satisfies(rule -> {
      assertThat(rule.band()).isEqualTo("egress");
      assertThat(rule.from()).contains(Cidr.of("10.0.9.33/32"));
      // Whatever the VPC's networks are: an answer to somebody outside of it goes back the way he came.
      assertThat(rule.to()).isEmpty();
    });
    assertThat(plan("standard", SgpModeTest.BOTH).elements(PolicyRule.class)).extracting(r -> r.from().orElseThrow().family())
        .containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
  }
}
