package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What histories of the simulation found in how the brain deals with EC2, disk and kernel, each told as short as it can be. */
class RetoldHistoriesTest {
  private static World world(Targets targets) {
    return new World(World.settings(), World.type(3, 10), SingleAddresses.with(targets)).start();
  }

  private static World interfacesWarm() {
    return world(Targets.none().withWarmInterfaces(1));
  }

  private static Optional<CloudAnswer.Failed> failed(CloudAnswer.Kind kind) {
    return Optional.of(new CloudAnswer.Failed(kind, "Test" + kind, "as the test wants it"));
  }

  private static boolean calls(Effect effect, Class<? extends CloudCall> kind) {
    return effect instanceof Effect.Call c && kind.isInstance(c.call());
  }

  /** Calls of a kind are refused, in this way, once for each way. */
  private static void refuse(World world, Class<? extends CloudCall> kind, CloudAnswer.Kind... ways) {
    List<CloudAnswer.Kind> rest = new ArrayList<>(List.of(ways));
    world.refuse = call -> kind.isInstance(call) && !rest.isEmpty() ? failed(rest.removeFirst()) : Optional.empty();
  }

  private static long count(World world, Predicate<CloudCall> which) {
    return world.calls.stream().filter(which).count();
  }

  /** The interfaces that the ledger has as made. */
  private static List<String> made(World world) {
    return world.snapshot(Entry.Part.LIB).stream().filter(Entry.EniMade.class::isInstance).map(e -> ((Entry.EniMade) e).eniId()).toList();
  }

  private static void assertNothingIsLoose(World world) {
    assertThat(world.enis.values()).allMatch(e -> e.attachment().isPresent());
    assertThat(world.snapshot(Entry.Part.LIB)).noneMatch(Entry.EniIntended.class::isInstance).noneMatch(Entry.EniLeaving.class::isInstance);
    assertThat(made(world)).allMatch(world.enis::containsKey);
  }

  /** A node with a second interface that it has no use for any more. */
  private static World withSurplus() {
    World world = interfacesWarm();
    world.add("c1");
    assertThat(world.enis).containsKey("eni-1");
    world.del("c1");
    return world;
  }

  @Test
  void whatEc2DoesNotFindYetIsNotTakenForGone() {
    World world = withSurplus();
    refuse(world, CloudCall.Delete.class, CloudAnswer.Kind.NOT_FOUND);
    for (int n = 0; n < 200 && count(world, CloudCall.Delete.class::isInstance) == 0; n++) {
      world.pass(1_000);
    }
    assertThat(count(world, CloudCall.Delete.class::isInstance)).isEqualTo(1);
    assertThat(made(world)).containsExactly("eni-1");
    world.pass(60_000);
    assertThat(world.enis).doesNotContainKey("eni-1");
    assertNothingIsLoose(world);
  }

  @Test
  void whatEc2NoLongerFindsIsForgottenOnceItsDescriptionsHaveLeftItOut() {
    World world = withSurplus();
    world.hold = effect -> calls(effect, CloudCall.Delete.class);
    world.pass(100_000);
    world.enis.remove("eni-1");
    world.release();
    assertThat(made(world)).containsExactly("eni-1");
    world.pass(60_000);
    assertNothingIsLoose(world);
    assertThat(world.report().operation()).isEmpty();
  }

  @Test
  void anInterfaceThatIsAttachedByNowIsNotDeletedForWhatItWasBefore() {
    World world = world(Targets.none().withWarmAddresses(2));
    world.hold = effect -> calls(effect, CloudCall.AttachInterface.class);
    for (int n = 0; n < 10; n++) {
      world.add("c" + n);
    }
    assertThat(world.eni("eni-1").attachment()).isEmpty();
    // Cut off between making and attaching; another is made while EC2 is asked what has become of the first.
    world.hold = effect -> calls(effect, CloudCall.DescribeTagged.class) || calls(effect, CloudCall.AttachInterface.class);
    world.restartHolding();
    long waits = world.add("late");
    world.pass(1_000);
    List<EniRecord> asTheyWere = List.of(world.eni("eni-1"), world.eni("eni-2"));
    world.hold = effect -> calls(effect, CloudCall.DescribeTagged.class);
    world.release(effect -> calls(effect, CloudCall.AttachInterface.class));
    assertThat(world.added(waits).attachment().addresses().getFirst().eniId()).contains("eni-2");
    world.answerHeld(CloudCall.DescribeTagged.class, new CloudAnswer.Interfaces(asTheyWere));
    world.release();
    world.pass(60_000);
    assertThat(world.calls).noneMatch(c -> c instanceof CloudCall.Delete d && d.eniId().equals("eni-2"));
    assertThat(world.enis).containsKey("eni-2").doesNotContainKey("eni-1");
    assertNothingIsLoose(world);
  }

