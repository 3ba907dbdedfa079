package dev.patchbay.mode.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.Rehearsal;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.spi.plans.LocalEgress;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ipv6ModeTest {
  private static Ipv6Mode mode(boolean egress) {
    return new Ipv6Mode(ModeUnderTest.of(new Ipv6Provider()).complete(Fields.empty().with("ipv4Egress", egress)));
  }

  private static DatapathPlan attached(Fields settings, TestPod pod) {
    return Rehearsal.of(ModeUnderTest.of(new Ipv6Provider()), settings, TestNode.create()).attach(pod).interfaces().getFirst().plan();
  }

  @Test
  void onePrefixOnThePrimaryAndABlockOfTheNodesOwn() {
    EniPlan lanes = mode(true).plan(TestNode.create()).plan().orElseThrow();
    assertThat(lanes.lanes()).extracting(l -> l.name() + " " + l.primary()).containsExactly("default true", "ipv4-egress false");
    assertThat(mode(true).plan(TestNode.create(), lanes).plan().orElseThrow().supplies())
        .extracting(s -> s.lane() + " " + s.family() + " " + s.source()).containsExactly(
            "default IPV6 " + AddressSource.delegated(80), "ipv4-egress IPV4 " + AddressSource.local(LocalEgress.of(AddressFamily.IPV4).block()));
    assertThat(mode(false).plan(TestNode.create()).plan().orElseThrow().lanes()).hasSize(1);
  }

  @Test
  void aPodHasOneAddressThatIsSeenAndOneThatIsNot() {
    Answer<List<AddressRequest>> requests = mode(true).addresses(
        dev.patchbay.tck.view.TestAttachment.of(TestNode.create(), TestPod.named("web")));
    assertThat(requests.plan().orElseThrow()).extracting(r -> r.family() + " " + r.shown())
        .containsExactly("IPV6 true", "IPV4 false");
  }

  @Test
  void anAttachmentIsARoutedPairOfBothFamilies() {
    DatapathPlan plan = attached(Fields.empty().with("ipv4Egress", true), TestPod.named("web"));
    assertThat(plan.elements(VethPair.class)).hasSize(1);
    assertThat(plan.elements(InterfaceAddress.class)).extracting(a -> a.address().family() + "/" + a.length())
        .containsExactly("IPV6/128", "IPV4/32");
    assertThat(plan.elements(Route.class)).extracting(r -> r.destination().toString())
        .containsExactlyInAnyOrder("fe80::1/128", "::/0", "169.254.1.1/32", "0.0.0.0/0");
    assertThat(plan.elements(Neighbour.class)).extracting(n -> n.address().toString())
        .containsExactlyInAnyOrder("fe80::1", "169.254.1.1");
    assertThat(plan.elements(Delivery.class)).hasSize(2);
    assertThat(plan.elements(SourceEgress.class)).as("what never leaves the node leaves by no interface").hasSize(1);
  }

  @Test
  void portsLeadToTheAddressThatIsSeen() {
    Fields port = Fields.empty().with("hostPort", 8080).with("containerPort", 80);
    DatapathPlan plan = attached(Fields.empty(), TestPod.named("web")
        .withCapabilities(Fields.empty().with("portMappings", List.of(port))));
    assertThat(plan.elements(PortMapping.class)).singleElement()
        .satisfies(m -> assertThat(m.address().family()).isEqualTo(AddressFamily.IPV6));
  }

  @Test
  void podsReachIpv4AsTheNodeAndNotOneAnother() {
    TestNode node = Rehearsal.of(ModeUnderTest.of(new Ipv6Provider())).node();
    DatapathPlan plan = mode(true).node(node).plan().orElseThrow();
    assertThat(plan.elements(Translation.class)).singleElement().satisfies(t -> {
      assertThat(t.sources()).containsExactly(LocalEgress.of(AddressFamily.IPV4).block());
      assertThat(t.exceptions()).isEmpty();
      assertThat(t.to()).isEqualTo(node.primaryEni().primaryAddress(AddressFamily.IPV4).orElseThrow());
    });
    assertThat(plan.elements(PolicyRule.class)).singleElement().satisfies(r -> {
      assertThat(r.from()).contains(LocalEgress.of(AddressFamily.IPV4).block());
      assertThat(r.to()).contains(LocalEgress.of(AddressFamily.IPV4).block());
    });
    assertThat(plan.elements(Route.class)).singleElement().satisfies(r -> assertThat(r.type()).contains("unreachable"));
    assertThat(mode(false).node(node).plan().orElseThrow().elements(Translation.class)).isEmpty();
  }

  @Test
  void refusesTypesWithoutIpv6Prefixes() {
    for (TestInstanceType type : List.of(TestInstanceType.T2_MEDIUM, TestInstanceType.M1_SMALL)) {
      assertThat(mode(true).plan(TestNode.create().withInstanceType(type))).isInstanceOfSatisfying(Answer.Refuse.class,
          refusal -> {
            assertThat(refusal.reason().code()).isEqualTo(Codes.INSTANCE_TYPE_UNSUITABLE);
            assertThat(refusal.reason().cause()).contains(type.name());
          });
    }
  }
}
