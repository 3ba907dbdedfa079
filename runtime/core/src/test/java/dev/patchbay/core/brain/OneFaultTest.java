package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node's day, in which every call to EC2 that it makes fails in every way, once or for minutes, and once what it asks of disk and kernel:
 * what can't be true at any instant is not, what hinders is told while it lasts, and the day ends as one without a fault.
 */
class OneFaultTest {
  private static final long FOR_MINUTES = 150_000;

  private static Stream<Class<? extends CloudCall>> kinds() {
    return Stream.of(CloudCall.AssignAddresses.class, CloudCall.CreateInterface.class, CloudCall.AttachInterface.class,
        CloudCall.DeleteWithInstance.class, CloudCall.SetGroups.class, CloudCall.Unassign.class, CloudCall.Detach.class,
        CloudCall.Delete.class, CloudCall.DescribeAttached.class);
  }

  private static Stream<Arguments> lasting() {
    return faults().filter(f -> Set.of(Kind.THROTTLED, Kind.UNKNOWN, Kind.NOT_FOUND, Kind.STATE).contains((Kind) f.get()[1]));
  }

  private static Stream<Arguments> faults() {
    return kinds().flatMap(call -> Stream.of(Kind.values()).filter(kind -> kind != Kind.SUBNET_FULL && kind != Kind.SUBNET_FRAGMENTED)
        .map(kind -> Arguments.of(call, kind)));
  }

  private final World world = new World(World.settings(), World.type(3, 4), mode());
  private final Set<String> told = new TreeSet<>();
  /** The pods that there are, with their last ADD. */
  private final Map<String, Long> alive = new TreeMap<>();
  private int failed;
  private long failsUntil = Long.MIN_VALUE;

  private static ModeInstance mode() {
    return SingleAddresses.with(Targets.none().withWarmAddresses(2));
  }

  /** Time passes in small steps, and at each of them what must always be true is. */
  private void pass(long millis) {
    for (long gone = 0; gone < millis; gone += 20_000) {
      world.pass(20_000);
      assertThat(Invariants.breaches(Invariants.always(), world.look())).isEmpty();
      world.report().findings().stream().map(Finding::code).forEach(code -> told.add(code.name()));
    }
  }

  private void add(String container) {
    alive.put(container, world.add(container));
  }

  /** As kubelet does it with those that were refused. */
  private void again() {
    alive.replaceAll((container, add) -> world.replies.get(add) instanceof Reply.Failed ? world.add(container) : add);
  }

  /** Pods come until a third interface is there, and go; the primary's groups change; pods come again. */
  private void day() {
    world.start();
    for (int n = 0; n < 7; n++) {
      add("c" + n);
    }
    pass(60_000);
    EniRecord primary = world.eni("eni-0");
    world.enis.put("eni-0", primary.withGroups(List.of("sg-new")));
    pass(300_000);
    assertThat(alive.values()).allSatisfy(add -> assertThat(world.replies).containsKey(add));
    again();
    pass(40_000);
    for (int n = 0; n < 7; n++) {
      world.del("c" + n);
    }
    alive.clear();
    pass(900_000);
    for (int n = 0; n < 2; n++) {
      add("d" + n);
    }
    pass(40_000);
    again();
    pass(260_000);
  }

