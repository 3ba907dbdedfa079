package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several interfaces for one pod: made in order, undone in reverse, gone with the first. */
class ExtrasTest {
  private static final TestPod POD =
      TestPod.named("wide").withAnnotation("synthetic.patchbay.dev/networks", "lane,delegate,lane");

  private static World world() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.extra());
    world.cloud.subnet("subnet-00000000000000077", "10.0.77.0/24", "2001:db8:0:77::/64", Map.of());
    world.start();
    POD.object().ifPresent(world::see);
    return world;
  }

  private static long add(World world) {
    return world.add("c1", POD, Fields.empty());
  }

  @Test
  void interfacesAreMadeInOrderAndActsBeforeTheirInterface() {
    World world = world();
    world.added(add(world));
    assertThat(world.story).containsExactly("apply c1/eth0", "apply c1/net1", "run device of c1/net2", "run plugin of c1/net2",
        "apply c1/net2", "apply c1/net3");
    assertThat(world.report().attachments()).extracting(AttachmentRecord::ordinal).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(world.report().attachments()).filteredOn(a -> a.ordinal() > 0)
        .allSatisfy(a -> assertThat(a.first().orElseThrow()).hasToString("c1/eth0"));
    // The kernel's part holds no acts.
    assertThat(world.paths.values()).allSatisfy(p -> assertThat(p.plan().elements(Act.class)).isEmpty());
    // The extra's lane has an interface of its own, in the subnet that the lane names.
    assertThat(world.enis.values()).anySatisfy(e -> assertThat(e.subnetId()).isEqualTo("subnet-00000000000000077"));
  }

  @Test
  void anOutcomeIsSeenByThePlanAndKept() {
    World world = world();
    world.acts = act -> act.type().equals("device") ? Fields.empty().with("ids", List.of("gpu-7"))
        : Fields.empty().with("result", Fields.empty().with("from", act.configuration().orElse("")));
    world.added(add(world));
    AttachmentRecord delegate = world.report().attachments().stream().filter(a -> a.ordinal() == 2).findFirst().orElseThrow();
    assertThat(delegate.outcomes().get("device")).isEqualTo(Fields.empty().with("ids", List.of("gpu-7")));
    // The second act was planned with the outcome of the first.
    assertThat(Objects.requireNonNull(delegate.outcomes().get("plugin")).fields("result").text("from").orElse("")).contains("gpu-7");
  }

  @Test
  void whenOneFailsThoseBeforeItAreUndoneInReverse() {
    World world = world();
    world.acts = act -> act.type().equals("device") ? World.ordinaryOutcome(act) : Fields.empty().with("error", "it broke");
    Reply.Failed failed = world.failed(add(world));
    assertThat(failed.reason().code()).isEqualTo(Code.of(10_001, "SyntheticDelegateFailed"));
    assertThat(world.story).containsExactly("apply c1/eth0", "apply c1/net1", "run device of c1/net2", "run plugin of c1/net2",
        "undo c1/net2", "undo plugin of c1/net2", "undo device of c1/net2", "undo c1/net1", "undo c1/eth0");
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.kernel).isEmpty();
    // Packets may have been sent from all of them.
    assertThat(world.report().cooling()).hasSize(2);
  }

  @Test
  void anActIsWrittenDownBeforeItIsCarriedOut() {
    World world = world();
    world.hold = effect -> effect instanceof Effect.Run;
    add(world);
    assertThat(world.held).hasSize(1);
    world.restart();
    // Nobody knows whether it was carried out, so it is undone.
    assertThat(world.story).contains("undo device of c1/net2").endsWith("undo c1/eth0");
    assertThat(world.report().attachments()).isEmpty();
  }

  @Test
  void anActThatCantBeUndoneIsTriedAgainAndTheRestGoesOn() {
    World world = world();
    world.added(add(world));
    world.kernelRefuses = effect -> effect instanceof Effect.UndoRun ? Optional.of("no plugin of that name") : Optional.empty();
    assertThat(world.replies.get(world.del("c1"))).isInstanceOf(Reply.Done.class);
    assertThat(world.report().attachments()).singleElement().satisfies(a -> {
      assertThat(a.key()).hasToString("c1/net2");
      assertThat(a.state()).isEqualTo(AttachmentRecord.State.CLOSING);
    });
    assertThat(world.report().findings()).anySatisfy(f -> {
      assertThat(f.code()).isEqualTo(BrainCodes.UNDO_PENDING);
      assertThat(f.cause()).contains("no plugin of that name");
    });
    world.kernelRefuses = effect -> Optional.empty();
    world.pass(6_000);
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.report().findings()).noneSatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.UNDO_PENDING));
  }

  @Test
  void garbageCollectionKnowsPodsByTheirFirstInterface() {
    World world = world();
    world.added(add(world));
    world.gc("c1");
    assertThat(world.report().attachments()).hasSize(4);
    // The plugin that made one of them may have more to remove, and hears which are left.
    assertThat(world.replies.get(world.gc("another"))).isInstanceOfSatisfying(Reply.Collected.class, collected -> {
      assertThat(collected.plugins()).singleElement().satisfies(act -> assertThat(act.id()).isEqualTo("plugin"));
      assertThat(collected.left()).isEmpty();
    });
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.kernel).isEmpty();
  }

  @Test
  void theHardwareAddressOfWhatWasMadeIsKeptWhereOthersTellOfIt() {
    World world = world();
    world.mac = Optional.of(MacAddress.of("02:00:00:00:00:77"));
    Reply.Added added = world.added(add(world));
    assertThat(added.attachment().outcomes()).containsEntry(AttachmentSnapshot.MADE, Fields.empty().with("mac", "02:00:00:00:00:77"));
    world.restart();
    assertThat(world.report().attachments()).hasSize(4).allSatisfy(a -> {
      assertThat(a.state()).isEqualTo(AttachmentRecord.State.LIVE);
      assertThat(a.outcomes()).containsKey(AttachmentSnapshot.MADE);
    });
    world.del("c1");
    assertThat(world.report().attachments()).isEmpty();
  }

  @Test
  void aDelWhileAnExtraIsMadeEndsAllOfIt() {
    World world = world();
    world.hold = effect -> effect instanceof Effect.Apply a && a.path().key().equals("c1/net1");
    long add = add(world);
    long del = world.del("c1");
    assertThat(world.replies).doesNotContainKeys(add, del);
    world.release();
    assertThat(world.failed(add).reason().code()).isEqualTo(BrainCodes.ATTACHMENT_DELETED);
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.kernel).isEmpty();
  }

  @Test
  void anExtraWaitsForItsAddressWhileOthersAreServed() {
    World world = world();
    // The extra's lane has one interface with nine addresses, and each such pod takes two of them.
    for (int i = 0; i < 4; i++) {
      world.added(world.add("w" + i, POD, Fields.empty()));
    }
    long fifth = world.add("w4", POD, Fields.empty());
    assertThat(world.failed(fifth).reason().code()).isEqualTo(dev.patchbay.spi.Codes.INSTANCE_FULL);
    world.added(world.add("plain", TestPod.named("plain"), Fields.empty()));
    world.del("w0");
    long sixth = world.add("w5", POD, Fields.empty());
    assertThat(world.replies).doesNotContainKey(sixth);
    world.pass(31_000);
    world.added(sixth);
  }

  private static long add(World world, String container, String interfaceName, long request) {
    world.give(new Event.Add(request, new AttachmentRequest(new AttachmentKey(container, interfaceName), "patchbay", "default", "wide",
        "uid-of-wide", "/run/netns/" + container, Fields.empty(), Map.of())));
    return request;
  }

  @Test
  void anInterfaceOfAPodThatHasOneIsNoFirstAndNoExtrasAreAddedToIt() {
    World world = world();
    world.added(add(world));
    long fourth = add(world, "c1", "net9", 1_000);
    assertThat(world.added(fourth).attachment().first()).isEmpty();
    assertThat(world.report().attachments()).hasSize(5);
    // What came before is seen, so that there is no second way out: of the default routes of all, one is there.
    assertThat(world.added(fourth).attachment().plan().elements(Route.class).stream().map(Route::destination)
        .filter(Cidr.of("0.0.0.0/0")::equals)).isEmpty();
    world.give(new Event.Del(1_001, new AttachmentKey("c1", "net9")));
    assertThat(world.report().attachments()).hasSize(4);
  }

  @Test
  void aNameThatThePodHasAlreadyIsARefusal() {
    World world = world();
    Reply.Failed failed = world.failed(add(world, "c1", "net1", 1_000));
    assertThat(failed.reason().code()).isEqualTo(AttachmentPlanning.INTERFACE_TWICE);
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.report().findings()).noneSatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.MODE_FAILED));
  }
}
