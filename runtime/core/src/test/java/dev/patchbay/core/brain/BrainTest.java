package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrainTest {
  private static final Targets WARM_ENI = Targets.none().withWarmInterfaces(1);

  private static World world(Targets targets, int enis, int addresses) {
    return new World(World.settings(), World.type(enis, addresses), SingleAddresses.with(targets));
  }

  private static long count(World world, Class<? extends CloudCall> type) {
    return world.calls.stream().filter(type::isInstance).count();
  }

  @Test
  void aNodeServesAndFillsItsStock() {
    World world = world(WARM_ENI, 3, 10).start();
    assertThat(world.serving).isTrue();
    // One interface's worth free: the primary's nine slots in one call.
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(9);
    assertThat(count(world, CloudCall.AssignAddresses.class)).isEqualTo(1);
    assertThat(count(world, CloudCall.CreateInterface.class)).isZero();
  }

  @Test
  void anAddIsWrittenBeforeItIsPromisedAndADelEndsIt() {
    World world = world(WARM_ENI, 3, 10).start();
    long add = world.add("c1");
    assertThat(world.replies.get(add)).isInstanceOf(Reply.Added.class);
    assertThat(world.kernel).containsExactly("c1/eth0");
    IpAddress address = world.addressOf(add);
    long del = world.del("c1");
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertThat(world.kernel).isEmpty();
    assertThat(world.report().cooling()).containsKey(address);
    assertThat(world.report().attachments()).isEmpty();
  }

  @Test
  void aSecondAddForALiveAttachmentFailsAndChangesNothing() {
    World world = world(WARM_ENI, 3, 10).start();
    world.add("c1");
    Report before = world.report();
    long again = world.add("c1");
    assertThat(world.failed(again).reason().code()).isEqualTo(BrainCodes.ATTACHMENT_EXISTS);
    assertThat(world.report().attachments()).isEqualTo(before.attachments());
    assertThat(world.report().lanes()).isEqualTo(before.lanes());
  }

  @Test
  void delOfWhatIsNotThereSucceedsAnyNumberOfTimes() {
    World world = world(WARM_ENI, 3, 10).start();
    world.add("c1");
    for (int i = 0; i < 3; i++) {
      assertThat(world.replies.get(world.del("c1"))).isInstanceOf(Reply.Done.class);
    }
    assertThat(world.replies.get(world.del("never"))).isInstanceOf(Reply.Done.class);
  }

  @Test
  void aNodeIsFilledToItsLastAddressAndOneBeyondIsRefusedWithTheReason() {
    World world = world(WARM_ENI, 3, 10).start();
    HashSet<IpAddress> seen = new HashSet<>();
    for (int i = 0; i < 27; i++) {
      long add = world.add("c" + i);
      assertThat(world.replies.get(add)).as("pod %d", i).isInstanceOf(Reply.Added.class);
      assertThat(seen.add(world.addressOf(add))).isTrue();
    }
    Reply.Failed beyond = world.failed(world.add("one-too-many"));
    assertThat(beyond.reason().code()).isEqualTo(Codes.INSTANCE_FULL);
    assertThat(beyond.reason().cause()).contains("27").contains("3 interfaces with 9 addresses");
    assertThat(world.enis).hasSize(3);
    assertThat(world.report().capacity()).contains(27);
  }

  @Test
  void podsThatOutrunTheStockWaitInOrderAndGrowthIsSizedByThem() {
    World world = world(Targets.none().withWarmAddresses(1), 8, 30).start();
    world.hold = effect -> effect instanceof Effect.Call;
    List<Long> adds = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      adds.add(world.add("c" + i));
    }
    assertThat(world.replies).containsKey(adds.getFirst());
    assertThat(world.replies).doesNotContainKey(adds.get(1));
    int before = world.calls.size();
    world.release();
    assertThat(adds).allSatisfy(add -> assertThat(world.replies.get(add)).isInstanceOf(Reply.Added.class));
    // One call was under way already, sized by who waited then; the next is for all the rest.
    assertThat(world.calls.size() - before).isLessThanOrEqualTo(3);
    List<Long> order = new ArrayList<>(world.report().attachments().stream().map(AttachmentRecord::since).toList());
    assertThat(order).isSorted();
  }

  @Test
  void anAddressCoolsDownBeforeItIsGivenAgainAlsoOverARestart() {
    World world = world(Targets.none().withWarmAddresses(0), 1, 2).start();
    IpAddress address = world.addressOf(world.add("c1"));
    world.del("c1");
    long second = world.add("c2");
    assertThat(world.replies).doesNotContainKey(second);
    world.restart();
    long third = world.add("c3");
    world.pass(20_000);
    assertThat(world.replies).doesNotContainKey(third);
    world.pass(10_001);
    assertThat(world.addressOf(third)).isEqualTo(address);
  }

  @Test
  void whoWaitsTooLongIsToldWhy() {
    World world = world(Targets.none().withWarmAddresses(0), 1, 2).start();
    world.refuse = call -> call instanceof CloudCall.AssignAddresses
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down")) : Optional.empty();
    long add = world.add("c1");
    world.pass(61_000);
    Reply.Failed failed = world.failed(add);
    assertThat(failed.reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED);
    assertThat(failed.later()).isTrue();
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(Codes.CLOUD_THROTTLED));
  }

  @Test
  void aFullSubnetIsARefusalAtOnce() {
    World world = world(Targets.none().withWarmAddresses(0), 3, 10);
    world.cloud.subnetFree = 0;
    world.start();
    Reply.Failed failed = world.failed(world.add("c1"));
    assertThat(failed.reason().code()).isEqualTo(Codes.SUBNET_FULL);
  }

  @Test
  void aFullDiskRefusesAddAndAcceptsDel() {
    World world = world(WARM_ENI, 3, 10).start();
    world.add("c1");
    world.diskFull = true;
    Reply.Failed failed = world.failed(world.add("c2"));
    assertThat(failed.reason().code()).isEqualTo(BrainCodes.LEDGER_UNWRITABLE);
    assertThat(world.replies.get(world.del("c1"))).isInstanceOf(Reply.Done.class);
    assertThat(world.kernel).isEmpty();
    world.diskFull = false;
    assertThat(world.replies.get(world.add("c3"))).isInstanceOf(Reply.Added.class);
  }

  @Test
  void afterARestartTheLedgerAloneIsEnough() {
    World world = world(WARM_ENI, 3, 10).start();
    for (int i = 0; i < 5; i++) {
      world.add("c" + i);
    }
    world.metadataAway = true;
    world.refuse = call -> Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNREACHABLE, "ConnectException", "no route"));
    world.restart();
    world.devices();
    assertThat(world.replies.get(world.add("c5"))).isInstanceOf(Reply.Added.class);
    assertThat(world.report().attachments()).hasSize(6);
    assertThat(world.report().attachments().stream().flatMap(a -> a.addresses().stream()).distinct()).hasSize(6);
  }

  @Test
  void anInterruptedAddLeavesNothingThatBlocksTheNext() {
    World world = world(WARM_ENI, 3, 10).start();
    world.hold = effect -> effect instanceof Effect.Apply;
    world.add("c1");
    world.restart();
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
  }

  @Test
  void aDelThatOvertakesItsAddWins() {
    World world = world(WARM_ENI, 3, 10).start();
    world.hold = effect -> effect instanceof Effect.Apply;
    long add = world.add("c1");
    long del = world.del("c1");
    world.release();
    assertThat(world.replies.get(add)).isInstanceOf(Reply.Failed.class);
    assertThat(world.replies.get(del)).isInstanceOf(Reply.Done.class);
    assertThat(world.report().attachments()).isEmpty();
    assertThat(world.kernel).isEmpty();
  }

  @Test
  void surplusIsGivenBackAndOnlyWhatWeMade() {
    World world = world(Targets.none().withWarmAddresses(2), 3, 10).start();
    for (int i = 0; i < 20; i++) {
      world.add("c" + i);
    }
    assertThat(world.enis).hasSize(3);
    for (int i = 0; i < 20; i++) {
      world.del("c" + i);
    }
    world.pass(30_000);
    world.pass(600_000);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(2);
    assertThat(world.enis).containsOnlyKeys("eni-0");
    assertThat(count(world, CloudCall.Delete.class)).isEqualTo(2);
  }

  @Test
  void anInterfaceThatHasLostItsLastAddressIsGivenBackToo() {
    // 5 at least: 3 on the primary interface, 2 on the second. The third comes for one pod, and is too young to go with its address.
    World world = world(Targets.none().withWarmAddresses(2).withMinimumAddresses(5), 3, 4).start();
    for (int i = 0; i < 5; i++) {
      world.add("c" + i);
    }
    assertThat(world.enis).hasSize(3);
    for (int i = 0; i < 5; i++) {
      world.del("c" + i);
    }
    world.pass(31_000);
    assertThat(world.enis).hasSize(3);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(6);
    world.pass(60_000);
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(5);
    assertThat(world.enis).hasSize(2);
  }

  @Test
  void aLostAnswerNeverMakesASecondInterface() {
    World world = world(WARM_ENI, 3, 10).start();
    boolean[] once = {true};
    world.refuse = call -> {
      if (call instanceof CloudCall.CreateInterface && once[0]) {
        once[0] = false;
        return Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost"));
      }
      return Optional.empty();
    };
    for (int i = 0; i < 10; i++) {
      world.add("c" + i);
    }
    assertThat(count(world, CloudCall.CreateInterface.class)).isGreaterThanOrEqualTo(2);
    assertThat(world.enis.values().stream().filter(e -> e.tags().containsKey("patchbay.dev/token"))
        .map(e -> e.tags().get("patchbay.dev/token")).distinct().count())
        .isEqualTo(world.enis.size() - 1L);
  }

  @Test
  void interfacesFollowTheSecurityGroupsOfThePrimary() {
    World world = world(WARM_ENI, 3, 10).start();
    for (int i = 0; i < 10; i++) {
      world.add("c" + i);
    }
    var primary = world.eni("eni-0");
    world.enis.put("eni-0", new dev.patchbay.core.cloud.EniRecord(primary.id(), primary.mac(), primary.type(), primary.subnetId(),
        List.of("sg-new"), primary.primary(), primary.addresses(), primary.prefixes(), primary.attachment(), primary.tags(),
        primary.description(), primary.status()));
    world.pass(31_000);
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.groups()).containsExactly("sg-new"));
  }

  @Test
  void statusSaysWhetherAddWouldWork() {
    World away = world(WARM_ENI, 3, 10);
    away.metadataAway = true;
    away.start();
    Reply.Failed failed = away.failed(away.status());
    assertThat(failed.reason().cause()).contains("metadata");
    World world = world(WARM_ENI, 3, 10).start();
    assertThat(world.replies.get(world.status())).isInstanceOf(Reply.Done.class);
  }
}
