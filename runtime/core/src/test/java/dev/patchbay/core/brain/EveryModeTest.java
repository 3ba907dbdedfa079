package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Role;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.Rehearsal;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each way in which a mode can use the SPI, driven by the brain, beside a base where the mode is none. */
class EveryModeTest {
  /** More effects than any ADD has. */
  private static final int MOST_EFFECTS = 200;

  private static Stream<DynamicTest> everyPod(BiConsumer<ModeUnderTest, TestPod> test) {
    return SyntheticModes.all().stream().flatMap(mode -> mode.pods().stream()
        .map(pod -> dynamicTest(mode + ", pod " + pod.name(), () -> test.accept(mode, pod))));
  }

  private static boolean isBase(NetworkModeProvider provider) {
    return provider.descriptor().roles().stream().anyMatch(Role.Base.class::isInstance);
  }

  static World world(ModeUnderTest mode) {
    World world = isBase(mode.provider()) ? World.of(mode.provider()) : World.of(SyntheticModes.stock(), mode.provider());
    if (mode.provider().id().equals("synthetic-given")) {
      world.cloud.attach("eni-trunk", "trunk", 3, 0, Map.of());
    }
    if (mode.provider().id().equals("synthetic-elements")) {
      world.cloud.attach("eni-left", "interface", 3, 0, Map.of("node.k8s.amazonaws.com/no_manage", "true"));
    }
    if (mode.provider().id().equals("synthetic-borrow")) {
      world.cloud.attach("eni-lent", "interface", 4, 0, Map.of("node.k8s.amazonaws.com/no_manage", "true"));
    }
    // The extra's subnet, and those of the modifier, which finds one by its tag.
    world.cloud.subnet("subnet-00000000000000077", "10.0.77.0/24", "2001:db8:0:77::/64", Map.of());
    world.cloud.subnet("subnet-00000000000000041", "10.0.41.0/24", "2001:db8:0:41::/64", Map.of());
    world.cloud.subnet("subnet-second", "10.0.42.0/24", "2001:db8:0:42::/64",
        Map.of("synthetic.patchbay.dev/subnet", "second"));
    world.cloud.taggedGroups.put(Map.of("synthetic.patchbay.dev/group", "second"), List.of("sg-second"));
    mode.objects().forEach(world::see);
    return world.start();
  }

  private static long add(World world, TestPod pod) {
    pod.object().ifPresent(world::see);
    return world.add(pod.name(), pod, pod.capabilities());
  }

  private static List<AttachmentRecord> attachments(World world) {
    return world.report().attachments();
  }

