package dev.patchbay.core.brain;

import static dev.patchbay.core.brain.Parts.V4;
import static dev.patchbay.core.brain.Parts.V6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Interfaces.Room.NewInterface;
import dev.patchbay.core.brain.Interfaces.Room.OnInterface;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What fits where on an instance, and where new interfaces lie. */
class InterfacesTest {
  /** Two network cards of 3 and 2 interfaces, with 2 IPv4 addresses for pods and 4 of IPv6 each. */
  private static final InstanceTypeRecord TYPE = new InstanceTypeRecord("test.two", List.of(3, 2), 3, 4, true, false, 0, 2);
  private static final Lane DEFAULT = Lane.named("default").withPrimary(true);
  private static final LanePlan LANE = Parts.lane(DEFAULT);

  private final Context context = Parts.context(TYPE, List.of(LANE), Parts.eni(0, "default", "10.0.0.5"), Parts.eni(1, "default"),
      Parts.eni(7, 1, "subnet-a", "card", "10.0.0.70", "2001:db8::7"));
  private final Interfaces interfaces = new Interfaces(context);

  @Test
  void aLaneGrowsOnTheFirstInterfaceThatHasRoom() {
    assertThat(interfaces.freeUnits("eni-0", V4)).isEqualTo(1);
    assertThat(interfaces.freeUnits("eni-0", V6)).isEqualTo(4);
    assertThat(interfaces.freeUnits("eni-7", V6)).isEqualTo(3);
    assertThat(interfaces.freeUnits("eni-9", V4)).isZero();
    assertThat(interfaces.room(LANE, V4)).contains(new OnInterface("eni-0", 1));
    assertThat(interfaces.growsIn(LANE, V4)).contains("subnet-a");
    context.reserved.put("eni-0", 1);
    assertThat(interfaces.room(LANE, V4)).as("a particular address needs it").contains(new OnInterface("eni-1", 2));
    context.book.drain("eni-1", true);
    assertThat(interfaces.room(LANE, V4)).contains(new NewInterface(2, 0, 2));
    assertThat(interfaces.room(LANE, V6)).contains(new OnInterface("eni-0", 3));
    assertThat(interfaces.isOutOfSlots(LANE, V4)).isFalse();
  }

  @Test
  void anInterfaceThatLiesElsewhereOrOfWhichNobodyKnowsWhatItHasIsPassedOver() {
    context.ledger.apply(new Entry.UnitsIntended("eni-0"));
    assertThat(interfaces.room(LANE, V4)).contains(new OnInterface("eni-1", 2));
    context.book.sync(context.facts().orElseThrow(), context.ledger, Set.of(), e -> !e.id().equals("eni-1"), 0);
    assertThat(interfaces.room(LANE, V4)).contains(new NewInterface(2, 0, 2));
    Parts.facts(context, TYPE, Parts.eni(0, "default", "10.0.0.5"), Parts.eni(1, "default"), Parts.eni(2, ""));
    assertThat(interfaces.isOutOfSlots(LANE, V4)).as("what it has will be known").isFalse();
    context.book.sync(context.facts().orElseThrow(), context.ledger, Set.of(), e -> false, 0);
    assertThat(interfaces.room(LANE, V4)).isEmpty();
    assertThat(interfaces.isOutOfSlots(LANE, V4)).isTrue();
    context.book.sync(context.facts().orElseThrow(), context.ledger, Set.of(), e -> true, 0);
    context.book.drain("eni-0", true);
    context.book.drain("eni-1", true);
    assertThat(interfaces.isOutOfSlots(LANE, V4)).isTrue();
  }

  @Test
  void whereTheSubnetIsFullNothingGrows() {
    context.fullSubnets.put("subnet-b", Parts.NOW + 1_000);
    assertThat(interfaces.room(LANE, V4)).isPresent();
    context.fullSubnets.put("subnet-a", Parts.NOW + 1);
    assertThat(interfaces.room(LANE, V4)).isEmpty();
    assertThat(interfaces.growsIn(LANE, V4)).isEmpty();
    context.now = new Moment(Parts.NOW + 1, 0);
    assertThat(interfaces.room(LANE, V4)).contains(new OnInterface("eni-0", 1));
  }

  @Test
  void aNewInterfaceTakesTheFirstFreeIndexOfItsCard() {
    LanePlan card = Parts.lane(Lane.named("card").withNetworkCard(1));
    assertThat(interfaces.newInterface(LANE, V4)).contains(new NewInterface(2, 0, 2));
    assertThat(interfaces.newInterface(card, V6)).contains(new NewInterface(0, 1, 4));
    assertThat(interfaces.growsIn(card, V4)).as("on the one that it has").contains("subnet-a");
    assertThat(interfaces.newInterface(Parts.lane(Lane.named("none").withNetworkCard(2)), V4)).as("there is no third card").isEmpty();
    for (Lane.Owner owner : List.of(Lane.Owner.CLUSTER, Lane.Owner.OTHER)) {
      assertThat(interfaces.newInterface(Parts.lane(DEFAULT.withOwner(owner)), V4)).isEmpty();
    }
    Parts.facts(context, TYPE, Parts.eni(0, "default"), Parts.eni(2, "other"));
    assertThat(interfaces.newInterface(LANE, V4)).contains(new NewInterface(1, 0, 2));
    Parts.facts(context, TYPE, Parts.eni(0, "default"), Parts.eni(2, "other"), Parts.eni(1, ""));
    assertThat(interfaces.newInterface(LANE, V4)).isEmpty();
    assertThat(interfaces.growsIn(Parts.lane(Lane.named("card").withNetworkCard(1)), V4)).as("the card is free").contains("subnet-a");
  }