  /** However it went, this is how it ends. */
  private void ends() {
    assertThat(alive.values()).allSatisfy(add -> assertThat(world.replies.get(add)).isInstanceOf(Reply.Added.class));
    Set<IpAddress> held = new HashSet<>();
    alive.values().forEach(add -> assertThat(held.add(world.addressOf(add))).isTrue());
    assertThat(world.report().attachments().stream().flatMap(a -> a.addresses().stream()).map(HeldAddress::address))
        .containsExactlyInAnyOrderElementsOf(held);
    assertThat(Invariants.breaches(Invariants.all(), world.look())).isEmpty();
    assertThat(world.report().findings()).isEmpty();
    assertThat(world.enis.values()).as("nothing is loose").allMatch(e -> e.attachment().isPresent());
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.groups()).containsExactly("sg-new"));
    assertThat(world.report().lanes()).singleElement().satisfies(l -> assertThat(l.free()).isEqualTo(2));
  }

  private void failing(Class<? extends CloudCall> call, Kind kind, Predicate<Long> until) {
    world.refuse = c -> {
      if (!call.isInstance(c)) {
        return Optional.empty();
      }
      if (failed == 0) {
        failsUntil = world.now + FOR_MINUTES;
      }
      if (!until.test(world.now)) {
        return Optional.empty();
      }
      failed++;
      return Optional.of(new CloudAnswer.Failed(kind, "Test" + kind, "as the test wants it"));
    };
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aCallThatFailsOnceChangesNothingInTheEnd(Class<? extends CloudCall> call, Kind kind) {
    failing(call, kind, now -> failed == 0);
    day();
    assertThat(failed).isOne();
    ends();
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void aCallThatFailsForMinutesIsToldAndChangesNothingInTheEnd(Class<? extends CloudCall> call, Kind kind) {
    failing(call, kind, now -> now < failsUntil);
    day();
    assertThat(failed).as("it is tried again, and not all the time").isBetween(1, 40);
    // A detachment takes its time, so that deletions fail at first; and that something is gone which was to go is nothing to tell.
    boolean expected = call.equals(CloudCall.Delete.class) || (call.equals(CloudCall.Detach.class) && kind == Kind.NOT_FOUND);
    assertThat(told.isEmpty()).isEqualTo(expected);
    ends();
  }

  @ParameterizedTest
  @ValueSource(classes = {Entry.Attached.class, Entry.Marked.class, Entry.Ended.class, Entry.Seen.class, Entry.Planned.class,
      Entry.EniIntended.class, Entry.EniMade.class, Entry.EniGone.class, Entry.UnitsIntended.class, Entry.UnitsMade.class, Entry.UnitsGone.class,
      Entry.UnitsLeaving.class, Entry.UnitsLeft.class, Entry.EniLeaving.class})
  void aWriteThatTheDiskRefusesOnceChangesNothingInTheEnd(Class<? extends Entry> kind) {
    world.diskRefuses = write -> failed == 0 && write.entries().stream().anyMatch(kind::isInstance) && failed++ == 0;
    day();
    assertThat(failed).isOne();
    // The journal writes a snapshot as soon as the disk takes one, so that nothing that was refused is missing.
    world.compact();
    if (kind == Entry.UnitsMade.class || kind == Entry.EniMade.class) {
      // Without provenance it is used and never released.
      assertThat(world.report().lanes()).singleElement().satisfies(l -> assertThat(l.free()).isGreaterThanOrEqualTo(2));
    } else {
      ends();
    }
    List<AttachmentRecord> before = world.report().attachments();
    world.restart();
    pass(60_000);
    assertThat(world.report().attachments()).isEqualTo(before);
    assertThat(Invariants.breaches(Invariants.all(), world.look())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(classes = {Effect.ApplyNode.class, Effect.Apply.class, Effect.Undo.class, Effect.RemoveLeftovers.class})
  void whatTheKernelRefusesOnceChangesNothingInTheEnd(Class<? extends Effect> what) {
    // It is asked for twice while one effect is carried out.
    world.kernelRefuses = effect -> what.isInstance(effect) && failed++ < 2 ? Optional.of("as the test wants it") : Optional.empty();
    day();
    assertThat(failed).isGreaterThanOrEqualTo(2);
    if (what == Effect.RemoveLeftovers.class) {
      assertThat(world.report().findings()).singleElement().satisfies(f -> assertThat(f.cause()).contains("as the test wants it"));
      world.restart();
      pass(40_000);
    }
    ends();
  }
}