  @Test
  void anInterfaceIsFoundLooseTwiceBeforeItIsDeleted() {
    World world = interfacesWarm();
    world.hold = effect -> calls(effect, CloudCall.AttachInterface.class);
    world.add("c1");
    CloudCall.AttachInterface attach = (CloudCall.AttachInterface) ((Effect.Call) world.held.getFirst()).call();
    world.hold = effect -> false;
    world.refuse = call -> call instanceof CloudCall.CreateInterface ? failed(CloudAnswer.Kind.THROTTLED) : Optional.empty();
    world.answerHeld(CloudCall.AttachInterface.class, failed(CloudAnswer.Kind.UNKNOWN).orElseThrow());
    world.pass(16_000);
    assertThat(count(world, CloudCall.DescribeTagged.class::isInstance)).isPositive();
    // What was asked for and not heard of comes about late; EC2 has described it as loose in between.
    world.cloud.answer(attach);
    world.pass(120_000);
    assertThat(world.calls).noneMatch(CloudCall.Delete.class::isInstance);
    assertThat(world.report().lanes().getFirst().enis()).contains("eni-1");
  }

  @Test
  void aSecondTryThatIsRefusedDoesNotUndoTheFirst() {
    World world = interfacesWarm();
    refuse(world, CloudCall.CreateInterface.class, CloudAnswer.Kind.UNKNOWN, CloudAnswer.Kind.REFUSED);
    world.add("c1");
    assertThat(world.enis).containsKey("eni-1");
    assertThat(world.snapshot(Entry.Part.LIB)).anyMatch(Entry.EniIntended.class::isInstance);
    world.pass(120_000);
    assertNothingIsLoose(world);
  }

  @Test
  void whatCouldNotBeAttachedAndIsNotFoundYetIsDeletedLater() {
    World world = interfacesWarm();
    List<CloudAnswer.Kind> deletions = new ArrayList<>(List.of(CloudAnswer.Kind.NOT_FOUND));
    List<CloudAnswer.Kind> attachments = new ArrayList<>(List.of(CloudAnswer.Kind.STATE));
    world.refuse = call -> call instanceof CloudCall.AttachInterface && !attachments.isEmpty() ? failed(attachments.removeFirst())
        : call instanceof CloudCall.Delete && !deletions.isEmpty() ? failed(deletions.removeFirst()) : Optional.empty();
    world.add("c1");
    assertThat(made(world)).contains("eni-1");
    world.pass(120_000);
    assertThat(world.enis).doesNotContainKey("eni-1");
    assertNothingIsLoose(world);
  }

  @Test
  void aDescriptionFromBeforeAReleaseDoesNotBringTheAddressesBack() {
    List<EniRecord> before = new ArrayList<>();
    World world = world(Targets.none().withWarmAddresses(2));
    for (int n = 0; n < 4; n++) {
      world.add("c" + n);
    }
    // The description is asked for when it is due; addresses are given back while it is on its way.
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    world.pass(600_000);
    before.add(world.eni("eni-0"));
    for (int n = 0; n < 4; n++) {
      world.del("c" + n);
    }
    world.pass(60_000);
    List<IpAddress> left = world.eni("eni-0").addresses();
    assertThat(left).hasSize(2);
    world.answerHeld(CloudCall.DescribeAttached.class, new CloudAnswer.Interfaces(before));
    assertThat(world.report().facts().orElseThrow().primary().record().addresses()).containsExactlyInAnyOrderElementsOf(left);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(2);
  }

