package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lanes: what modifiers make of them, claims, network cards, owners, and what happens while an object can't be read. */
class LanesTest {
  private static final ObjectKind SUBNETS = new ObjectKind("synthetic.patchbay.dev", "v1", "Subnets", "subnets", false);
  private static final TestObject PODS = TestObject.of(SUBNETS, "", "pods").withContent(Fields.empty().with("spec",
      Fields.empty().with("subnets", List.of("subnet-b", "subnet-c")).with("securityGroups", List.of("sg-pods"))));

  private static World moved() {
    return moved(World.of(SyntheticModes.stock(), SyntheticModes.lanes()));
  }

  private static World moved(World world) {
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of());
    world.cloud.subnet("subnet-c", "10.0.3.0/24", "2001:db8:0:3::/64", Map.of());
    world.cloud.subnet("subnet-second", "10.0.4.0/24", "2001:db8:0:4::/64", Map.of("synthetic.patchbay.dev/subnet", "second"));
    world.cloud.taggedGroups.put(Map.of("synthetic.patchbay.dev/group", "second"), List.of("sg-second"));
    world.see(PODS);
    world.see(TestObject.of(ObjectKind.NAMESPACE, "", "default"));
    world.see(TestObject.of(ObjectKind.NAMESPACE, "", "other").withLabel("synthetic.patchbay.dev/lane", "second"));
    return world;
  }

  private static HeldAddress held(World world, long add) {
    return world.added(add).attachment().addresses().getFirst();
  }

  @Test
  void aModifierMovesPodsToOtherSubnetsOffThePrimaryInterface() {
    World world = moved().start();
    HeldAddress held = held(world, world.add("c1", TestPod.named("plain"), Fields.empty()));
    EniRecord eni = world.eni(held.eniId().orElseThrow());
    assertThat(eni.subnetId()).isIn("subnet-b", "subnet-c");
    assertThat(eni.groups()).containsExactly("sg-pods");
    assertThat(world.eni("eni-0").addresses()).isEmpty();
    // Its device has addresses and a way out like any other.
    assertThat(world.madeFor("c1/eth0").enis()).singleElement().satisfies(e -> assertThat(e.gateways()).isNotEmpty());
  }

  @Test
  void theSecondLaneIsForThePodsOfTheNamespaceThatAsksForIt() {
    World world = moved().start();
    HeldAddress held = held(world, world.add("c1", TestPod.named("plain").inNamespace("other"), Fields.empty()));
    assertThat(held.lane()).isEqualTo("synthetic-second");
    EniRecord eni = world.eni(held.eniId().orElseThrow());
    assertThat(eni.subnetId()).isEqualTo("subnet-second");
    assertThat(eni.groups()).containsExactly("sg-second");
  }

  @Test
  void podsOfALaneThatIsGoneKeepTheirWayOut() {
    World world = moved(World.of(SyntheticModes.intents(), SyntheticModes.lanes())).start();
    String eni = held(world, world.add("c1", TestPod.named("plain").inNamespace("other"), Fields.empty())).eniId().orElseThrow();
    assertThat(answering(world.nodePaths.getLast())).contains(eni);
    world.nodePaths.clear();
    world.choosing(SyntheticModes.intents()).restart();
    assertThat(world.report().lanes()).noneMatch(l -> l.lane().equals("synthetic-second"));
    assertThat(world.nodePaths).isNotEmpty().allSatisfy(node -> assertThat(answering(node)).contains(eni));
  }

  /** The interfaces of pods, as the base of the node's plan sees them. */
  private static List<String> answering(NodeDatapath node) {
    return node.plan().elements(ReturnPath.class).stream().map(ReturnPath::eni).toList();
  }

  @Test
  void aSubnetWithoutRoomIsPassedOverForTheNext() {
    World world = moved();
    world.refuse = call -> call instanceof CloudCall.CreateInterface c && c.subnetId().equals("subnet-b")
        ? Optional.of(new dev.patchbay.core.cloud.CloudAnswer.Failed(dev.patchbay.core.cloud.CloudAnswer.Kind.SUBNET_FULL,
            "InsufficientFreeAddressesInSubnet", "full")) : Optional.empty();
    world.start();
    HeldAddress held = held(world, world.add("c1", TestPod.named("plain"), Fields.empty()));
    assertThat(world.eni(held.eniId().orElseThrow()).subnetId()).isEqualTo("subnet-c");
  }

  @Test
  void aSubnetThatEc2KnowsNotIsToldAtOnceAndFoundSoonAfterItIsMade() {
    World world = moved();
    world.cloud.subnets.remove("subnet-b");
    world.cloud.subnets.remove("subnet-c");
    world.start();
    Reply.Failed failed = world.failed(world.add("c1", TestPod.named("plain"), Fields.empty()));
    assertThat(failed.reason().code()).isEqualTo(Codes.OBJECT_INVALID);
    assertThat(failed.reason().cause()).contains("subnet-b").contains("test-1a");
    assertThat(failed.reason().remedy()).contains("Subnets pods");
    assertThat(world.report().findings()).contains(failed.reason());
    assertThat(world.enis.values()).extracting(EniRecord::subnetId).doesNotContain("subnet-b", "subnet-c");
    // While nobody corrects it EC2 is asked less and less often.
    int before = world.calls.size();
    world.pass(600_000);
    assertThat(world.calls.size() - before).isLessThan(15);
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of());
    world.pass(125_000);
    assertThat(world.eni(held(world, world.add("c2", TestPod.named("plain"), Fields.empty())).eniId().orElseThrow()).subnetId())
        .isEqualTo("subnet-b");
  }

  @Test
  void otherGroupsAreForInterfacesThatAreMadeFromThenOn() {
    World world = moved(new World(World.settings(), World.type(8, 10), World.instance(SyntheticModes.stock()),
        World.instance(SyntheticModes.lanes()))).start();
    String old = held(world, world.add("c1", TestPod.named("plain"), Fields.empty())).eniId().orElseThrow();
    world.see(PODS.withContent(Fields.empty().with("spec",
        Fields.empty().with("subnets", List.of("subnet-b", "subnet-c")).with("securityGroups", List.of("sg-other")))));
    assertThat(world.report().lanes()).isNotEmpty();
    for (int n = 2; n < 40 && world.enis.values().stream().noneMatch(e -> e.groups().contains("sg-other")); n++) {
      held(world, world.add("c" + n, TestPod.named("plain" + n), Fields.empty()));
    }
    assertThat(world.eni(old).groups()).containsExactly("sg-pods");
    assertThat(world.enis.values()).anySatisfy(e -> assertThat(e.groups()).containsExactly("sg-other"));
    assertThat(world.calls).noneMatch(c -> c instanceof CloudCall.SetGroups);
  }

  @Test
  void aSubnetThatIsLeftOutLaterGetsNoMorePodsAndKeepsThoseItHas() {
    Lane lane = Lane.named(Lane.DEFAULT).withSubnets(
        SubnetChoice.tagged(Map.of("role", ""), SubnetChoice.Order.MOST_FREE).without(Map.of("role", "0")).sharedBy("of/"));
    World world = new World(World.settings(), World.type(4, 10), PlainBase.of(AddressFamily.IPV4, lane,
        AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(2))));
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of("role", "1"), 150);
    world.cloud.subnet("subnet-c", "10.0.3.0/24", "2001:db8:0:3::/64", Map.of("role", "0"), 250);
    world.cloud.subnet("subnet-d", "10.0.4.0/24", "2001:db8:0:4::/64", Map.of("role", "1"), 100);
    world.start();
    HeldAddress before = held(world, world.add("c1", TestPod.named("one"), Fields.empty()));
    assertThat(world.eni(before.eniId().orElseThrow()).subnetId()).isEqualTo("subnet-b");
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of("role", "0"), 150);
    // EC2 is asked for the subnets every ten minutes.
    world.pass(610_000);
    HeldAddress after = held(world, world.add("c2", TestPod.named("two"), Fields.empty()));
    assertThat(world.eni(after.eniId().orElseThrow()).subnetId()).isEqualTo("subnet-d");
    assertThat(world.eni(before.eniId().orElseThrow()).addresses()).contains(before.address());
  }

  @Test
  void aGroupThatIsNotThereIsTold() {
    World world = moved();
    world.refuse = call -> call instanceof CloudCall.CreateInterface c && c.groups().contains("sg-pods")
        ? Optional.of(new dev.patchbay.core.cloud.CloudAnswer.Failed(dev.patchbay.core.cloud.CloudAnswer.Kind.NOT_FOUND,
            "InvalidGroup.NotFound", "The security group 'sg-pods' does not exist")) : Optional.empty();
    world.start();
    Reply.Failed failed = world.failed(world.add("c1", TestPod.named("plain"), Fields.empty()));
    assertThat(failed.reason().code()).isEqualTo(Codes.OBJECT_INVALID);
    assertThat(failed.reason().cause()).contains("sg-pods");
    assertThat(failed.reason().remedy()).contains("Subnets pods");
    world.refuse = call -> Optional.empty();
    world.pass(120_000);
    held(world, world.add("c2", TestPod.named("plain"), Fields.empty()));
  }

  @Test
  void aPodWaitsWhileWhatTheModifierReadsHasNotBeenHeard() {
    World world = moved().unheard().start();
    assertThat(world.serving).isFalse();
    long add = world.add("c1", TestPod.named("plain"), Fields.empty());
    assertThat(world.replies).doesNotContainKey(add);
    assertThat(world.report().waiting()).singleElement()
        .satisfies(w -> assertThat(w.cause().code()).isEqualTo(Codes.OBJECT_UNREADABLE));
    world.hear();
    assertThat(held(world, add).lane()).isEqualTo("default");
  }

  @Test
  void anObjectThatChangesWhileThePlannerThinksIsNotMissed() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given()).start();
    TestPod pod = TestPod.named("late");
    world.hold = Effect.Plan.class::isInstance;
    long add = world.add("c1", pod, Fields.empty());
    pod.object().ifPresent(world::see);
    world.release();
    world.added(add);
  }

  @Test
  void afterARestartWithoutApiServerTheLanesAreAsTheyWere() {
    World world = moved().start();
    HeldAddress before = held(world, world.add("c1", TestPod.named("plain"), Fields.empty()));
    int interfaces = world.enis.size();
    world.unheard().restart();
    assertThat(world.serving).isTrue();
    assertThat(world.nodePath().orElseThrow().enis()).extracting(e -> e.id()).contains(before.eniId().orElseThrow());
    assertThat(world.report().lanes()).extracting(l -> l.lane()).contains("default", "synthetic-second");
    world.pass(300_000);
    assertThat(world.enis).hasSize(interfaces);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(Codes.OBJECT_UNREADABLE));
  }

  @Test
  void theObjectThatDefinesALaneIsDeletedAndItsPodsKeepTheirInterface() {
    World world = moved().start();
    HeldAddress before = held(world, world.add("c1", TestPod.named("plain"), Fields.empty()));
    world.give(new Event.ObjectGone(PODS.ref()));
    world.pass(300_000);
    assertThat(world.enis).containsKey(before.eniId().orElseThrow());
    assertThat(world.nodePath().orElseThrow().enis()).extracting(e -> e.id()).contains(before.eniId().orElseThrow());
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(Codes.OBJECT_MISSING));
  }

  @Test
  void aModifierThatIsTakenOutLeavesTheInterfacesOfItsPodsAsTheyAre() {
    World world = moved().start();
    HeldAddress before = held(world, world.add("c1", TestPod.named("plain"), Fields.empty()));
    String eni = before.eniId().orElseThrow();
    world.choosing(SyntheticModes.stock()).restart();
    assertThat(world.nodePath().orElseThrow().enis()).extracting(e -> e.id()).contains(eni);
    HeldAddress next = held(world, world.add("c2", TestPod.named("next"), Fields.empty()));
    assertThat(next.eniId()).contains("eni-0");
    world.pass(300_000);
    assertThat(world.enis).containsKey(eni);
    // With its last pod it goes.
    world.del("c1");
    world.pass(300_000);
    assertThat(world.enis).doesNotContainKey(eni);
  }

  @Test
  void theSlotOfAnInterfaceThatLiesElsewhereIsForTheLaneOnceItsLastPodIsGone() {
    World world = moved(new World(World.settings(), World.type(3, 3), World.instance(SyntheticModes.stock()),
        World.instance(SyntheticModes.lanes()))).start();
    String elsewhere = held(world, world.add("c1", TestPod.named("plain"), Fields.empty())).eniId().orElseThrow();
    world.choosing(SyntheticModes.stock()).restart();
    for (String id : List.of("c2", "c3")) {
      assertThat(held(world, world.add(id, TestPod.named(id), Fields.empty())).eniId()).contains("eni-0");
    }
    world.del("c1");
    world.pass(300_000);
    HeldAddress next = held(world, world.add("c4", TestPod.named("c4"), Fields.empty()));
    assertThat(next.eniId()).isNotEqualTo(Optional.of(elsewhere));
    assertThat(world.eni(next.eniId().orElseThrow()).subnetId()).isEqualTo(world.eni("eni-0").subnetId());
  }

  @Test
  void twoClaimsOnOnePodAreRefused() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given(), SyntheticModes.onDemand()).start();
    TestPod both = TestPod.named("both").withLabel("synthetic.patchbay.dev/branch", "yes")
        .withLabel("synthetic.patchbay.dev/address", "10.0.0.77");
    both.object().ifPresent(world::see);
    Reply.Failed failed = world.failed(world.add("c1", both, Fields.empty()));
    assertThat(failed.reason().code()).isEqualTo(Codes.CLAIMED_TWICE);
    assertThat(failed.reason().cause()).contains("synthetic-given").contains("synthetic-on-demand");
  }

  @Test
  void aPodWhoseObjectComesLateWaitsForItWhereAClaimMustKnow() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given()).start();
    TestPod pod = TestPod.named("late");
    long add = world.add("c1", pod, Fields.empty());
    assertThat(world.replies).doesNotContainKey(add);
    pod.object().ifPresent(world::see);
    world.added(add);
    // A caller that names no pod has none that a claim could be about.
    world.added(world.add("c2", "", ""));
  }

  @Test
  void aClaimThatIsSetAsideAndMustNotBeMissedHoldsPodsBack() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given()).start();
    world.failing = work -> Optional.of("synthetic-given");
    TestPod pod = TestPod.named("plain");
    pod.object().ifPresent(world::see);
    world.add("c1", pod, Fields.empty());
    world.failing = work -> Optional.empty();
    Reply.Failed failed = world.failed(world.add("c2", pod, Fields.empty()));
    assertThat(failed.reason().code()).isEqualTo(Circumstances.MODE_ASIDE);
    assertThat(failed.later()).isTrue();
  }

  @Test
  void aLaneOnTheSecondCardGetsItsInterfacesThereAndOthersAreLeftAlone() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.card());
    world.cloud.attach("eni-efa", "efa-only", 2, 1, Map.of());
    world.start();
    TestPod pod = TestPod.named("wide").withAnnotation("synthetic.patchbay.dev/card", "");
    pod.object().ifPresent(world::see);
    world.added(world.add("c1", pod, Fields.empty()));
    HeldAddress extra = world.report().attachments().stream().filter(a -> a.ordinal() == 1).findFirst().orElseThrow().addresses()
        .getFirst();
    assertThat(world.eni(extra.eniId().orElseThrow()).attachment().orElseThrow().networkCard()).isEqualTo(1);
    assertThat(world.eni("eni-efa").addresses()).isEmpty();
    assertThat(world.eni("eni-efa").groups()).containsExactly("sg-other");
    assertThat(world.report().enis()).filteredOn(e -> e.id().equals("eni-efa")).hasSize(1);
  }

  @Test
  void aModeSeesTheObjectsThatItDeclaresAndNoOthers() {
    World world = moved().start();
    world.hold = Effect.Plan.class::isInstance;
    world.add("c1", TestPod.named("plain"), Fields.empty());
    PlanWork.Draft draft = (PlanWork.Draft) ((Effect.Plan) world.held.getLast()).work();
    var node = draft.attachment().seenBy(List.of(SUBNETS)).node();
    assertThat(node.objects().get(PODS.ref())).isPresent();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> node.objects().list(ObjectKind.POD))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("does not declare");
  }

  @Test
  void whatWorksInsteadOfAModeThatRefusesTheTypeIsNamedByWhatTheModuleFilesOffer() {
    InstanceTypeRecord old = new InstanceTypeRecord("test.old", List.of(2), 4, 4, false, false, 0, 2);
    World alone = new World(World.settings(), old, World.instance(SyntheticModes.prefix())).start();
    Finding refused = unsuitable(alone);
    String other = SyntheticModes.stock().id();
    assertThat(refused.remedy()).doesNotContain(other);
    World offered = new World(World.settings(), old, World.instance(SyntheticModes.prefix()))
        .offering(SyntheticModes.stock(), SyntheticModes.delegated()).start();
    assertThat(unsuitable(offered).remedy()).startsWith(refused.remedy()).contains(other)
        .doesNotContain(SyntheticModes.delegated().id());
  }

  private static Finding unsuitable(World world) {
    return world.report().findings().stream().filter(f -> f.code().equals(Codes.INSTANCE_TYPE_UNSUITABLE)).findFirst().orElseThrow();
  }
}
