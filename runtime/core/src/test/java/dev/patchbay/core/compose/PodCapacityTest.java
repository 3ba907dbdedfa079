package dev.patchbay.core.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What lanes can carry, slot by slot: a trunk's reserve, limits, several lanes and network cards. */
class PodCapacityTest {
  private static final IntUnaryOperator NONE = _ -> 0;
  private static final InstanceTypeRecord LARGE = new InstanceTypeRecord("m5.large", List.of(3), 10, 10, true, true, 9, 2);
  private static final InstanceTypeRecord CARDS = new InstanceTypeRecord("p4d.24xlarge", List.of(15, 15), 50, 50, true, true, 62, 96);

  private static final Lane BASE = Lane.named(Lane.DEFAULT).withPrimary(true);

  private static LanePlan lane(Lane lane, AddressSource... ipv4) {
    return new LanePlan(lane, "mode", ipv4.length == 0 ? Map.of() : Map.of(AddressFamily.IPV4, ipv4[0]));
  }

  private static AddressSource singles() {
    return AddressSource.stock(List.of(Unit.SINGLE), Targets.none());
  }

  private static AddressSource prefixes() {
    return AddressSource.stock(List.of(Unit.PREFIX, Unit.SINGLE), Targets.none());
  }

  private static PodCapacity ipv4(InstanceTypeRecord type, IntUnaryOperator foreign, LanePlan... lanes) {
    return PodCapacity.of(new NodePlan(List.of(lanes), DatapathPlan.empty(), List.of(), Map.of(), Map.of(), KeptPlan.EMPTY), type,
        AddressFamily.IPV4, foreign);
  }

  @Test
  void oneLaneHasAllSlots() {
    assertThat(ipv4(LARGE, NONE, lane(BASE, singles())).addresses()).isEqualTo(27);
    assertThat(ipv4(LARGE, NONE, lane(BASE, prefixes())).addresses()).isEqualTo(27 * 16);
    assertThat(ipv4(LARGE, NONE, lane(BASE.withMost(2), singles())).addresses()).isEqualTo(18);
    assertThat(ipv4(LARGE, NONE, lane(BASE.withMost(7), singles())).addresses()).isEqualTo(27);
    assertThat(ipv4(LARGE, _ -> 1, lane(BASE, singles())).addresses()).isEqualTo(18);
    assertThat(ipv4(LARGE, _ -> 9, lane(BASE, singles())).addresses()).isZero();
  }

  @Test
  void primaryInterfaceTakesItsSlotWithoutPodsToo() {
    assertThat(ipv4(LARGE, NONE, lane(BASE.withPrimary(false), singles())).addresses()).isEqualTo(18);
    assertThat(ipv4(LARGE, NONE, lane(BASE.withPrimary(false).withMost(1), singles())).addresses()).isEqualTo(9);
  }

  @Test
  void trunkTakesASlot() {
    Lane trunk = Lane.named("trunk").withInterfaceType("trunk").withPods(false).withReserve(1).withPriority(1);
    assertThat(ipv4(LARGE, NONE, lane(trunk), lane(BASE, singles())).addresses()).isEqualTo(18);
    assertThat(ipv4(LARGE, NONE, lane(trunk), lane(BASE.withPrimary(false), singles())).addresses()).isEqualTo(9);
    assertThat(ipv4(LARGE, NONE, lane(trunk.withNetworkCard(1)), lane(BASE, singles())).addresses())
        .as("a reserve on another card").isEqualTo(27);
  }

  @Test
  void lanesShareTheSlots() {
    PodCapacity two = ipv4(LARGE, NONE, lane(BASE.withMost(2), singles()), lane(Lane.named("team"), prefixes()));
    assertThat(two.terms()).containsExactly(new PodCapacity.Term("default", 2, 9, 1), new PodCapacity.Term("team", 1, 9, 16));
    assertThat(two.addresses()).isEqualTo(18 + 144);
    assertThat(ipv4(LARGE, NONE, lane(BASE, singles()), lane(Lane.named("team"), singles())).addresses()).isEqualTo(27);
    assertThat(ipv4(CARDS, NONE, lane(BASE, singles()), lane(Lane.named("efa").withNetworkCard(1), singles())).addresses())
        .as("the primary interface is on card 0").isEqualTo(15 * 49 + 15 * 49);
    assertThat(ipv4(LARGE, NONE, lane(BASE, singles()), lane(Lane.named("efa").withNetworkCard(1), singles())).addresses())
        .as("a card that the type has not").isEqualTo(27);
  }

  @Test
  void rangesAreNotCounted() {
    PodCapacity range = PodCapacity.of(new NodePlan(
        List.of(new LanePlan(BASE, "mode", Map.of(AddressFamily.IPV6, AddressSource.delegated(80)))), DatapathPlan.empty(), List.of(),
        Map.of(), Map.of(), KeptPlan.EMPTY), LARGE, AddressFamily.IPV6, NONE);
    assertThat(range.bounded()).isFalse();
    assertThat(range.none()).isFalse();
    assertThat(ipv4(LARGE, NONE, lane(BASE)).none()).isTrue();
  }
}