  @Test
  void aLaneHasAsManyInterfacesAsItMayOnItsCard() {
    assertThat(interfaces.newInterface(Parts.lane(DEFAULT.withMost(3)), V4)).isPresent();
    assertThat(interfaces.newInterface(Parts.lane(DEFAULT.withMost(2)), V4)).isEmpty();
    assertThat(interfaces.newInterface(Parts.lane(Lane.named("other").withMost(0)), V4)).isEmpty();
    assertThat(interfaces.newInterface(Parts.lane(Lane.named("other").withMost(1)), V4)).isPresent();
  }

  @Test
  void whatOtherLanesReserveIsLeftToThem() {
    Parts.lanes(context, LANE, Parts.lane(Lane.named("trunk").withReserve(1)));
    assertThat(interfaces.newInterface(LANE, V4)).isEmpty();
    assertThat(interfaces.newInterface(Parts.lane(Lane.named("trunk").withReserve(1)), V4)).contains(new NewInterface(2, 0, 2));
    Parts.lanes(context, LANE, Parts.lane(Lane.named("trunk").withReserve(1).withNetworkCard(1)));
    assertThat(interfaces.newInterface(LANE, V4)).as("on its own card").isPresent();
    Parts.lanes(context, LANE, Parts.lane(Lane.named("trunk").withReserve(1)));
    Parts.facts(context, TYPE, Parts.eni(0, "default"), Parts.eni(1, "trunk"));
    assertThat(interfaces.newInterface(LANE, V4)).as("it has it").contains(new NewInterface(2, 0, 2));
    Parts.lanes(context, Parts.lane(DEFAULT.withReserve(3)));
    assertThat(interfaces.newInterface(LANE, V4)).as("its own").isPresent();
  }

  @Test
  void ofSeveralSubnetsTheOneIsTakenThatTheOrderSays() {
    Parts.subnets(context, Parts.subnet("subnet-a", 5), Parts.subnet("subnet-d", 40), Parts.subnet("subnet-b", 40),
        Parts.subnet("subnet-c", 15), Parts.subnet("subnet-far", "test-1b", 250, Map.of()));
    List<String> ids = List.of("subnet-c", "subnet-far", "subnet-d", "subnet-b");
    assertThat(subnet(SubnetChoice.ofNode())).isEqualTo("subnet-a");
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.AS_WRITTEN))).isEqualTo("subnet-c");
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.MOST_FREE))).isEqualTo("subnet-b");
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.PREFIX_FRIENDLY))).isEqualTo("subnet-b");
    context.fragmentedSubnets.put("subnet-b", Parts.NOW + 1);
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.PREFIX_FRIENDLY))).isEqualTo("subnet-d");
    context.reservesPrefixes.put("subnet-c", true);
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.PREFIX_FRIENDLY))).as("it has no whole block").isEqualTo("subnet-d");
    Parts.subnets(context, Parts.subnet("subnet-d", 40), Parts.subnet("subnet-c", 16));
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.PREFIX_FRIENDLY))).isEqualTo("subnet-c");
    context.fullSubnets.put("subnet-c", Parts.NOW + 1);
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.PREFIX_FRIENDLY))).isEqualTo("subnet-d");
    context.fullSubnets.put("subnet-d", Parts.NOW + 1);
    assertThat(subnet(SubnetChoice.ids(ids, SubnetChoice.Order.AS_WRITTEN))).as("none is open").isEqualTo("subnet-c");
    assertThat(subnet(SubnetChoice.ids(List.of("subnet-x"), SubnetChoice.Order.AS_WRITTEN))).isEmpty();
  }

  private String subnet(SubnetChoice choice) {
    return interfaces.subnetFor(Parts.lane(DEFAULT.withSubnets(choice))).orElse("");
  }

  @Test
  void ec2IsAskedOfSubnetsThatALaneNames() {
    assertThat(Interfaces.needsSubnets(LANE)).isFalse();
    Lane named = DEFAULT.withSubnets(SubnetChoice.tagged(Map.of("a", "b"), SubnetChoice.Order.MOST_FREE));
    assertThat(Interfaces.needsSubnets(Parts.lane(named))).isTrue();
    assertThat(Interfaces.needsSubnets(Parts.lane(named.withOwner(Lane.Owner.CLUSTER)))).isFalse();
  }

  @Test
  void theCapacityIsThatOfTheLanesWithoutWhatOthersHave() {
    assertThat(interfaces.capacity(V4)).contains(3 * 2);
    Parts.facts(context, TYPE, Parts.eni(0, ""), Parts.eni(1, "default"), Parts.eni(2, ""), Parts.eni(7, 1, "subnet-a", ""));
    assertThat(interfaces.capacity(V4)).as("a stranger has one of three slots").contains(2 * 2);
  }
}
