package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Belonging.GroupChange;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To which lane an interface belongs, and what its lane wants of it. */
class BelongingTest {
  private static final InstanceTypeRecord TYPE = World.type(4, 5);
  private static final Lane DEFAULT = Lane.named("default").withPrimary(true);
  private static final NodeFacts.Eni PRIMARY = Parts.eni(0, "");

  private final Context context = Parts.context(TYPE, List.of(Parts.lane(DEFAULT)), PRIMARY);
  private final Descriptions descriptions = new Descriptions(context);
  private final Belonging belonging = new Belonging(context, descriptions);

  /** EC2 describes the node for the first time. */
  @BeforeEach
  void described() {
    descriptions.ask("i-1", "eni-0", (found, asked) -> {}, () -> {});
    long token = context.taken().stream().filter(Effect.Call.class::isInstance).map(e -> ((Effect.Call) e).token()).findFirst().orElseThrow();
    context.answer(token, new Event.Answered(token, new CloudAnswer.Interfaces(List.of(PRIMARY.record()))));
    assertThat(descriptions.known()).isTrue();
  }

  private Optional<String> laneOf(EniRecord record) {
    NodeFacts facts = context.facts().orElseThrow().withEnis(List.of(PRIMARY, Parts.of(record, "")));
    return belonging.laned(facts).eni(record.id()).orElseThrow().lane();
  }

  private static EniRecord stranger(String subnet) {
    return Parts.record(1, 0, subnet, Map.of());
  }

  private static EniRecord ofType(EniRecord e, String type) {
    return new EniRecord(e.id(), e.mac(), type, e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(), e.attachment(), e.tags(),
        e.description(), e.status());
  }

  @Test
  void aStrangersInterfaceIsUsedWhereItIsOfTheKindOfTheLanes() {
    assertThat(laneOf(stranger("subnet-a"))).contains("default");
    assertThat(laneOf(stranger("subnet-b"))).as("in another subnet").isEmpty();
    assertThat(laneOf(ofType(stranger("subnet-a"), "efa"))).isEmpty();
    assertThat(laneOf(Parts.record(1, 1, "subnet-a", Map.of()))).as("on another network card").isEmpty();
    assertThat(laneOf(Parts.record(1, 0, "subnet-a", Map.of("node.k8s.amazonaws.com/no_manage", "true")))).isEmpty();
    assertThat(laneOf(Parts.record(1, 0, "subnet-a", Map.of("node.k8s.amazonaws.com/no_manage", "false")))).contains("default");
  }

  @Test
  void aLaneWithoutPodsTakesNobodysAndOneOfOthersTakesThemWhereverTheyLie() {
    Parts.lanes(context, Parts.lane(DEFAULT.withPods(false)));
    assertThat(laneOf(stranger("subnet-a"))).isEmpty();
    Parts.lanes(context, Parts.lane(DEFAULT.withOwner(Lane.Owner.CLUSTER).withPods(false)));
    assertThat(laneOf(stranger("subnet-b"))).contains("default");
  }

  @Test
  void aLaneThatNamesItsSubnetsTakesWhatLiesInOneOfThem() {
    Parts.lanes(context, Parts.lane(Lane.named("pods").withSubnets(SubnetChoice.ids(List.of("subnet-b"), SubnetChoice.Order.AS_WRITTEN))));
    assertThat(laneOf(stranger("subnet-b"))).as("nobody knows that subnet").isEmpty();
    Parts.subnets(context, Parts.subnet("subnet-a", 9), Parts.subnet("subnet-b", 9));
    assertThat(laneOf(stranger("subnet-b"))).contains("pods");
    assertThat(laneOf(stranger("subnet-a"))).isEmpty();
    assertThat(belonging.laned(context.facts().orElseThrow()).primary().lane()).as("no lane takes the primary").isEmpty();
  }

  @Test
  void whatWeMadeBelongsWhereItWasMadeForAndNowhereElse() {
    context.ledger.apply(new Entry.EniMade("token", "eni-1", "default"));
    assertThat(laneOf(stranger("subnet-b"))).contains("default");
    context.ledger.apply(new Entry.EniMade("token", "eni-1", "gone"));
    assertThat(laneOf(stranger("subnet-a"))).isEmpty();
  }

  @Test
  void untilThereIsAPlanAnInterfaceBelongsWhereItDid() {
    Parts.lanes(context);
    NodeFacts facts = context.facts().orElseThrow().withEnis(List.of(PRIMARY, Parts.eni(1, "old")));
    assertThat(belonging.laned(facts).eni("eni-1").orElseThrow().lane()).contains("old");
    Parts.lanes(context, Parts.lane(DEFAULT));
    assertThat(belonging.laned(facts).eni("eni-1").orElseThrow().lane()).contains("default");
    assertThat(new Belonging(context, new Descriptions(context)).laned(facts).eni("eni-1").orElseThrow().lane())
        .as("its tags are not known").isEmpty();
  }

