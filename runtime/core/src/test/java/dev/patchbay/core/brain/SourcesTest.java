package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The four sources of addresses: stock, range, given, on demand. */
class SourcesTest {
  private static final String FIXED = "synthetic.patchbay.dev/address";

  private static TestPod fixed(String name, String address) {
    return TestPod.named(name).withLabel(FIXED, address);
  }

  private static long add(World world, String container, TestPod pod) {
    pod.object().ifPresent(world::see);
    return world.add(container, pod, Fields.empty());
  }

  private static List<IpAddress> addresses(World world, long add) {
    return world.added(add).attachment().addresses().stream().map(HeldAddress::address).toList();
  }

  private static long calls(World world, Class<? extends CloudCall> type) {
    return world.calls.stream().filter(type::isInstance).count();
  }

  @Test
  void prefixesAreFetchedAndSingleAddressesWhereThereIsNoRoomForOne() {
    World world = World.of(SyntheticModes.prefix()).start();
    assertThat(world.eni("eni-0").prefixes()).hasSize(1);
    World cramped = World.of(SyntheticModes.prefix());
    cramped.cloud.fragmented = true;
    cramped.start();
    // One finds that there is no block; the pod is served with a single address all the same.
    cramped.added(add(cramped, "c1", TestPod.named("plain")));
    assertThat(cramped.eni("eni-0").prefixes()).isEmpty();
    assertThat(cramped.eni("eni-0").addresses()).isNotEmpty();
    assertThat(cramped.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(Codes.SUBNET_FRAGMENTED));
  }

