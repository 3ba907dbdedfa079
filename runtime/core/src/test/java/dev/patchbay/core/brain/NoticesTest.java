package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final ObjectRef NODE = new ObjectRef(ObjectKind.NODE, "", "node-1");
  private static final Finding CLUSTER_AWAY =
      Finding.of(Code.of(320, "ApiServerUnheard"), "The API server is not heard.", "Patchbay goes on trying.");

  private static World world() {
    return new World(World.settings(), World.type(1, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1)));
  }

  private static List<ObjectPlan.Condition> conditions(World world) {
    return world.published.stream().flatMap(p -> p.conditions().stream()).toList();
  }

  private static List<ObjectPlan.Event> events(World world, ObjectRef about) {
    return world.published.stream().flatMap(p -> p.events().stream()).filter(e -> e.object().equals(about)).toList();
  }

  private static ObjectRef pod(String name) {
    return new ObjectRef(ObjectKind.POD, "default", name);
  }

  private static void refuse(World world, String code, CloudAnswer.Kind kind) {
    world.refuse = call -> call instanceof CloudCall.AssignAddresses || call instanceof CloudCall.CreateInterface
        ? Optional.of(new CloudAnswer.Failed(kind, code, "refused")) : Optional.empty();
  }

  @Test
  void aNodeThatServesSaysSoOnce() {
    World world = world().start();
    assertThat(conditions(world)).singleElement().satisfies(c -> {
      assertThat(c.object()).isEqualTo(NODE);
      assertThat(c.type()).isEqualTo("PatchbayReady");
      assertThat(c.status()).isTrue();
      assertThat(c.code()).isEqualTo(BrainCodes.SERVING);
    });
    world.add("a");
    world.pass(60_000);
    assertThat(conditions(world)).hasSize(1);
    assertThat(world.published).hasSize(1);
  }

  @Test
  void aPodThatIsRefusedIsToldWithTheCodeOfItsError() {
    World world = world().start();
    for (String name : List.of("a", "b", "c")) {
      world.add(name);
    }
    long request = world.add("d");
    assertThat(world.failed(request).reason().code()).isEqualTo(Codes.INSTANCE_FULL);
    assertThat(events(world, pod("d"))).singleElement().satisfies(e -> {
      assertThat(e.warning()).isTrue();
      assertThat(e.code()).isEqualTo(world.failed(request).reason().code());
      assertThat(e.text()).contains(world.failed(request).reason().cause()).contains(world.failed(request).reason().remedy());
    });
    assertThat(events(world, NODE)).as("the node says that it is full, once").extracting(ObjectPlan.Event::code)
        .containsExactly(Codes.INSTANCE_FULL);
  }

  @Test
  void aPodThatWaitsLongIsToldOnceAndWhenItGivesUp() {
    World world = world().start();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignAddresses;
    world.add("a");
    long request = world.add("b");
    world.pass(4_000);
    assertThat(events(world, pod("b"))).isEmpty();
    world.pass(40_000);
    assertThat(events(world, pod("b"))).singleElement().satisfies(e -> {
      assertThat(e.warning()).isFalse();
      assertThat(e.text()).startsWith("It waits: ");
    });
    world.pass(20_000);
    assertThat(world.failed(request).reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED);
    assertThat(events(world, pod("b"))).hasSize(2).last().satisfies(e -> assertThat(e.code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED));
  }

  @Test
  void allWhoWaitAreToldWhy() {
    World world = world().start();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignAddresses;
    world.add("a");
    List<Long> requests = List.of(world.add("b"), world.add("c"), world.add("d"));
    assertThat(world.report().waiting()).hasSize(3).extracting(w -> w.cause().code()).containsOnly(Codes.ADDRESS_WAIT_EXPIRED);
    world.pass(70_000);
    assertThat(requests).allSatisfy(r -> assertThat(world.failed(r).reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED));
    assertThat(events(world, pod("d"))).hasSize(2);
  }

  @Test
  void whatKeepsPodsFromTheirNetworkIsTheNodesCondition() {
    World world = world();
    refuse(world, "InsufficientFreeAddressesInSubnet", CloudAnswer.Kind.SUBNET_FULL);
    world.start();
    world.pass(11_000);
    assertThat(conditions(world)).last().satisfies(c -> {
      assertThat(c.status()).isFalse();
      assertThat(c.code()).isEqualTo(Codes.SUBNET_FULL);
    });
    assertThat(events(world, NODE)).filteredOn(e -> e.code().equals(Codes.SUBNET_FULL)).hasSize(1);
    world.refuse = call -> Optional.empty();
    world.pass(120_000);
    assertThat(conditions(world)).last().satisfies(c -> {
      assertThat(c.status()).isTrue();
      assertThat(c.code()).isEqualTo(BrainCodes.SERVING);
    });
  }

  @Test
  void whatKeepsNobodyFromItsNetworkIsNamedInTheCondition() {
    World world = world().start();
    world.pass(20_000);
    world.give(new Event.Told("api server", Optional.of(CLUSTER_AWAY)));
    assertThat(conditions(world)).last().satisfies(c -> {
      assertThat(c.status()).isTrue();
      assertThat(c.code()).isEqualTo(CLUSTER_AWAY.code());
      assertThat(c.text()).contains(CLUSTER_AWAY.cause()).contains(CLUSTER_AWAY.remedy());
    });
    assertThat(events(world, NODE)).singleElement().satisfies(e -> assertThat(e.code()).isEqualTo(CLUSTER_AWAY.code()));
    assertThat(world.report().findings()).containsExactly(CLUSTER_AWAY);
    world.pass(20_000);
    world.give(new Event.Told("api server", Optional.empty()));
    assertThat(conditions(world)).last().satisfies(c -> assertThat(c.code()).isEqualTo(BrainCodes.SERVING));
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void aFlickerIsNotWrittenEachTime() {
    World world = world().start();
    world.pass(20_000);
    int before = conditions(world).size();
    for (int i = 0; i < 50; i++) {
      world.give(new Event.Told("api server", i % 2 == 0 ? Optional.of(CLUSTER_AWAY) : Optional.empty()));
      world.pass(1_000);
    }
    assertThat(conditions(world).size() - before).isBetween(1, 6);
    world.pass(20_000);
    assertThat(conditions(world)).last().satisfies(c -> assertThat(c.code()).isEqualTo(BrainCodes.SERVING));
  }

  @Test
  void aConditionThatIsTakenAwayIsWrittenAgain() {
    World world = world().start();
    world.pass(20_000);
    ObjectRecord bare = new ObjectRecord(NODE, "uid", "1", Map.of(), Map.of(), Fields.empty());
    world.give(new Event.ObjectSeen(bare));
    assertThat(conditions(world)).hasSize(2);
    world.give(new Event.ObjectSeen(bare));
    assertThat(conditions(world)).as("what is seen right after a write was there before it").hasSize(2);
    ObjectPlan.Condition wanted = conditions(world).getLast();
    world.pass(20_000);
    world.give(new Event.ObjectSeen(new ObjectRecord(NODE, "uid", "2", Map.of(), Map.of(), Fields.empty().with("status",
        Fields.empty().with("conditions", List.of(Fields.empty().with("type", wanted.type()).with("status", "True")
            .with("reason", wanted.code().name()).with("message", wanted.text())))))));
    assertThat(conditions(world)).hasSize(2);
  }

  @Test
  void aPodWhoseAddressVanishedIsTold() {
    World world = world().start();
    long request = world.add("a");
    String address = world.addressOf(request).asCidr().toString();
    world.give(new Event.Told("test", Optional.of(
        Finding.of(BrainCodes.ADDRESS_VANISHED, "EC2 no longer has " + address + ".", "Delete the pod.").about(address))));
    assertThat(events(world, pod("a"))).singleElement().satisfies(e -> assertThat(e.code()).isEqualTo(BrainCodes.ADDRESS_VANISHED));
  }

  @Test
  void whoNamedNoPodIsNotTold() {
    World world = world().start();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignAddresses;
    world.add("a");
    long request = world.add("b", "", "");
    world.published.clear();
    world.pass(70_000);
    assertThat(world.failed(request).reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED);
    assertThat(world.published.stream().flatMap(p -> p.events().stream())).noneMatch(e -> e.object().kind().equals(ObjectKind.POD));
  }

  @Test
  void whoWaitsNoLongerIsToldAnewTheNextTime() {
    World world = world().start();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignAddresses;
    world.add("a");
    long request = world.add("b");
    world.pass(6_000);
    world.give(new Event.CallerGone(request));
    world.add("b");
    world.pass(6_000);
    assertThat(events(world, pod("b")).stream().filter(e -> e.text().startsWith("It waits: "))).hasSize(2);
  }

  @Test
  void aNodeWithoutANameIsNotTold() {
    World world = new World(new BrainSettings("", "test", 30_000, 60_000, 9001, "eni", Fields.empty(), java.util.OptionalInt.empty(), Map.of(), 7),
        World.type(1, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1))).start();
    world.give(new Event.Told("api server", Optional.of(CLUSTER_AWAY)));
    world.pass(60_000);
    assertThat(world.published).isEmpty();
  }

  @Test
  void aConditionThatSaysSomethingElseIsWrittenAgain() {
    World world = world().start();
    ObjectPlan.Condition wanted = conditions(world).getLast();
    Fields right = Fields.empty().with("type", wanted.type()).with("status", "True").with("reason", wanted.code().name())
        .with("message", wanted.text());
    for (String field : List.of("type", "status", "reason", "message")) {
      world.pass(20_000);
      int before = conditions(world).size();
      world.give(seen(NODE, right));
      assertThat(conditions(world)).hasSize(before);
      world.give(seen(pod("a"), right.with(field, "other")));
      assertThat(conditions(world)).as("of another object").hasSize(before);
      world.give(seen(NODE, right.with(field, "other")));
      assertThat(conditions(world)).as(field).hasSize(before + 1);
    }
  }

  private static Event seen(ObjectRef object, Fields condition) {
    return new Event.ObjectSeen(new ObjectRecord(object, "uid", "3", Map.of(), Map.of(),
        Fields.empty().with("status", Fields.empty().with("conditions", List.of(condition)))));
  }

  @Test
  void aNodeThatDoesNotStartIsComplainedOfAfterAWhile() {
    World world = world();
    world.metadataAway = true;
    world.start();
    world.give(seen(NODE, Fields.empty()));
    world.pass(Notices.START_MILLIS - 1_000);
    world.published.forEach(p -> assertThat(p.conditions()).allSatisfy(c -> assertThat(c.text()).contains("metadata")));
    world.pass(60_000);
    assertThat(conditions(world)).last().satisfies(c -> {
      assertThat(c.status()).isFalse();
      assertThat(c.text()).contains("metadata");
    });
  }

  @Test
  void aLongConditionIsCutAndAllThatIsWrongIsNamed() {
    World world = world().start();
    world.pass(20_000);
    for (int n = 0; n < 9; n++) {
      world.give(new Event.Told("about " + n, Optional.of(Finding.of(Code.of(400 + n, "Test" + n), "x".repeat(300), "Nothing."))));
    }
    world.pass(20_000);
    assertThat(conditions(world)).last().satisfies(c -> {
      assertThat(c.text()).hasSize(2_000).startsWith("Pods get their network, but: xxx").endsWith("...").contains(" Test1: x");
      assertThat(c.code().name()).isEqualTo("Test0");
    });
  }

  @Test
  void whatVanishedIsToldOnThePodsThatHaveItAndOnNoOthers() {
    World world = world().start();
    world.addressOf(world.add("a"));
    world.add("c", "", "");
    Finding vanished = Finding.of(BrainCodes.ADDRESS_VANISHED, "EC2 no longer has it.", "Delete the pod.");
    world.give(new Event.Told("one", Optional.of(vanished.about("10.9.9.9/32"))));
    world.give(new Event.Told("two", Optional.of(vanished)));
    world.give(new Event.Told("three", Optional.of(CLUSTER_AWAY.about("eni-0"))));
    assertThat(events(world, pod("a"))).isEmpty();
    world.give(new Event.Told("four", Optional.of(vanished.about("eni-0"))));
    assertThat(events(world, pod("a"))).hasSize(1);
    assertThat(events(world, pod(""))).as("nobody named a pod").isEmpty();
  }
}