  @Test
  void aReleaseThatMayHaveBeenDoneIsNotTakenBack() {
    World world = world(Targets.none().withWarmAddresses(2));
    for (int n = 0; n < 4; n++) {
      world.add("c" + n);
    }
    EniRecord before = world.eni("eni-0");
    List<CloudAnswer.Kind> ways = new ArrayList<>(List.of(CloudAnswer.Kind.UNKNOWN, CloudAnswer.Kind.UNREACHABLE));
    world.refuse = call -> call instanceof CloudCall.Unassign && !ways.isEmpty() ? failed(ways.removeFirst()) : Optional.empty();
    for (int n = 0; n < 4; n++) {
      world.del("c" + n);
    }
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    world.pass(60_000);
    assertThat(ways).containsExactly(CloudAnswer.Kind.UNREACHABLE);
    List<IpAddress> left = world.eni("eni-0").addresses();
    // A description that lags lets it be tried again, and EC2 can't be reached then.
    world.answerHeld(CloudCall.DescribeAttached.class, new CloudAnswer.Interfaces(List.of(before)));
    world.pass(1_000);
    assertThat(ways).isEmpty();
    List<Long> adds = new ArrayList<>();
    for (int n = 4; n < 7; n++) {
      adds.add(world.add("c" + n));
    }
    world.release();
    world.pass(60_000);
    assertThat(world.eni("eni-0").addresses()).containsAll(left).containsAll(adds.stream().map(world::addressOf).toList());
  }

  @Test
  void anAddressThatMovesToAnotherInterfaceIsThereAndNoLongerHere() {
    World world = interfacesWarm();
    world.add("c1");
    EniRecord first = world.eni("eni-0");
    EniRecord second = world.eni("eni-1");
    IpAddress moved = first.addresses().stream().filter(a -> !a.equals(held(world))).findFirst().orElseThrow();
    world.enis.put("eni-0", first.withUnits(first.addresses().stream().filter(a -> !a.equals(moved)).toList(), first.prefixes()));
    List<IpAddress> more = new ArrayList<>(second.addresses().subList(1, second.addresses().size()));
    more.add(moved);
    world.enis.put("eni-1", second.withUnits(more, second.prefixes()));
    world.pass(700_000);
    assertThat(world.look().node().orElseThrow().places().get(moved)).extracting(p -> p.eniId()).isEqualTo("eni-1");
    assertThat(world.report().facts().orElseThrow().eni("eni-0").orElseThrow().record().addresses()).doesNotContain(moved);
  }

  private static IpAddress held(World world) {
    return world.report().attachments().getFirst().addresses().getFirst().address();
  }

  @Test
  void whatOthersTakeOffAnInterfaceIsNotOursAnyMore() {
    World world = world(Targets.none().withWarmAddresses(2));
    EniRecord before = world.eni("eni-0");
    Cidr taken = before.addresses().getFirst().asCidr();
    world.enis.put("eni-0", before.withUnits(before.addresses().subList(1, before.addresses().size()), before.prefixes()));
    world.pass(1_300_000);
    assertThat(world.snapshot(Entry.Part.LIB)).noneMatch(e -> e instanceof Entry.UnitsMade m && m.units().contains(taken));
    assertThat(world.calls).noneMatch(CloudCall.Unassign.class::isInstance);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(2);
  }

  @Test
  void whoeverWishesToLookAgainDoesNotUndercutThePauseAfterARefusal() {
    World world = interfacesWarm();
    world.refuse = call -> call instanceof CloudCall.DescribeAttached ? failed(CloudAnswer.Kind.UNREACHABLE) : Optional.empty();
    // IMDS tells of one that is not known: that is reason to look, each time.
    world.cloud.attach("eni-strange", "interface", 2, 0, Map.of());
    int ticks = world.ticks;
    world.pass(300_000);
    assertThat(count(world, CloudCall.DescribeAttached.class::isInstance)).isBetween(3L, 15L);
    assertThat(world.ticks - ticks).isLessThan(100);
  }

  @Test
  void whileADescriptionIsOnItsWayNobodyWakesUpForIt() {
    World world = interfacesWarm();
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    world.cloud.attach("eni-strange", "interface", 2, 0, Map.of());
    int ticks = world.ticks;
    world.pass(300_000);
    assertThat(world.held).hasSize(1);
    assertThat(world.ticks - ticks).isLessThan(100);
  }

  @Test
  void aDelThatAFullDiskCouldNotTakeIsKnownAfterAKill() {
    World world = interfacesWarm();
    IpAddress address = world.addressOf(world.add("c1"));
    world.add("c2");
    world.diskFull = true;
    assertThat(world.replies.get(world.del("c1"))).isInstanceOf(Reply.Done.class);
    // Killed before there is room again: the files have it as live, and nothing else tells of the DEL but that its device is gone.
    world.diskFull = false;
    world.restart();
    assertThat(world.report().attachments()).extracting(a -> a.key().containerId()).containsExactly("c2");
    assertThat(world.report().cooling()).containsKey(address);
    assertThat(world.kernel).containsExactly("c2/eth0");
  }

