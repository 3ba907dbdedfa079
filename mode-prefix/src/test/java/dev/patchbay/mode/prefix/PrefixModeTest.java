package dev.patchbay.mode.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.Rehearsal;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixModeTest {
  private static PrefixMode mode(Fields settings) {
    return new PrefixMode(ModeUnderTest.of(new PrefixProvider()).complete(settings));
  }

  private static AddressSource.Stock stock(Fields settings) {
    AddressPlan plan = mode(settings).plan(TestNode.create(), EniPlan.of(Lane.named(Lane.DEFAULT))).plan().orElseThrow();
    return (AddressSource.Stock) plan.supply(Lane.DEFAULT, AddressFamily.IPV4).orElseThrow().source();
  }

  @Test
  void prefixesFirstThenSingleAddressesUnlessTheOperatorWantsNone() {
    assertThat(stock(Fields.empty()).units()).containsExactly(Unit.PREFIX, Unit.SINGLE);
    assertThat(stock(Fields.empty().with("singleAddresses", false)).units()).containsExactly(Unit.PREFIX);
  }

  @Test
  void targetsFollowTheSettings() {
    assertThat(stock(Fields.empty()).targets()).isEqualTo(Targets.none().withWarmPrefixes(1));
    assertThat(stock(Fields.empty().with("warmPrefixTarget", 3)).targets()).isEqualTo(Targets.none().withWarmPrefixes(3));
    // Spec of aws-node: a target in addresses switches the one in prefixes off.
    assertThat(stock(Fields.empty().with("warmPrefixTarget", 3).with("warmIpTarget", 5)).targets())
        .isEqualTo(Targets.none().withWarmAddresses(5).withMinimumAddresses(0));
    assertThat(stock(Fields.empty().with("minimumIpTarget", 40)).targets())
        .isEqualTo(Targets.none().withWarmAddresses(0).withMinimumAddresses(40));
  }

  @Test
  void thePrimaryInterfaceComesFirst() {
    assertThat(mode(Fields.empty()).plan(TestNode.create())).isEqualTo(
        Answer.of(EniPlan.of(Lane.named("default").withPrimary(true))));
    assertThat(mode(Fields.empty().with("maxEni", 2)).plan(TestNode.create())).isEqualTo(
        Answer.of(EniPlan.of(Lane.named("default").withPrimary(true).withMost(2))));
  }

  @Test
  void refusesTypesWithoutPrefixes() {
    assertRefused(TestInstanceType.T2_MEDIUM, "t2.medium", "Nitro");
    assertRefused(new TestInstanceType("odd.tiny", List.of(1), 1, 1, true, false, 0, 1), "odd.tiny", "no place");
  }

  private static void assertRefused(TestInstanceType type, String... words) {
    assertThat(mode(Fields.empty()).plan(TestNode.create().withInstanceType(type)))
        .isInstanceOfSatisfying(Answer.Refuse.class, refusal -> {
          assertThat(refusal.reason().code()).isEqualTo(Codes.INSTANCE_TYPE_UNSUITABLE);
          assertThat(refusal.reason().cause()).contains(words);
        });
  }

  @Test
  void podsSharePrefixes() {
    Rehearsal rehearsal = Rehearsal.of(ModeUnderTest.of(new PrefixProvider()));
    assertThat(rehearsal.attach(TestPod.named("a")).interfaces()).hasSize(1);
    assertThat(rehearsal.node().primaryEni().prefixes(AddressFamily.IPV4)).isNotEmpty();
  }

  @Test
  void ipv6EgressIsAHiddenAddressOfTheNodesOwnBlock() {
    PrefixMode mode = mode(Fields.empty().with("ipv6Egress", true));
    EniPlan lanes = mode.plan(TestNode.create()).plan().orElseThrow();
    assertThat(lanes.lanes()).extracting(Lane::name).containsExactly(Lane.DEFAULT, "ipv6-egress");
    assertThat(mode.plan(TestNode.create(), lanes).plan().orElseThrow().supply("ipv6-egress", AddressFamily.IPV6).orElseThrow().source())
        .isEqualTo(AddressSource.local(Cidr.of("fd00::ac:0/118")));
    assertThat(mode.addresses(TestAttachment.of(TestNode.create(), TestPod.named("web"))).plan().orElseThrow())
        .extracting(r -> r.family() + " " + r.shown()).containsExactly("IPV4 true", "IPV6 false");
    assertThat(mode(Fields.empty()).plan(TestNode.create()).plan().orElseThrow().lanes()).hasSize(1);
  }
}
