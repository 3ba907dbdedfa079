package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plans that were applied: kept to the letter, changed only where that is safe; and what modes say on objects. */
class KeptPlansTest {
  private static final Fields LIMITED = Fields.empty().with("bandwidth", Fields.empty().with("ingressRate", 1_000_000)
      .with("ingressBurst", 100_000).with("egressRate", 0).with("egressBurst", 0));

  private static AttachmentRecord only(World world) {
    return world.report().attachments().getFirst();
  }

  @Test
  void anElementThatANewerVersionPlannedIsKeptToTheLetter() {
    World world = World.of(SyntheticModes.stock()).start();
    world.add("c1");
    PlanElement newer = PlanElement.of("tunnel", Fields.empty().with("to", "somewhere").with("over", "eni:eni-0"));
    assertThat(newer).isInstanceOf(UnknownElement.class);
    AttachmentRecord record = only(world);
    world.disk.add(new Entry.Attached(record.with(record.plan().and(newer))));
    world.restart();
    assertThat(only(world).plan().elements()).endsWith(newer);
    assertThat(world.path(record.key()).orElseThrow().plan().elements()).endsWith(newer);
    world.hold = Effect.Undo.class::isInstance;
    world.del("c1");
    Effect.Undo undo = (Effect.Undo) world.held.getFirst();
    assertThat(undo.path().plan().elements()).endsWith(newer);
    assertThat(undo.path().enis()).extracting(e -> e.id()).contains("eni-0");
    world.release();
    assertThat(world.report().attachments()).isEmpty();
  }

