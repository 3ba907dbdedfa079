package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter that answers with what nobody asked for has a defect, which is said at once instead of being taken for something. */
class WrongAnswerTest {
  private static final TestPod WIDE = TestPod.named("wide").withAnnotation("synthetic.patchbay.dev/networks", "delegate");
  private static final TestPod FIXED = TestPod.named("db").withLabel("synthetic.patchbay.dev/address", "10.0.0.177");

  private static long token(Effect effect) {
    return switch (effect) {
      case Effect.Write e -> e.token();
      case Effect.Plan e -> e.token();
      case Effect.ApplyNode e -> e.token();
      case Effect.Apply e -> e.token();
      case Effect.Change e -> e.token();
      case Effect.Undo e -> e.token();
      case Effect.Mend e -> e.token();
      case Effect.Compare e -> e.token();
      case Effect.RemoveLeftovers e -> e.token();
      case Effect.Call e -> e.token();
      case Effect.ReadMetadata e -> e.token();
      case Effect.Run e -> e.token();
      case Effect.UndoRun e -> e.token();
      case Effect.Answer _, Effect.WakeAt _, Effect.Publish _, Effect.Tell _, Effect.Serve _ -> throw new IllegalArgumentException("nobody answers "
          + effect);
    };
  }

  /** A node of one's own for each that does all there is to do. */
  private static Stream<Consumer<Predicate<Effect>>> worlds(List<World> all) {
    return Stream.of(hold -> {
      World world = world(all, World.of(SyntheticModes.stock(), SyntheticModes.extra(), SyntheticModes.onDemand()), hold);
      WIDE.object().ifPresent(world::see);
      FIXED.object().ifPresent(world::see);
      world.add("c1", WIDE, Fields.empty());
      world.check("c1");
      world.give(new Event.KernelAltered(""));
      world.add("c2", FIXED, Fields.empty());
      world.del("c1");
    }, hold -> {
      World world = world(all, new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1))), hold);
      for (int n = 0; n < 6; n++) {
        world.add("c" + n);
      }
      world.enis.put("eni-0", world.eni("eni-0").withGroups(List.of("sg-new")));
      world.pass(120_000);
      world.altered.add(Mended.NODE);
      world.give(new Event.KernelAltered(Mended.NODE));
      for (int n = 0; n < 6; n++) {
        world.del("c" + n);
      }
      world.pass(300_000);
    }, hold -> {
      World world = World.of(SyntheticModes.intents());
      all.add(world);
      world.start();
      world.added(world.add("c1", TestPod.named("plain"), Fields.empty()));
      AttachmentRecord record = world.report().attachments().getFirst();
      world.disk.add(new Entry.Attached(record.with(DatapathPlan.of(record.plan().elements().subList(0, 2)))));
      world.hold = hold::test;
      world.restartHolding();
    }, hold -> {
      World world = new World(World.settings(), World.type(1, 3), SingleAddresses.with(Targets.none()));
      world.typeIsNew = true;
      world(all, world, hold);
    });
  }

  private static World world(List<World> all, World world, Predicate<Effect> hold) {
    all.add(world);
    world.hold = hold::test;
    return world.start();
  }

  /** The first effect of a kind, by a node that does all there is to do, is answered otherwise; each of several kinds of nodes does it. */
  private static void check(Predicate<Effect> which, java.util.function.LongFunction<Event> answer) {
    int checked = 0;
    List<World> all = new java.util.ArrayList<>();
    for (Consumer<Predicate<Effect>> story : worlds(all).toList()) {
      boolean[] held = new boolean[1];
      story.accept(effect -> !held[0] && which.test(effect) && (held[0] = true));
      World world = all.getLast();
      if (held[0]) {
        checked++;
        Event wrong = answer.apply(token(world.held.getFirst()));
        assertThatThrownBy(() -> world.give(wrong)).isInstanceOf(IllegalStateException.class).hasMessageContaining("answered with");
      }
    }
    assertThat(checked).isPositive();
  }

  @ParameterizedTest
  @ValueSource(classes = {Effect.Plan.class, Effect.ApplyNode.class, Effect.Apply.class, Effect.Change.class, Effect.Undo.class,
      Effect.Mend.class, Effect.Compare.class, Effect.Run.class, Effect.UndoRun.class, Effect.ReadMetadata.class, Effect.Call.class})
  void aWriteIsNoAnswerToAnythingElse(Class<? extends Effect> kind) {
    check(kind::isInstance, Event.Written::new);
  }

  @ParameterizedTest
  @ValueSource(classes = {Entry.Seen.class, Entry.Attached.class, Entry.UnitsIntended.class})
  void theKernelDoesNotAnswerForTheDisk(Class<? extends Entry> kind) {
    check(effect -> effect instanceof Effect.Write w && w.entries().stream().anyMatch(kind::isInstance), Event.KernelDone::new);
  }

  @ParameterizedTest
  @ValueSource(classes = {CloudCall.AssignParticular.class, CloudCall.AssignAddresses.class, CloudCall.CreateInterface.class,
      CloudCall.AttachInterface.class, CloudCall.DescribeAttached.class, CloudCall.DescribeType.class})
  void theKernelDoesNotAnswerForEc2(Class<? extends CloudCall> kind) {
    check(effect -> effect instanceof Effect.Call c && kind.isInstance(c.call()), Event.KernelDone::new);
  }

  @ParameterizedTest
  @ValueSource(classes = {CloudCall.AssignAddresses.class, CloudCall.CreateInterface.class, CloudCall.AttachInterface.class,
      CloudCall.Unassign.class, CloudCall.DescribeAttached.class, CloudCall.DescribeType.class})
  void anAnswerOfEc2ToAnotherCallIsNone(Class<? extends CloudCall> kind) {
    check(effect -> effect instanceof Effect.Call c && kind.isInstance(c.call()),
        token -> new Event.Answered(token, new CloudAnswer.Reservations(List.of())));
  }
}