  @Test
  void anInterfaceFitsWhereItsLaneWantsIt() {
    assertThat(belonging.fits(Parts.eni(1, ""))).isTrue();
    assertThat(belonging.fits(Parts.eni(1, "gone"))).isTrue();
    assertThat(belonging.fits(Parts.eni(1, "default"))).isTrue();
    assertThat(belonging.fits(Parts.eni(1, 0, "subnet-b", "default"))).isFalse();
    assertThat(belonging.fits(Parts.of(ofType(stranger("subnet-a"), "efa"), "default"))).isFalse();
    assertThat(belonging.fits(Parts.eni(0, 0, "subnet-b", "default"))).as("the primary").isTrue();
  }

  @Test
  void whatIsNotKnownOfASubnetDoesNotCountAgainstAnInterface() {
    NodeFacts.Eni there = Parts.eni(1, 0, "subnet-b", "pods");
    NodeFacts.Eni other = Parts.eni(2, 0, "subnet-c", "pods");
    Parts.lanes(context, Parts.lane(Lane.named("pods").withSubnets(SubnetChoice.ids(List.of("subnet-b"), SubnetChoice.Order.AS_WRITTEN))));
    assertThat(belonging.fits(there)).isTrue();
    assertThat(belonging.fits(other)).as("its id tells").isFalse();
    Parts.lanes(context, Parts.lane(Lane.named("pods").withSubnets(SubnetChoice.tagged(Map.of("for", "pods"), SubnetChoice.Order.MOST_FREE))));
    assertThat(belonging.fits(other)).isTrue();
    Parts.subnets(context, Parts.subnet("subnet-b", "test-1a", 9, Map.of("for", "pods")), Parts.subnet("subnet-c", 9));
    assertThat(belonging.fits(there)).isTrue();
    assertThat(belonging.fits(other)).isFalse();
    Parts.subnets(context, new dev.patchbay.core.cloud.SubnetRecord("subnet-c", "", List.of(), OptionalInt.empty(), Map.of()));
    assertThat(belonging.fits(other)).as("metadata tells no tags").isTrue();
  }

  @Test
  void whyNobodyGetsAnAddressOfAnInterface() {
    Parts.facts(context, TYPE, PRIMARY);
    assertThat(belonging.leftAlone(Parts.eni(1, "default"))).isEmpty();
    assertThat(belonging.leftAlone(Parts.eni(1, "gone"))).isEmpty();
    assertThat(belonging.leftAlone(PRIMARY)).hasValueSatisfying(why -> assertThat(why).contains("primary interface"));
    assertThat(belonging.leftAlone(Parts.eni(1, ""))).hasValueSatisfying(why -> assertThat(why).contains("did not make it")
        .contains("type interface in subnet subnet-a"));
    assertThat(new Belonging(context, new Descriptions(context)).leftAlone(Parts.eni(1, ""))).hasValueSatisfying(
        why -> assertThat(why).contains("EC2 has not described it"));
    assertThat(belonging.leftAlone(Parts.of(Parts.record(1, 0, "subnet-a", Map.of("node.k8s.amazonaws.com/no_manage", "true")), "")))
        .hasValueSatisfying(why -> assertThat(why).contains("no_manage=true"));
    context.ledger.apply(new Entry.EniMade("token", "eni-1", "gone"));
    assertThat(belonging.leftAlone(Parts.eni(1, ""))).hasValueSatisfying(why -> assertThat(why).contains("made it for lane gone"));
    Parts.lanes(context, Parts.lane(DEFAULT.withPods(false)));
    assertThat(belonging.leftAlone(Parts.eni(1, "default"))).hasValueSatisfying(why -> assertThat(why).contains("carries no pods"));
  }

  @Test
  void whoFollowsThePrimarysGroupsIsGivenThem() {
    Surroundings surroundings = new Surroundings(context, facts -> {});
    NodeFacts.Eni other = Parts.of(stranger("subnet-a").withGroups(List.of("sg-2")), "default");
    Parts.facts(context, TYPE, PRIMARY, other, Parts.of(Parts.record(2, 0, "subnet-a", Map.of()).withGroups(List.of("sg-2")), ""),
        Parts.of(Parts.record(3, 0, "subnet-a", Map.of()), "default"));
    assertThat(belonging.groupsToSet(surroundings)).containsExactly(new GroupChange("eni-1", List.of("sg-1")));
    Parts.lanes(context, Parts.lane(DEFAULT.withGroups(GroupChoice.ids(List.of("sg-9")))));
    assertThat(belonging.groupsToSet(surroundings)).as("for those that are made from then on").isEmpty();
    Parts.lanes(context, Parts.lane(DEFAULT.withOwner(Lane.Owner.OTHER)));
    assertThat(belonging.groupsToSet(surroundings)).as("it is not ours to change").isEmpty();
    Parts.lanes(context, Parts.lane(DEFAULT));
    Parts.facts(context, TYPE, Parts.of(PRIMARY.record().withGroups(List.of("sg-1", "sg-2")), "default"),
        Parts.of(stranger("subnet-a").withGroups(List.of("sg-2", "sg-1")), "default"));
    assertThat(belonging.groupsToSet(surroundings)).as("whatever their order").isEmpty();
  }
}