  @Test
  void aDelegatedPrefixIsAskedForOnceAndNoPodCostsACall() {
    World world = World.of(SyntheticModes.delegated()).start();
    assertThat(world.eni("eni-0").prefixes()).hasSize(1);
    Cidr block = world.eni("eni-0").prefixes().getFirst();
    int before = world.calls.size();
    for (int i = 0; i < 20; i++) {
      assertThat(addresses(world, add(world, "c" + i, TestPod.named("p" + i)))).singleElement().satisfies(ip -> {
        assertThat(ip.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(block.contains(ip)).isTrue();
      });
    }
    assertThat(world.calls).hasSize(before);
  }

  @Test
  void aBlockPutThereByHandIsUsedAndNoOtherIsAskedFor() {
    World world = World.of(SyntheticModes.delegated());
    Cidr byHand = Cidr.of("2001:db8:0:1:5::/80");
    world.enis.put("eni-0", world.eni("eni-0").withUnits(List.of(), List.of(byHand)));
    world.start();
    assertThat(addresses(world, add(world, "c1", TestPod.named("p1")))).singleElement()
        .satisfies(ip -> assertThat(byHand.contains(ip)).isTrue());
    world.del("c1");
    world.pass(600_000);
    assertThat(world.eni("eni-0").prefixes()).containsExactly(byHand);
    assertThat(world.calls).noneMatch(CloudCall.AssignAddresses.class::isInstance);
  }

  @Test
  void aRangeGivesNoAddressTwiceBeforeItHasCooledDownAlsoOverARestart() {
    World world = World.of(SyntheticModes.delegated()).start();
    IpAddress first = addresses(world, add(world, "c1", TestPod.named("p1"))).getFirst();
    world.del("c1");
    world.restart();
    for (int i = 0; i < 10; i++) {
      assertThat(addresses(world, add(world, "d" + i, TestPod.named("q" + i)))).doesNotContain(first);
    }
  }

  @Test
  void afterABootARangeGivesNoAddressThatAPodHadBeforeAlthoughNobodyKnowsThem() {
    World world = World.of(SyntheticModes.delegated()).start();
    Set<IpAddress> given = new HashSet<>();
    for (int boot = 0; boot < 20; boot++) {
      for (int i = 0; i < 50; i++) {
        IpAddress ip = addresses(world, add(world, "b" + boot + "-" + i, TestPod.named("p" + i))).getFirst();
        assertThat(given.add(ip)).as("boot %s, pod %s: %s", boot, i, ip).isTrue();
      }
      world.disk.removeIf(e -> e.part() == Entry.Part.RUN);
      world.kernel.clear();
      world.restart();
    }
  }

  @Test
  void theNodeLocalAddressForEgressStaysHidden() {
    World world = World.of(SyntheticModes.egress()).start();
    AttachmentRecord made = world.added(add(world, "c1", TestPod.named("plain"))).attachment();
    assertThat(made.addresses()).filteredOn(h -> h.request().shown()).singleElement()
        .satisfies(h -> assertThat(h.address().family()).isEqualTo(AddressFamily.IPV6));
    assertThat(made.addresses()).filteredOn(h -> !h.request().shown()).singleElement().satisfies(h -> {
      assertThat(Cidr.of("169.254.172.0/22").contains(h.address())).isTrue();
      assertThat(h.eniId()).isEmpty();
    });
  }

  @Test
  void twoFamiliesAreDualStackAndNeedNoEgressToOneAnother() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.egress()).start();
    AttachmentRecord made = world.added(add(world, "c1", TestPod.named("plain"))).attachment();
    assertThat(made.addresses()).allMatch(h -> h.request().shown()).extracting(h -> h.address().family())
        .containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
    assertThat(made.modeIds()).containsExactly("synthetic-stock", "synthetic-egress");
    // Two bases whose lanes differ only in how many interfaces they want have one lane, with as many as the greedier wants.
    assertThat(world.report().lanes()).extracting(l -> l.lane()).containsOnly("default");
    for (int i = 0; i < 27; i++) {
      world.added(add(world, "p" + i, TestPod.named("p" + i)));
    }
    assertThat(world.enis).hasSize(4);
    world.restart();
    world.del("c1");
    assertThat(world.report().attachments()).hasSize(27);
  }

  @Test
  void aGivenAddressThatIsStillHeldIsWaitedForAndNoTwoPodsGetIt() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given());
    world.cloud.attach("eni-trunk", "trunk", 3, 0, Map.of());
    world.start();
    TestPod one = TestPod.named("one").withLabel("synthetic.patchbay.dev/branch", "yes")
        .withAnnotation("synthetic.patchbay.dev/given", "10.0.9.33 eni-b1 7 02:00:00:00:01:01 10.0.9.1");
    TestPod two = one.withObject(o -> new dev.patchbay.tck.view.TestObject(
        new dev.patchbay.spi.ObjectRef(o.ref().kind(), "default", "two"), "uid-of-two", "1", o.labels(), o.annotations(), o.content()));
    two.object().ifPresent(world::see);
    world.hold = effect -> effect instanceof Effect.Write;
    long first = add(world, "c1", one);
    world.give(new Event.Add(500, new AttachmentRequest(new dev.patchbay.core.ledger.AttachmentKey("c2", "eth0"), "patchbay", "default",
        "two", "uid-of-two", "/run/netns/c2", Fields.empty(), Map.of())));
    world.release();
    assertThat(addresses(world, first)).containsExactly(IpAddress.of("10.0.9.33"));
    assertThat(world.replies).doesNotContainKey(500L);
    world.del("c1");
    world.pass(31_000);
    assertThat(addresses(world, 500)).containsExactly(IpAddress.of("10.0.9.33"));
    // No EC2 call lies on the way.
    assertThat(calls(world, CloudCall.DescribeInterface.class)).isZero();
  }

  @Test
  void whatSomebodyElseWritesIsWaitedForUntilTheLimitOrUntilTheCallerHangsUp() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given());
    world.cloud.attach("eni-trunk", "trunk", 3, 0, Map.of());
    world.start();
    int calls = world.calls.size();
    TestPod early = TestPod.named("early").withLabel("synthetic.patchbay.dev/branch", "yes");
    long patient = add(world, "c1", early);
    long unread = world.add("c2", TestPod.named("unread"), Fields.empty());
    world.pass(59_000);
    assertThat(world.replies).doesNotContainKeys(patient, unread);
    assertThat(world.report().waiting()).extracting(w -> w.cause().code()).containsExactly(Codes.WAIT_EXPIRED, Codes.OBJECT_UNREADABLE);
    world.pass(2_000);
    Reply.Failed failed = world.failed(patient);
    assertThat(failed.reason().code()).isEqualTo(Codes.WAIT_EXPIRED);
    assertThat(failed.later()).isTrue();
    assertThat(world.failed(unread).reason().code()).isEqualTo(Codes.OBJECT_UNREADABLE);
    long leaves = add(world, "c3", early);
    world.give(new Event.CallerGone(leaves));
    assertThat(world.report().waiting()).isEmpty();
    long last = add(world, "c4", early);
    assertThat(world.replies).doesNotContainKey(last);
    early.withAnnotation("synthetic.patchbay.dev/given", "10.0.9.33 eni-b1 7 02:00:00:00:01:01 10.0.9.1").object().ifPresent(world::see);
    assertThat(addresses(world, last)).containsExactly(IpAddress.of("10.0.9.33"));
    assertThat(world.report().attachments()).hasSize(1);
    assertThat(world.calls.subList(calls, world.calls.size())).noneMatch(c -> c instanceof CloudCall.DescribeInterface);
  }

  @Test
  void theTrunksSlotIsKeptAndTheTrunkIsNamedToTheKernel() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.given()).start();
    for (int i = 0; i < 27; i++) {
      world.added(add(world, "c" + i, TestPod.named("p" + i)));
    }
    // Three of four slots: the fourth is the trunk's.
    assertThat(world.failed(add(world, "beyond", TestPod.named("beyond"))).reason().code()).isEqualTo(Codes.INSTANCE_FULL);
    world.cloud.attach("eni-trunk", "trunk", 3, 0, Map.of());
    world.attached();
    world.pass(31_000);
    TestPod pod = TestPod.named("branch").withLabel("synthetic.patchbay.dev/branch", "yes")
        .withAnnotation("synthetic.patchbay.dev/given", "10.0.9.33 eni-b1 7 02:00:00:00:01:01 10.0.9.1");
    world.added(add(world, "branch", pod));
    assertThat(world.madeFor("branch/eth0").enis()).extracting(e -> e.id()).containsExactly("eni-trunk");
  }

  @Test
  void aParticularAddressIsFetchedKeptApartAndGivenBack() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    assertThat(addresses(world, add)).containsExactly(IpAddress.of("10.0.0.77"));
    String eni = world.added(add).attachment().addresses().getFirst().eniId().orElseThrow();
    assertThat(world.eni(eni).addresses()).contains(IpAddress.of("10.0.0.77"));
    world.del("c1");
    // While it cools down and afterwards nobody else gets it, however many come.
    for (int i = 0; i < 35; i++) {
      long plain = add(world, "p" + i, TestPod.named("p" + i));
      if (world.replies.get(plain) instanceof Reply.Added) {
        assertThat(addresses(world, plain)).doesNotContain(IpAddress.of("10.0.0.77"));
      }
    }
    world.pass(120_000);
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.addresses()).doesNotContain(IpAddress.of("10.0.0.77")));
  }

  @Test
  void whatAParticularAddressIsForOutlivesARestart() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.DescribeAttached;
    world.refuse = call -> call instanceof CloudCall.AssignParticular
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost")) : Optional.empty();
    add(world, "c1", fixed("db", "10.0.0.77"));
    world.refuse = call -> Optional.empty();
    // EC2 has put it there all the same, and nobody waits for it after the restart. It is found, is nobody's stock, and goes.
    world.restart();
    for (int i = 0; i < 20; i++) {
      assertThat(addresses(world, add(world, "p" + i, TestPod.named("p" + i)))).doesNotContain(IpAddress.of("10.0.0.77"));
    }
    world.pass(120_000);
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.addresses()).doesNotContain(IpAddress.of("10.0.0.77")));
  }

  @Test
  void aParticularAddressThatIsInTheStockIsTakenOutOfIt() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
    IpAddress stocked = world.eni("eni-0").addresses().getLast();
    long add = add(world, "c1", fixed("db", stocked.toString()));
    assertThat(addresses(world, add)).containsExactly(stocked);
    assertThat(calls(world, CloudCall.AssignParticular.class)).isZero();
    long second = add(world, "c2", fixed("db-2", stocked.toString()));
    assertThat(world.replies).doesNotContainKey(second);
    world.del("c1");
    world.pass(31_000);
    assertThat(addresses(world, second)).containsExactly(stocked);
  }

  @Test
  void roomForAParticularAddressIsMadeWhereAllSlotsAreStock() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand());
    // Somebody has the other slots, so that the primary interface is all there is.
    for (int device = 1; device < 4; device++) {
      world.cloud.attach("eni-other-" + device, "efa", device, 0, Map.of());
    }
    world.start();
    assertThat(world.eni("eni-0").addresses()).hasSize(9);
    assertThat(addresses(world, add(world, "c1", fixed("db", "10.0.0.177")))).containsExactly(IpAddress.of("10.0.0.177"));
    assertThat(world.eni("eni-0").addresses()).hasSize(9).contains(IpAddress.of("10.0.0.177"));
  }

  @Test
  void aParticularAddressThatEc2RefusesIsNoBodysAndSaysWhy() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
    world.refuse = call -> call instanceof CloudCall.AssignParticular
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.REFUSED, "InvalidParameterValue", "not of this subnet")) : Optional.empty();
    Reply.Failed failed = world.failed(add(world, "c1", fixed("db", "192.0.2.7")));
    assertThat(failed.reason().code()).isEqualTo(Codes.CLOUD_REFUSED);
    assertThat(failed.reason().cause()).contains("192.0.2.7").contains("not of this subnet");
    assertThat(world.report().attachments()).isEmpty();
  }

  private static final CloudAnswer.Failed LOST = new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost");

  private static World started() {
    return World.of(SyntheticModes.stock(), SyntheticModes.onDemand()).start();
  }

  /** EC2 refuses an IPv6 address that it has assigned already, so asking again would tell nothing. */
  @Test
  void aLostAnswerIsLookedUpAndTheCallNotRepeated() {
    World world = started();
    world.refuse = call -> call instanceof CloudCall.AssignParticular ? Optional.of(LOST) : Optional.empty();
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    assertThat(world.replies).doesNotContainKey(add);
    world.pass(16_000);
    assertThat(addresses(world, add)).containsExactly(IpAddress.of("10.0.0.77"));
    assertThat(calls(world, CloudCall.AssignParticular.class)).isOne();
    assertThat(world.written().units().values()).anySatisfy(u -> assertThat(u).contains(Cidr.of("10.0.0.77/32")));
  }

  @Test
  void aLostCallIsRepeatedOnceDescriptionsHaveLeftTheAddressOutLongEnough() {
    World world = started();
    world.loses = call -> call instanceof CloudCall.AssignParticular && calls(world, CloudCall.AssignParticular.class) == 1;
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    world.pass(16_000);
    assertThat(world.replies).doesNotContainKey(add);
    assertThat(calls(world, CloudCall.AssignParticular.class)).isOne();
    world.pass(16_000);
    assertThat(addresses(world, add)).containsExactly(IpAddress.of("10.0.0.77"));
    assertThat(calls(world, CloudCall.AssignParticular.class)).isEqualTo(2);
  }

  /** The interfaces that the ledger has 10.0.0.77 on. */
  private static List<String> of77(World world) {
    return world.written().units().entrySet().stream().filter(e -> e.getValue().contains(Cidr.of("10.0.0.77/32"))).map(Map.Entry::getKey)
        .toList();
  }

  /** The primary interface is all that there is for pods, and the first call for 10.0.0.77 is lost. */
  private static long lostOnTheOnlyInterface(World world, int others) {
    for (int device = 1; device <= others; device++) {
      world.cloud.attach("eni-other-" + device, "efa", device, 0, Map.of());
    }
    world.start();
    world.loses = call -> call instanceof CloudCall.AssignParticular && calls(world, CloudCall.AssignParticular.class) == 1;
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    assertThat(of77(world)).containsExactly("eni-0");
    return add;
  }

  private static void has77(World world, String eni) {
    world.enis.put(eni, world.eni(eni).withUnits(List.of(IpAddress.of("10.0.0.77")), List.of()));
  }

  @Test
  void aLostCallIsForgottenAlsoWhereAnInterfaceOfOthersHasTheAddressSince() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand());
    lostOnTheOnlyInterface(world, 3);
    has77(world, "eni-other-3");
    world.pass(600_000);
    assertThat(of77(world)).isEmpty();
  }

  @Test
  void aLostCallIsForgottenAlsoWhereAPodHasTheAddressFromAnotherInterface() {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.onDemand());
    long add = lostOnTheOnlyInterface(world, 3);
    world.enis.remove("eni-other-3");
    world.cloud.attach("eni-more", "interface", 3, 0, Map.of());
    has77(world, "eni-more");
    world.pass(600_000);
    assertThat(world.added(add).attachment().addresses()).singleElement().satisfies(h -> assertThat(h.eniId()).contains("eni-more"));
    assertThat(of77(world)).isEmpty();
  }

  @Test
  void whoeverHangsUpWhileTheAnswerIsLostGetsNothing() {
    World world = started();
    world.refuse = call -> call instanceof CloudCall.AssignParticular ? Optional.of(LOST) : Optional.empty();
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    world.give(new Event.CallerGone(add));
    assertThat(world.failed(add).reason().code()).isEqualTo(BrainCodes.CALLER_GONE);
    world.pass(120_000);
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.addresses()).doesNotContain(IpAddress.of("10.0.0.77")));
  }

  /** A pod there may have it: nobody but that node knows. */
  @Test
  void anAddressOfAnotherNodeIsNotTakenAndIsGivenOnceThatNodeHasGivenItBack() {
    World world = started();
    world.refuse = call -> call instanceof CloudCall.AssignParticular ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.REFUSED,
        "InvalidParameterValue", "is already assigned to another interface")) : Optional.empty();
    Reply.Failed failed = world.failed(add(world, "c1", fixed("db", "10.0.0.77")));
    assertThat(failed.later()).isTrue();
    assertThat(failed.reason().cause()).contains("already assigned");
    assertThat(world.written().units().values()).allSatisfy(u -> assertThat(u).doesNotContain(Cidr.of("10.0.0.77/32")));
    world.refuse = call -> Optional.empty();
    assertThat(addresses(world, add(world, "c2", fixed("db", "10.0.0.77")))).containsExactly(IpAddress.of("10.0.0.77"));
  }

  @Test
  void anInterfaceOnWhichAnAddressIsBeingFetchedIsNotGivenBack() {
    World world = started();
    // One interface more than the stock needs, which has nothing but its own address.
    for (int n = 0; n < 9; n++) {
      add(world, "p" + n, TestPod.named("p" + n));
    }
    world.pass(5_000);
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignParticular;
    long add = add(world, "c1", fixed("db", "10.0.0.77"));
    for (int n = 0; n < 9; n++) {
      world.del("p" + n);
    }
    world.pass(10 * 60_000);
    world.release();
    String eni = world.added(add).attachment().addresses().getFirst().eniId().orElseThrow();
    assertThat(world.eni(eni).addresses()).contains(IpAddress.of("10.0.0.77"));
  }

  @Test
  void whatCantBeGivenBackIsTriedAgainAfterAWhileThatGrows() {
    World world = started();
    add(world, "c1", fixed("db", "10.0.0.77"));
    world.del("c1");
    world.diskFull = true;
    // If it were tried without end, no time would pass.
    world.pass(5 * 60_000);
    world.diskFull = false;
    world.refuse = call -> call instanceof CloudCall.Unassign ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.DENIED,
        "UnauthorizedOperation", "not allowed")) : Optional.empty();
    world.pass(5 * 60_000);
    assertThat(calls(world, CloudCall.Unassign.class)).isBetween(1L, 20L);
    world.refuse = call -> Optional.empty();
    world.pass(2 * 60_000);
    assertThat(world.enis.values()).allSatisfy(e -> assertThat(e.addresses()).doesNotContain(IpAddress.of("10.0.0.77")));
  }
}
