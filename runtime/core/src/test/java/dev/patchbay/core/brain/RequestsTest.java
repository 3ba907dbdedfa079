package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How requests meet one another, and what each is told. */
class RequestsTest {
  private static World world() {
    return new World(World.settings(), World.type(2, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1))).start();
  }

  private static boolean asksEc2(Effect effect, Class<? extends CloudCall> kind) {
    return effect instanceof Effect.Call c && kind.isInstance(c.call());
  }

  private static AttachmentRecord attachment(World world, String container) {
    return world.report().attachments().stream().filter(a -> a.key().containerId().equals(container)).findFirst().orElseThrow();
  }

  @Test
  void theDeviceOnTheNodeIsNamedAfterThePod() {
    World world = world();
    world.add("c1", "shop", "web-0");
    assertThat(attachment(world, "c1").hostInterface()).isEqualTo(HostNames.of("eni", "shop.web-0"));
    world.add("c2", "", "");
    assertThat(attachment(world, "c2").hostInterface()).as("there is no pod").isEqualTo(HostNames.of("eni", "c2/eth0"));
    // The pod was made anew under its name, and its old sandbox is not gone yet.
    world.add("c3", "shop", "web-0");
    assertThat(attachment(world, "c3").hostInterface()).isEqualTo(HostNames.of("eni", "c3/eth0/shop.web-0"));
    world.del("c3");
    world.del("c1");
    world.restart();
    world.add("c4", "shop", "web-0");
    assertThat(attachment(world, "c4").hostInterface()).isEqualTo(HostNames.of("eni", "shop.web-0"));
    world.restart();
    world.add("c5", "shop", "web-0");
    assertThat(attachment(world, "c5").hostInterface()).isNotEqualTo(HostNames.of("eni", "shop.web-0"));
  }

  @Test
  void aSecondAddWhileTheFirstIsUnderWayIsRefusedAndTheFirstGoesOn() {
    World world = world();
    world.hold = Effect.Apply.class::isInstance;
    long first = world.add("c1");
    Reply.Failed second = world.failed(world.add("c1"));
    assertThat(second.reason().code()).isEqualTo(BrainCodes.ATTACHMENT_BUSY);
    assertThat(second.later()).isTrue();
    world.release();
    assertThat(world.replies.get(first)).isInstanceOf(Reply.Added.class);
  }

  @Test
  void anAddBeforeTheNodeKnowsItselfIsRefusedWithWhatIsMissing() {
    World world = new World(World.settings(), World.type(2, 4), SingleAddresses.with(Targets.none()));
    world.hold = Effect.ReadMetadata.class::isInstance;
    world.start();
    assertThat(world.failed(world.add("c1")).reason().cause()).contains("instance metadata has not answered");
    World away = new World(World.settings(), World.type(2, 4), SingleAddresses.with(Targets.none()));
    away.metadataAway = true;
    away.start();
    Reply.Failed failed = away.failed(away.add("c1"));
    assertThat(failed.reason().code()).isEqualTo(BrainCodes.NODE_UNKNOWN);
    assertThat(failed.reason().cause()).contains("Instance metadata does not answer: timed out");
    assertThat(failed.later()).isTrue();
  }

  @Test
  void checkComparesAllInterfacesOfAPodAndTellsWhatItFound() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.elements()).start();
    TestPod pod = TestPod.named("wide");
    pod.object().ifPresent(world::see);
    world.added(world.add("c1", pod, Fields.empty()));
    world.hold = Effect.Compare.class::isInstance;
    long check = world.check("c1");
    int compared = 0;
    while (!world.held.isEmpty()) {
      Effect.Compare compare = (Effect.Compare) world.held.removeFirst();
      compared++;
      world.give(new Event.Checked(compare.token(), List.of(new Deviation(compare.path().plan().elements().getFirst(), "it is gone"))));
    }
    assertThat(compared).isEqualTo(world.report().attachments().size());
    int all = compared;
    assertThat(world.replies.get(check)).isInstanceOfSatisfying(Reply.Compared.class, reply -> assertThat(reply.deviations()).hasSize(all));
  }

  @Test
  void checkOfWhatIsNotThereOrCantBeLookedAtFails() {
    World world = world();
    Reply.Failed unknown = world.failed(world.check("c1"));
    assertThat(unknown.reason().code()).isEqualTo(BrainCodes.ATTACHMENT_UNKNOWN);
    assertThat(unknown.later()).isFalse();
    world.hold = Effect.Apply.class::isInstance;
    world.add("c1");
    assertThat(world.failed(world.check("c1")).reason().code()).as("it is being made").isEqualTo(BrainCodes.ATTACHMENT_UNKNOWN);
    world.release();
    assertThat(world.replies.get(world.check("c1"))).isInstanceOf(Reply.Compared.class);
    world.kernelRefuses = effect -> effect instanceof Effect.Compare ? Optional.of("no netlink") : Optional.empty();
    Reply.Failed failed = world.failed(world.check("c1"));
    assertThat(failed.reason().cause()).isEqualTo("no netlink");
    assertThat(failed.later()).isTrue();
  }

  @Test
  void eachWaitsAsLongAsItMayAndIsToldFor() {
    World world = new World(World.settings(), World.type(1, 2), SingleAddresses.with(Targets.none().withWarmAddresses(0))).start();
    world.hold = effect -> asksEc2(effect, CloudCall.AssignAddresses.class);
    long first = world.add("c1");
    world.pass(20_000);
    long second = world.add("c2");
    world.pass(39_999);
    assertThat(world.replies).doesNotContainKey(first);
    world.pass(1);
    assertThat(world.failed(first).reason().cause()).startsWith("No address came within 60 s: ");
    assertThat(world.failed(first).later()).isTrue();
    assertThat(world.replies).doesNotContainKey(second);
    // The tick that the brain asked for is enough.
    world.pass(20_000);
    assertThat(world.failed(second).reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED);
  }

  @Test
  void whoeverHangsUpWhileItsAddressIsFetchedGetsNothing() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
    world.hold = effect -> asksEc2(effect, CloudCall.AssignParticular.class);
    TestPod pod = TestPod.named("db").withLabel("synthetic.patchbay.dev/address", "10.0.0.77");
    pod.object().ifPresent(world::see);
    long add = world.add("c1", pod, Fields.empty());
    world.give(new Event.CallerGone(add));
    assertThat(world.replies).as("whether EC2 assigns it is not known yet").doesNotContainKey(add);
    world.release();
    assertThat(world.failed(add).reason().code()).isEqualTo(BrainCodes.CALLER_GONE);
    assertThat(world.report().attachments()).isEmpty();
    // It is given back, and asked for anew by the next.
    world.pass(120_000);
    world.hold = effect -> asksEc2(effect, CloudCall.AssignParticular.class);
    long again = world.add("c2", pod, Fields.empty());
    long del = world.del("c2");
    world.answerHeld(CloudCall.AssignParticular.class, new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost"));
    world.release();
    assertThat(world.failed(again).reason().code()).isEqualTo(BrainCodes.ATTACHMENT_DELETED);
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
  }

  @Test
  void garbageCollectionLeavesWhatIsBeingMadeAndIsAnsweredWhenAllIsGone() {
    World world = world();
    world.add("c1");
    world.add("c2");
    world.hold = effect -> effect instanceof Effect.Apply || effect instanceof Effect.Undo;
    long add = world.add("c3");
    long gc = world.gc();
    assertThat(world.held).as("the third is not undone").hasSize(3);
    world.release(effect -> effect instanceof Effect.Undo u && u.path().key().startsWith("c1"));
    assertThat(world.replies).doesNotContainKey(gc);
    world.release();
    assertThat(world.replies.get(gc)).isInstanceOf(Reply.Done.class);
    assertThat(world.replies.get(add)).isInstanceOf(Reply.Added.class);
    assertThat(world.report().attachments()).extracting(a -> a.key().containerId()).containsExactly("c3");
    assertThat(world.replies.get(world.gc("c3"))).isInstanceOf(Reply.Done.class);
    assertThat(world.report().attachments()).hasSize(1);
  }

  /** A pod whose object has not been seen, where a mode must know it. */
  private static World unread() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given()).start();
    world.pass(7_000);
    return world;
  }

  @Test
  void whoWaitsForAnObjectIsAskedAgainForThatOneAlone() {
    World world = unread();
    int[] drafts = new int[1];
    world.failing = work -> {
      drafts[0] += work instanceof PlanWork.Draft ? 1 : 0;
      return Optional.empty();
    };
    TestPod pod = TestPod.named("late");
    long add = world.add("c1", pod, Fields.empty());
    assertThat(drafts[0]).isEqualTo(1);
    TestPod.named("another").object().ifPresent(world::see);
    world.give(new Event.ObjectsHeard(ObjectKind.NAMESPACE, true));
    assertThat(drafts[0]).as("that says nothing of it").isEqualTo(1);
    world.give(new Event.ObjectsHeard(ObjectKind.POD, true));
    assertThat(drafts[0]).isEqualTo(2);
    pod.object().ifPresent(world::see);
    assertThat(drafts[0]).isEqualTo(3);
    world.added(add);
  }

  @Test
  void timePassesWhenWhoWaitsForAnObjectHasWaitedLongEnough() {
    World world = unread();
    long add = world.add("c1", TestPod.named("late"), Fields.empty());
    long deadline = world.now + 60_000;
    world.pass(58_000);
    assertThat(world.replies).doesNotContainKey(add);
    assertThat(world.wakeAt).isLessThanOrEqualTo(deadline);
    world.pass(2_000);
    assertThat(world.failed(add).reason().code()).isEqualTo(Codes.OBJECT_UNREADABLE);
  }
}
