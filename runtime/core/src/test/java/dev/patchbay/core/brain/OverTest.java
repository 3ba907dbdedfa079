package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told is over when what it was about is gone, or right by now. */
class OverTest {
  private static World world() {
    World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1))).start();
    for (int n = 0; n < 4; n++) {
      world.add("c" + n);
    }
    assertThat(world.enis).containsKey("eni-1");
    world.pass(60_000);
    return world;
  }

  private static void refuse(World world, Class<? extends CloudCall> kind) {
    world.refuse = call -> kind.isInstance(call)
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "no")) : Optional.empty();
  }

  private static List<Finding> about(World world, String words) {
    return world.report().findings().stream().filter(f -> f.cause().contains(words)).toList();
  }

  private static void groups(World world, String id, String group) {
    world.enis.put(id, world.eni(id).withGroups(List.of(group)));
  }

  @Test
  void anInterfaceThatEc2NoLongerListsWhilePodsHaveItIsToldUntilItIsListedAgain() {
    World world = world();
    EniRecord second = world.eni("eni-1");
    world.enis.remove("eni-1");
    world.pass(120_000);
    assertThat(about(world, "EC2 no longer lists eni-1 on this instance")).singleElement()
        .satisfies(f -> assertThat(f.code()).isEqualTo(BrainCodes.ADDRESS_VANISHED));
    world.enis.put("eni-1", second);
    world.pass(120_000);
    assertThat(about(world, "eni-1")).isEmpty();
  }

  @Test
  void anInterfaceThatEc2NoLongerListsIsToldUntilItsLastPodIsGone() {
    World world = world();
    world.enis.remove("eni-1");
    world.pass(120_000);
    assertThat(about(world, "EC2 no longer lists eni-1 on this instance")).hasSize(1);
    for (int n = 0; n < 4; n++) {
      world.del("c" + n);
    }
    world.pass(1_200_000);
    assertThat(about(world, "eni-1")).isEmpty();
    assertThat(world.report().enis()).extracting(Report.EniReport::id).doesNotContain("eni-1");
  }

  @Test
  void groupsThatCantBeSetAreToldUntilTheyAreRight() {
    World world = world();
    refuse(world, CloudCall.SetGroups.class);
    groups(world, "eni-0", "sg-new");
    world.pass(60_000);
    assertThat(about(world, "set the security groups of eni-1")).hasSize(1);
    // Somebody gives it the groups by hand.
    groups(world, "eni-1", "sg-new");
    world.pass(700_000);
    assertThat(about(world, "security groups")).isEmpty();
  }

  @Test
  void whatCouldNotBeDoneToAnInterfaceIsToldUntilItIsGone() {
    World world = world();
    refuse(world, CloudCall.SetGroups.class);
    groups(world, "eni-0", "sg-new");
    world.pass(60_000);
    assertThat(about(world, "eni-1")).hasSize(1);
    for (int n = 0; n < 4; n++) {
      world.del("c" + n);
    }
    world.enis.remove("eni-1");
    world.pass(700_000);
    assertThat(about(world, "eni-1")).isEmpty();
  }

  @Test
  void aSupplyThatFailedIsToldUntilNobodyWantsItAnyMore() {
    World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmAddresses(0))).start();
    world.refuse = call -> call instanceof CloudCall.AssignAddresses
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "no")) : Optional.empty();
    world.add("c1");
    world.pass(5_000);
    assertThat(world.report().findings()).extracting(Finding::code).contains(Codes.CLOUD_THROTTLED);
    world.del("c1");
    world.pass(300_000);
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void aFullSubnetIsToldAsLongAsItIsNotAskedAgain() {
    World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmAddresses(0)));
    world.cloud.subnetFree = 0;
    world.start();
    assertThat(world.failed(world.add("c1")).reason().code()).isEqualTo(Codes.SUBNET_FULL);
    world.pass(100_000);
    assertThat(world.report().findings()).extracting(Finding::code).containsExactly(Codes.SUBNET_FULL);
    world.pass(60_000);
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void aPodThatCouldNotBePlannedAgainIsToldOfUntilItIsGone() {
    World world = World.of(SyntheticModes.intents()).start();
    world.added(world.add("c1", TestPod.named("plain"), Fields.empty()));
    AttachmentRecord record = world.report().attachments().getFirst();
    world.disk.add(new Entry.Attached(record.with(DatapathPlan.of(record.plan().elements().subList(0, 2)))));
    world.kernelRefuses = effect -> effect instanceof Effect.Change ? Optional.of("no such qdisc") : Optional.empty();
    world.restart();
    assertThat(about(world, "could not be brought to what it should be now")).hasSize(1);
    world.kernelRefuses = effect -> Optional.empty();
    world.del("c1");
    assertThat(world.report().findings()).isEmpty();
  }
}