  @Test
  void aDeviceThatGoesWhileTheDaemonRunsIsLeftToTheContainerRuntime() {
    World world = interfacesWarm();
    world.add("c1");
    world.restart();
    assertThat(world.report().attachments()).hasSize(1);
    world.kernel.remove("c1/eth0");
    world.give(new Event.KernelAltered(""));
    world.pass(10_000);
    assertThat(world.report().attachments()).hasSize(1);
    world.del("c1");
    assertThat(world.report().attachments()).isEmpty();
  }

  @Test
  void whatSomebodyPutsThereAfterAReleaseIsNotReleasedOnceMore() {
    assertWhatIsPutThereAfterAReleaseStays(_ -> {}, _ -> {});
  }

  @Test
  void whatSomebodyPutsThereAfterAReleaseIsNotReleasedByTheNextProcessEither() {
    assertWhatIsPutThereAfterAReleaseStays(World::restart, _ -> {});
  }

  @Test
  void whatSomebodyPutsThereAfterAReleaseIsNotReleasedThoughAProcessEndsBeforeItHearsOfEc2() {
    assertWhatIsPutThereAfterAReleaseStays(RetoldHistoriesTest::restartUnheard, World::restart);
  }

  @Test
  void whatSomebodyPutsThereAfterAReleaseIsNotReleasedByAProcessThatTheOneBeforeHasToldThatItIsThere() {
    assertWhatIsPutThereAfterAReleaseStays(_ -> {}, world -> {
      world.restart();
      assertThat(world.snapshot(Entry.Part.LIB)).as("it is looked at again later").anyMatch(Entry.UnitsLeaving.class::isInstance);
      world.restart();
      world.compact();
      world.restart();
    });
  }

  @Test
  void whatSomebodyPutsThereAfterAReleaseIsNotReleasedAfterABootEither() {
    assertWhatIsPutThereAfterAReleaseStays(_ -> {}, world -> {
      world.disk.removeIf(entry -> entry.part() == Entry.Part.RUN);
      world.restart();
    });
  }

  /** A process starts, and another before IMDS and EC2 have answered it. */
  private static void restartUnheard(World world) {
    world.hold = effect -> effect instanceof Effect.ReadMetadata || calls(effect, CloudCall.DescribeAttached.class);
    world.restartHolding();
    world.restart();
  }

  private static void assertWhatIsPutThereAfterAReleaseStays(Consumer<World> meanwhile, Consumer<World> afterwards) {
    World world = world(Targets.none().withWarmAddresses(2));
    for (int n = 0; n < 4; n++) {
      world.add("c" + n);
    }
    EniRecord before = world.eni("eni-0");
    for (int n = 0; n < 4; n++) {
      world.del("c" + n);
    }
    for (int n = 0; n < 100 && count(world, CloudCall.Unassign.class::isInstance) == 0; n++) {
      world.pass(1_000);
    }
    meanwhile.accept(world);
    EniRecord after = world.eni("eni-0");
    IpAddress again = before.addresses().stream().filter(a -> !after.addresses().contains(a)).findFirst().orElseThrow();
    List<IpAddress> more = new ArrayList<>(after.addresses());
    more.add(again);
    world.enis.put("eni-0", after.withUnits(more, after.prefixes()));
    afterwards.accept(world);
    world.pass(700_000);
    assertThat(world.calls.stream().filter(c -> c instanceof CloudCall.Unassign u && u.units().contains(again.asCidr()))).hasSize(1);
    assertThat(world.eni("eni-0").addresses()).contains(again);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(world.eni("eni-0").addresses().size());
  }

