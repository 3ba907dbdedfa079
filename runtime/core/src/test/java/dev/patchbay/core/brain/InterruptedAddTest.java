package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ADDs that are cut off, by their caller's end or by ours: they leave nothing, and nothing that blocks the next. */
class InterruptedAddTest {
  private static World world() {
    return new World(World.settings(), World.type(3, 10), SingleAddresses.with(Targets.none().withWarmInterfaces(1))).start();
  }

  private static Code refusal(World world, long request) {
    return world.failed(request).reason().code();
  }

  /** What a DEL's note would say now. */
  private static MadeBefore noted(World world) {
    return new MadeBefore(OptionalLong.of(world.moment().monotonic()), world.moment().wall());
  }

  private static void assertNothingIsLeft(World world) {
    assertThat(world.kernel).isEmpty();
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.report().lanes().getFirst().held()).isZero();
  }

  @Test
  void whatIsBeingMadeWhenTheCallerHangsUpIsUndone() {
    World world = world();
    world.hold = Effect.Apply.class::isInstance;
    long add = world.add("c1");
    world.give(new Event.CallerGone(add));
    assertThat(world.replies).doesNotContainKey(add);
    world.release();
    assertThat(refusal(world, add)).isEqualTo(BrainCodes.CALLER_GONE);
    assertNothingIsLeft(world);
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
  }

  @Test
  void whatIsMadeButNotPromisedWhenTheCallerHangsUpIsUndone() {
    World world = world();
    world.hold = effect -> effect instanceof Effect.Write w && w.entries().toString().contains("LIVE");
    long add = world.add("c1");
    assertThat(world.kernel).isNotEmpty();
    world.give(new Event.CallerGone(add));
    world.release();
    assertThat(refusal(world, add)).isEqualTo(BrainCodes.CALLER_GONE);
    assertNothingIsLeft(world);
  }

  @Test
  void whatTheCallerWasNeverToldOfIsUndone() {
    World world = world();
    long add = world.add("c1");
    long other = world.add("c2");
    world.give(new Event.CallerGone(add));
    assertThat(world.kernel).containsExactly("c2/eth0");
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
    // What is late is about the first of that name, which is gone.
    world.give(new Event.CallerGone(add));
    assertThat(world.kernel).containsExactly("c1/eth0", "c2/eth0");
    assertThat(world.replies.get(other)).isInstanceOf(Reply.Added.class);
  }

  @Test
  void theNextAddWaitsUntilWhatIsLeftIsRemoved() {
    World world = world();
    world.add("c1");
    world.hold = Effect.Undo.class::isInstance;
    long del = world.del("c1");
    long next = world.add("c1");
    long second = world.add("c1");
    assertThat(world.replies).doesNotContainKeys(del, next, second);
    world.release();
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertThat(world.replies.get(next)).isInstanceOf(Reply.Added.class);
    assertThat(refusal(world, second)).isEqualTo(BrainCodes.ATTACHMENT_BUSY);
    assertThat(world.kernel).containsExactly("c1/eth0");
  }

  @Test
  void anAddThatWaitsForARemovalIsGivenUpWithItsCallerAndByADel() {
    World world = world();
    world.add("c1");
    world.add("c2");
    world.hold = Effect.Undo.class::isInstance;
    world.del("c1");
    world.del("c2");
    long leaves = world.add("c1");
    long deleted = world.add("c2");
    world.give(new Event.CallerGone(leaves));
    long del = world.del("c2");
    assertThat(refusal(world, leaves)).isEqualTo(BrainCodes.CALLER_GONE);
    assertThat(refusal(world, deleted)).isEqualTo(BrainCodes.ATTACHMENT_DELETED);
    world.release();
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertNothingIsLeft(world);
  }

  /** However the wall clock is set between the note and the ADDs. */
  @ParameterizedTest
  @ValueSource(longs = {0, 3_600_000, -3_600_000, -100_000_000_000L})
  void aDelThatWasNotedBeforeAnAddDoesNotTouchIt(long step) {
    World world = world();
    world.add("old");
    MadeBefore noted = noted(world);
    world.pass(10);
    world.wallShift += step;
    world.add("c1");
    world.hold = Effect.Plan.class::isInstance;
    long drafting = world.add("c2");
    world.hold = effect -> effect instanceof Effect.Undo || effect instanceof Effect.Plan;
    world.del("old");
    long behind = world.add("old");
    for (String container : new String[] {"old", "c1", "c2"}) {
      long del = world.del(container, noted);
      assertThat(world.replies.containsKey(del)).isEqualTo(!container.equals("old"));
    }
    world.release();
    assertThat(world.replies.get(drafting)).isInstanceOf(Reply.Added.class);
    assertThat(world.replies.get(behind)).isInstanceOf(Reply.Added.class);
    assertThat(world.kernel).containsExactly("c1/eth0", "c2/eth0", "old/eth0");
    // What is as old as the note is meant.
    world.wallShift -= 2 * step;
    world.del("c1", noted(world));
    assertThat(world.kernel).containsExactly("c2/eth0", "old/eth0");
  }

  @Test
  void aNoteThatKnowsTheWallClockAloneIsComparedByIt() {
    World world = world();
    world.add("c1");
    world.pass(10);
    MadeBefore later = new MadeBefore(OptionalLong.empty(), world.moment().wall());
    MadeBefore earlier = new MadeBefore(OptionalLong.empty(), world.moment().wall() - 100);
    assertThat(world.replies.get(world.del("c1", earlier))).isInstanceOf(Reply.Done.class);
    assertThat(world.kernel).containsExactly("c1/eth0");
    assertThat(world.replies.get(world.del("c1", later))).isInstanceOf(Reply.Done.class);
    assertThat(world.kernel).isEmpty();
  }

  @Test
  void whatCantBeRemovedBlocksTheNextAddWithAReasonAndNoLonger() {
    World world = world();
    world.add("c1");
    world.hold = Effect.Undo.class::isInstance;
    world.del("c1");
    long next = world.add("c1");
    Effect.Undo undo = (Effect.Undo) world.held.removeFirst();
    world.give(new Event.KernelFailed(undo.token(), Finding.of(Code.of(999, "Busy"), "the device is busy.", "Wait.")));
    assertThat(refusal(world, next)).isEqualTo(BrainCodes.ATTACHMENT_BUSY);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.UNDO_PENDING));
    // Asked again, it is tried again at once.
    world.hold = effect -> false;
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void afterACrashAnAddOfTheSamePodIsServedOnceTheOldOneIsUndone() {
    World world = world();
    world.hold = Effect.Apply.class::isInstance;
    world.add("c1");
    world.add("c2");
    world.restart();
    assertNothingIsLeft(world);
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
    assertThat(world.report().attachments()).singleElement()
        .satisfies(a -> assertThat(a.state()).isEqualTo(AttachmentRecord.State.LIVE));
  }

  @Test
  void whatWasPromisedButMayNotHaveBeenHeardIsMadeAnewWhenItIsAskedForAgain() {
    World world = world();
    long heard = world.add("heard");
    world.give(new Event.AnswerRead(heard));
    long cut = world.add("cut");
    assertThat(refusal(world, world.add("cut"))).as("it is on its way").isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    world.restart();
    assertThat(world.kernel).as("promised is promised").containsExactly("cut/eth0", "heard/eth0");
    assertThat(refusal(world, world.add("heard"))).isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    long again = world.add("cut");
    assertThat(world.addressOf(again)).isNotEqualTo(world.addressOf(cut));
    assertThat(refusal(world, world.add("cut"))).isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    world.give(new Event.AnswerRead(again));
    // A journal that was compacted knows it too.
    world.compact();
    world.restart();
    assertThat(refusal(world, world.add("heard"))).isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    assertThat(refusal(world, world.add("cut"))).isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    world.del("heard");
    world.add("heard");
    world.restart();
    assertThat(world.replies.get(world.add("heard"))).as("the next of that name was not heard of").isInstanceOf(Reply.Added.class);
  }

  @Test
  void nothingIsMadeWhileLeftoversAreLookedFor() {
    World world = world();
    world.hold = Effect.RemoveLeftovers.class::isInstance;
    world.restartHolding();
    long add = world.add("c1");
    assertThat(world.kernel).isEmpty();
    assertThat(world.replies).doesNotContainKey(add);
    world.release();
    assertThat(world.replies.get(add)).isInstanceOf(Reply.Added.class);
    assertThat(world.kernel).containsExactly("c1/eth0");
  }

  @Test
  void aPlannerThatFailsTooLateDoesNotTouchTheNextAdd() {
    World world = world();
    world.hold = Effect.Plan.class::isInstance;
    long first = world.add("c1");
    Effect.Plan plan = (Effect.Plan) world.held.removeFirst();
    world.give(new Event.CallerGone(first));
    long next = world.add("c1");
    world.give(new Event.PlannerFailed(plan.token(), "another", Finding.of(BrainCodes.MODE_FAILED, "it overran.", "Wait.")));
    assertThat(world.replies).doesNotContainKey(next);
    world.release();
    assertThat(world.replies.get(next)).isInstanceOf(Reply.Added.class);
  }

  /** A pod whose ADD was refused while the disk stood still holds nothing once it goes on, whatever came last on the disk. */
  @ParameterizedTest
  @ValueSource(strings = {"OPEN", "LIVE"})
  void anAddWhoseWriteIsNotAnsweredIsRefusedOnceAndUndoneLater(String state) {
    World world = world();
    world.hold = effect -> effect instanceof Effect.Write w && w.entries().toString().contains(state);
    long add = world.add("c1");
    world.pass(9_000);
    assertThat(world.replies).doesNotContainKey(add);
    world.pass(2_000);
    assertThat(refusal(world, add)).isEqualTo(BrainCodes.LEDGER_UNWRITABLE);
    assertThat(world.failed(add).later()).isTrue();
    Reply told = world.replies.get(add);
    // Its DEL is accepted at once, and the next pod is refused at once.
    assertThat(world.replies.get(world.del("c1"))).isInstanceOf(Reply.Done.class);
    assertThat(refusal(world, world.add("c2"))).isEqualTo(BrainCodes.LEDGER_UNWRITABLE);
    world.release();
    world.pass(1_000);
    assertThat(world.replies.get(add)).isSameAs(told);
    assertNothingIsLeft(world);
    assertThat(world.report().findings()).extracting(Finding::code).doesNotContain(BrainCodes.LEDGER_UNWRITABLE);
    assertThat(world.replies.get(world.add("c2"))).isInstanceOf(Reply.Added.class);
  }

  @Test
  void aDelIsAcceptedWhileTheDiskStandsStillAndItsAddressIsHeldUntilItGoesOn() {
    World world = world();
    world.add("c1");
    world.hold = Effect.Write.class::isInstance;
    long del = world.del("c1");
    world.pass(9_000);
    assertThat(world.replies).doesNotContainKey(del);
    world.pass(15_000);
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertThat(world.kernel).isEmpty();
    assertThat(world.report().lanes().getFirst().held()).isOne();
    world.release();
    world.pass(1_000);
    assertNothingIsLeft(world);
  }
}