  @Test
  void anEntryThatANewerVersionWroteIsKeptAndReported() {
    World world = World.of(SyntheticModes.stock()).start();
    Fields newer = Fields.empty().with("entry", "lease").with("part", "RUN").with("of", "something");
    world.disk.add(new Entry.Unknown(newer));
    world.restart();
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.LEDGER_NEWER));
    assertThat(world.snapshot(Entry.Part.RUN)).contains(new Entry.Unknown(newer));
  }

  @Test
  void aLiveAttachmentIsPlannedAgainOnlyWhereTheModeSaysSo() {
    World world = World.of(SyntheticModes.intents()).start();
    world.added(world.add("c1", TestPod.named("plain"), LIMITED));
    DatapathPlan whole = only(world).plan();
    assertThat(whole.elements(RateLimit.class)).hasSize(1);
    // As if an earlier version of the mode had planned it without the limit.
    AttachmentRecord record = only(world);
    DatapathPlan less = DatapathPlan.of(whole.elements().stream().filter(e -> !(e instanceof RateLimit)).toList());
    world.disk.add(new Entry.Attached(record.with(less)));
    world.story.clear();
    world.restart();
    assertThat(world.story).containsExactly("change c1/eth0");
    assertThat(only(world).plan()).isEqualTo(whole);
    assertThat(world.madeFor("c1/eth0").plan()).isEqualTo(whole);
    // The base that does not declare it is left as it is.
    World other = World.of(SyntheticModes.stock()).start();
    other.add("c1");
    AttachmentRecord stays = only(other);
    DatapathPlan odd = DatapathPlan.of(stays.plan().elements().subList(0, 3));
    other.disk.add(new Entry.Attached(stays.with(odd)));
    other.restart();
    assertThat(only(other).plan()).isEqualTo(odd);
  }

  @Test
  void whatIsCutOffWhileAPlanIsChangedIsTakenOutWithBothPlans() {
    World world = World.of(SyntheticModes.intents()).start();
    world.added(world.add("c1", TestPod.named("plain"), LIMITED));
    DatapathPlan whole = only(world).plan();
    AttachmentRecord record = only(world);
    world.disk.add(new Entry.Attached(record.with(DatapathPlan.of(whole.elements().subList(0, 2)))));
    world.hold = Effect.Change.class::isInstance;
    world.restartHolding();
    assertThat(world.held).hasSize(1);
    assertThat(only(world).plan().elements()).containsAll(whole.elements());
    world.restart();
    assertThat(only(world).plan()).isEqualTo(whole);
  }

  @Test
  void aChangeThatTheKernelRefusesLeavesTheOldPlan() {
    World world = World.of(SyntheticModes.intents()).start();
    world.added(world.add("c1", TestPod.named("plain"), LIMITED));
    AttachmentRecord record = only(world);
    DatapathPlan old = DatapathPlan.of(record.plan().elements().subList(0, 2));
    world.disk.add(new Entry.Attached(record.with(old)));
    world.kernelRefuses = effect -> effect instanceof Effect.Change ? Optional.of("no such qdisc") : Optional.empty();
    world.restart();
    assertThat(only(world).plan()).isEqualTo(old);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.cause()).contains("no such qdisc"));
  }

  @Test
  void whatAModePlannedForTheNodeHoldsWhileItIsSetAsideAndWhileItsPodsLive() {
    World world = World.of(SyntheticModes.stock()).start();
    world.add("c1");
    Translation planned = world.nodePath().orElseThrow().plan().elements(Translation.class).getFirst();
    world.failing = work -> work instanceof PlanWork.Node n && n.circumstances().aside().isEmpty()
        ? Optional.of("synthetic-stock") : Optional.empty();
    world.see(TestObject.of(ObjectKind.NODE, "", "node-1"));
    world.failing = work -> Optional.empty();
    assertThat(world.nodePath().orElseThrow().plan().elements()).contains(planned);
    // The mode is replaced by another; its pod keeps its way out until it has gone.
    world.choosing(SyntheticModes.delegated()).restart();
    assertThat(world.nodePath().orElseThrow().plan().elements()).contains(planned);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.subject()).contains("synthetic-stock"));
    world.del("c1");
    assertThat(world.nodePath().orElseThrow().plan().elements()).doesNotContain(planned);
  }

  @Test
  void whatTheNodeHasIsNotTakenOutForAMomentWhenTheProcessStarts() {
    World world = World.of(SyntheticModes.intents()).start();
    for (int i = 0; i < 12; i++) {
      world.add("c" + i);
    }
    assertThat(world.enis).as("pods lie on another interface, too").hasSizeGreaterThan(1);
    NodeDatapath there = world.nodePaths.getLast();
    for (boolean heard : List.of(true, false)) {
      world.nodePaths.clear();
      if (!heard) {
        world.unheard();
      }
      world.restart();
      assertThat(world.nodePaths).as("with objects heard: %s", heard).isNotEmpty().allMatch(there::equals);
    }
  }

  @Test
  void aNodeThatCantBePlannedIsTriedAgainAfterAWhile() {
    World world = World.of(SyntheticModes.stock());
    world.failing = work -> work instanceof PlanWork.Node ? Optional.of("") : Optional.empty();
    world.start();
    assertThat(world.serving).isFalse();
    world.failing = work -> Optional.empty();
    world.pass(5_000);
    assertThat(world.serving).isTrue();
  }

  @Test
  void whatModesSayOnObjectsIsPublishedOnceAndAgainWhenItChanges() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.objects()).start();
    ObjectRef node = new ObjectRef(ObjectKind.NODE, "", "node-1");
    assertThat(patches(world, node)).hasSize(1);
    int before = world.published.size();
    world.see(TestObject.of(ObjectKind.NODE, "", "node-1").withLabel("zone", "a"));
    assertThat(patches(world, node)).hasSize(1);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.value()).hasValue(1L));
    world.added(world.add("c1", TestPod.named("plain"), Fields.empty()));
    assertThat(patches(world, new ObjectRef(ObjectKind.POD, "default", "plain"))).hasSize(1);
    assertThat(world.published.size()).isGreaterThan(before);
    // Eight pods fill the primary interface's warm stock; another interface is another text.
    for (int i = 0; i < 8; i++) {
      world.add("d" + i);
    }
    assertThat(patches(world, node)).hasSizeGreaterThan(1);
  }

  private static List<ObjectPlan.Patch> patches(World world, ObjectRef object) {
    return world.published.stream().flatMap(p -> p.patches().stream()).filter(p -> p.object().equals(object)).toList();
  }

  @Test
  void aModeOfTheClusterSideAloneTakesPartInNothingOnTheNode() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.cluster()).start();
    world.added(world.add("c1", TestPod.named("plain"), Fields.empty()));
    assertThat(only(world).modeIds()).containsExactly("synthetic-stock");
    NetworkMode cluster = World.instance(SyntheticModes.cluster()).mode();
    assertThat(cluster.clusterPlanner()).isPresent();
    assertThat(cluster.admissionPlanner()).isPresent();
  }

  @Test
  void whatAPlanHasNoMoreIsInTheLedgerNoLongerThanTheKernelIsChanged() {
    World world = World.of(SyntheticModes.intents()).start();
    world.added(world.add("c1", TestPod.named("plain"), LIMITED));
    AttachmentRecord record = only(world);
    DatapathPlan whole = record.plan();
    PlanElement newer = PlanElement.of("tunnel", Fields.empty().with("to", "somewhere"));
    for (int n = 0; n < 2; n++) {
      world.disk.add(new Entry.Attached(record.with(whole.and(newer))));
      world.restart();
      assertThat(only(world).plan()).isEqualTo(whole);
      assertThat(world.written().attachment(record.key()).orElseThrow().plan()).isEqualTo(whole);
    }
  }

  @Test
  void theNodesDatapathIsTriedAgainAfterThreeSeconds() {
    World world = World.of(SyntheticModes.stock());
    boolean[] refuses = {true};
    world.kernelRefuses = effect -> effect instanceof Effect.ApplyNode && refuses[0] ? Optional.of("no") : Optional.empty();
    world.start();
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.NODE_DATAPATH));
    world.pass(10_000);
    refuses[0] = false;
    world.pass(1_999);
    assertThat(world.serving).isFalse();
    world.pass(1);
    assertThat(world.serving).as("12 s after the start").isTrue();
    assertThat(world.report().findings()).isEmpty();
  }
}