  @Test
  void whatEc2GivesAgainAfterAReleaseIsReleasedOnceMore() {
    World world = world(Targets.none().withWarmAddresses(1));
    for (int n = 0; n < 5; n++) {
      world.add("c" + n);
    }
    for (int n = 0; n < 5; n++) {
      world.del("c" + n);
    }
    for (int n = 0; n < 100 && count(world, CloudCall.Unassign.class::isInstance) == 0; n++) {
      world.pass(1_000);
    }
    List<Cidr> units = world.calls.stream().filter(CloudCall.Unassign.class::isInstance).map(c -> ((CloudCall.Unassign) c).units()).toList()
        .getFirst();
    // A moment later pods come, and it is the same addresses that EC2 has for them.
    world.hold = effect -> calls(effect, CloudCall.AssignAddresses.class);
    for (int n = 0; n < 5; n++) {
      world.add("d" + n);
    }
    EniRecord after = world.eni("eni-0");
    List<IpAddress> more = new ArrayList<>(after.addresses());
    units.forEach(u -> more.add(u.address()));
    world.enis.put("eni-0", after.withUnits(more, after.prefixes()));
    world.hold = effect -> false;
    world.answerHeld(CloudCall.AssignAddresses.class, new CloudAnswer.Assigned(units));
    world.pass(1_000);
    assertThat(world.report().lanes().getFirst().held()).as("all have one").isEqualTo(5);

    for (int n = 0; n < 5; n++) {
      world.del("d" + n);
    }
    long asked = count(world, CloudCall.Unassign.class::isInstance);
    world.loses = call -> call instanceof CloudCall.Unassign && count(world, CloudCall.Unassign.class::isInstance) == asked + 1;
    world.pass(700_000);
    assertThat(world.eni("eni-0").addresses()).as("the first time it was asked in vain").hasSize(1);
  }

  @Test
  void whatMetadataHasStillAndEc2HasNotGoesToNobodyHoweverShortTheBootIsAgo() {
    World world = new World(World.settings(), World.type(3, 10), SingleAddresses.with(Targets.none().withWarmAddresses(3)));
    world.now = 5_000;
    EniRecord primary = world.eni("eni-0");
    IpAddress there = IpAddress.of("10.0.0.150");
    IpAddress gone = IpAddress.of("10.0.0.151");
    world.enis.put("eni-0", primary.withUnits(List.of(there, gone), List.of()));
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    world.start();
    world.answerHeld(CloudCall.DescribeAttached.class, new CloudAnswer.Interfaces(List.of(primary.withUnits(List.of(there), List.of()))));
    // It has rested since the boot, and EC2 describes nothing more for a while.
    world.pass(40_000);
    List<IpAddress> given = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      given.add(world.addressOf(world.add("c" + n)));
    }
    assertThat(given).contains(there).doesNotContain(gone);
  }

  /** A world in which EC2 does not yet describe anything, and what is on the primary interface as metadata has it. */
  private static World notYetDescribed(List<Cidr> prefixes) {
    World world = new World(World.settings(), World.type(3, 10), SingleAddresses.with(Targets.none().withWarmAddresses(2)));
    EniRecord primary = world.eni("eni-0");
    world.enis.put("eni-0", primary.withUnits(List.of(), prefixes));
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    return world.start();
  }

  private static void assertNothingIsBroken(World world) {
    assertThat(Invariants.breaches(Invariants.all(), world.look())).filteredOn(b -> b.invariant().equals("free-is-free")).isEmpty();
  }

  @Test
  void whatMetadataHasAsPartOfABlockAndEc2ElsewhereRestsOnce() {
    Cidr block = Cidr.of("10.0.0.160/28");
    World world = notYetDescribed(List.of(block));
    world.pass(10_000);
    EniRecord primary = world.eni("eni-0").withUnits(List.of(), List.of());
    world.enis.put("eni-0", primary);
    world.cloud.attach("eni-strange", "interface", 2, 0, Map.of("node.k8s.amazonaws.com/no_manage", "true"));
    EniRecord strange = world.eni("eni-strange").withUnits(List.of(block.at(3)), List.of());
    world.enis.put("eni-strange", strange);
    world.release();
    // That EC2 leaves the block out for good is heard late.
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    for (int n = 0; n < 40; n++) {
      world.pass(1_000);
      assertNothingIsBroken(world);
    }
  }

  @Test
  void whatEc2DescribesFirstToTheNextProcessRestsNoMore() {
    World world = world(Targets.none().withWarmAddresses(2));
    world.pass(40_000);
    restartUnheard(world);
    world.hold = effect -> calls(effect, CloudCall.DescribeAttached.class);
    world.restartHolding();
    IpAddress more = IpAddress.of("10.0.0.9");
    EniRecord primary = world.eni("eni-0");
    List<IpAddress> addresses = new ArrayList<>(primary.addresses());
    addresses.add(more);
    world.enis.put("eni-0", primary.withUnits(addresses, primary.prefixes()));
    world.release();
    assertThat(world.report().cooling()).isEmpty();
    assertNothingIsBroken(world);
    assertThat(world.addressOf(world.add("c1"))).isEqualTo(more);
  }
}