  @TestFactory
  Stream<DynamicTest> whatComesOfAPodIsWhatTheRehearsalSays() {
    return everyPod((mode, pod) -> {
      World world = world(mode);
      long add = add(world, pod);
      Rehearsal.Attached rehearsed = Rehearsal.of(mode, Fields.empty(), TestNode.create().withInstanceType(TestInstanceType.P4D_24XLARGE)).attach(pod);
      boolean refusedUnread = pod.object().isEmpty() && mode.provider().descriptor().roles().stream()
          .anyMatch(r -> r instanceof Role.Claim c && c.unreadable() == Role.WhenUnreadable.REFUSE);
      if (refusedUnread || rehearsed.end().filter(e -> e instanceof dev.patchbay.spi.Answer.Wait<?>).isPresent()) {
        assertThat(world.replies).doesNotContainKey(add);
        assertThat(world.report().waiting()).hasSize(1);
        world.pass(61_000);
        assertThat(world.failed(add).later()).isTrue();
      } else if (rehearsed.end().isPresent()) {
        assertThat(world.failed(add).reason().code())
            .isEqualTo(((dev.patchbay.spi.Answer.Refuse<?>) rehearsed.end().get()).reason().code());
      } else {
        world.added(add);
        assertThat(attachments(world)).hasSameSizeAs(rehearsed.interfaces());
        assertThat(attachments(world)).allSatisfy(a -> assertThat(a.state()).isEqualTo(AttachmentRecord.State.LIVE));
        for (int i = 0; i < attachments(world).size(); i++) {
          int ordinal = i;
          AttachmentRecord made = attachments(world).stream().filter(a -> a.ordinal() == ordinal).findFirst().orElseThrow();
          assertThat(made.plan().elements().stream().map(e -> e.kind()))
              .containsExactlyElementsOf(rehearsed.interfaces().get(i).plan().elements().stream().map(e -> e.kind()).toList());
        }
      }
      if (rehearsed.end().isPresent() || refusedUnread) {
        assertThat(attachments(world)).isEmpty();
        assertThat(world.kernel).isEmpty();
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> delTakesEverythingBackInReverse() {
    return everyPod((mode, pod) -> {
      World world = world(mode);
      List<String> made = new ArrayList<>();
      if (world.replies.get(add(world, pod)) instanceof Reply.Added) {
        made.addAll(world.story);
      }
      world.story.clear();
      assertThat(world.replies.get(world.del(pod.name()))).isInstanceOf(Reply.Done.class);
      assertThat(attachments(world)).isEmpty();
      assertThat(world.kernel).isEmpty();
      // Of a device nothing is to be undone; it is asked all the same, and whoever carries it out knows.
      assertThat(world.story).containsExactlyElementsOf(
          made.reversed().stream().map(step -> step.replace("apply ", "undo ").replace("run ", "undo ")).toList());
      if (pod.object().isPresent() && !made.isEmpty()) {
        world.pass(60_000);
        assertThat(world.replies.get(world.add(pod.name() + "-again", pod, pod.capabilities()))).isNotNull();
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> anAddThatIsCutOffAtAnyEffectLeavesNothing() {
    return everyPod((mode, pod) -> {
      for (int cut = 0; cut < MOST_EFFECTS; cut++) {
        World world = world(mode);
        int[] left = {cut};
        boolean[] reached = {false};
        world.hold = effect -> {
          reached[0] |= left[0] == 0;
          return left[0] == 0 || --left[0] < 0;
        };
        long add = add(world, pod);
        boolean promised = world.disk.stream().anyMatch(e -> e instanceof dev.patchbay.core.ledger.Entry.Marked m
            && m.key().interfaceName().equals("eth0") && m.state() == AttachmentRecord.State.LIVE);
        world.replies.remove(add);
        world.restart();
        String at = "cut off after " + cut + " effects";
        if (!promised) {
          assertThat(attachments(world)).as(at).isEmpty();
          assertThat(world.kernel).as(at).isEmpty();
          assertThat(unmatched(world.story)).as(at).isEmpty();
        } else {
          assertThat(attachments(world)).as(at).allSatisfy(a -> assertThat(a.state()).isEqualTo(AttachmentRecord.State.LIVE));
        }
        world.del(pod.name());
        assertThat(attachments(world)).as(at).isEmpty();
        assertThat(world.kernel).as(at).isEmpty();
        if (!reached[0]) {
          return;
        }
      }
      throw new AssertionError("the ADD has more than " + MOST_EFFECTS + " effects");
    });
  }

  /** What was made or run and not undone afterwards. */
  private static List<String> unmatched(List<String> story) {
    List<String> open = new ArrayList<>();
    for (String step : story) {
      String what = step.substring(step.indexOf(' ') + 1);
      if (step.startsWith("undo ")) {
        open.removeIf(what::equals);
      } else {
        open.add(what);
      }
    }
    return open;
  }

  @TestFactory
  Stream<DynamicTest> podsAreAsTheyWereAfterARestartAndGoAlsoIfTheModeIsGone() {
    return everyPod((mode, pod) -> {
      World world = world(mode);
      long add = add(world, pod);
      if (!(world.replies.get(add) instanceof Reply.Added)) {
        return;
      }
      List<AttachmentRecord> before = attachments(world);
      if (!isBase(mode.provider())) {
        world.choosing(SyntheticModes.stock());
      }
      world.unheard().restart();
      assertThat(attachments(world)).isEqualTo(before);
      assertThat(world.kernel).hasSameSizeAs(before);
      assertThat(world.replies.get(world.check(pod.name()))).isInstanceOfSatisfying(Reply.Compared.class,
          c -> assertThat(c.deviations()).isEmpty());
      world.del(pod.name());
      assertThat(attachments(world)).isEmpty();
      assertThat(world.kernel).isEmpty();
    });
  }

  @TestFactory
  Stream<DynamicTest> aModeThatFailsIsSetAsideAndItsPodsStay() {
    return everyPod((mode, pod) -> {
      World world = world(mode);
      long add = add(world, pod);
      int before = attachments(world).size();
      String id = mode.provider().id();
      world.failing = work -> Optional.of(id);
      world.add("another", TestPod.named("another"), Fields.empty());
      world.failing = work -> Optional.empty();
      assertThat(attachments(world)).hasSize(before);
      assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.subject()).contains(id));
      // The base serves while the mode is set aside, unless the mode says that no pod may start without it.
      long plain = world.add("plain-2", TestPod.named("plain-2"), Fields.empty());
      boolean needed = isBase(mode.provider()) || mode.provider().descriptor().roles().stream().anyMatch(r -> switch (r) {
        case Role.Claim c -> c.unreadable() == Role.WhenUnreadable.REFUSE;
        case Role.Modifier m -> m.unreadable() == Role.WhenUnreadable.REFUSE;
        case Role.Extra e -> e.unreadable() == Role.WhenUnreadable.REFUSE;
        case Role.Base _ -> true;
      });
      assertThat(world.replies.get(plain)).isInstanceOf(needed ? Reply.Failed.class : Reply.Added.class);
      world.pass(6_000);
      assertThat(world.report().findings()).noneSatisfy(f -> assertThat(f.subject()).contains(id));
      TestPod later = TestPod.named("later");
      later.object().ifPresent(world::see);
      world.added(world.add("later", later, Fields.empty()));
      assertThat(world.replies.get(world.del(pod.name()))).isInstanceOf(Reply.Done.class);
      assertThat(add).isPositive();
    });
  }
}
