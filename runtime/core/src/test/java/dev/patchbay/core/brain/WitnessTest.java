package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What metadata and EC2 say of the node, and what is made of it where they differ. */
class WitnessTest {
  private static World world() {
    World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1))).start();
    world.pass(60_000);
    return world;
  }

  private static long count(World world, Class<? extends CloudCall> kind) {
    return world.calls.stream().filter(kind::isInstance).count();
  }

  private static List<Cidr> vpc(World world) {
    return world.nodePath().orElseThrow().vpc();
  }

  @Test
  void aNetworkThatTheVpcGetsIsKnownWithinHalfAMinute() {
    World world = world();
    List<Cidr> before = vpc(world);
    world.vpc = List.of(before.getLast(), before.getFirst());
    world.pass(31_000);
    assertThat(vpc(world)).as("another order is nothing new").isEqualTo(before);
    world.vpc = List.of();
    world.pass(31_000);
    assertThat(vpc(world)).as("a VPC has one").isEqualTo(before);
    List<Cidr> more = new ArrayList<>(before);
    more.add(Cidr.of("100.64.0.0/16"));
    world.vpc = more;
    world.pass(31_000);
    assertThat(vpc(world)).isEqualTo(more);
    assertThat(world.nodePaths.getLast().vpc()).as("the kernel has it").isEqualTo(more);
  }

  @Test
  void anInterfaceThatMetadataHasAndNobodyKnowsIsAskedFor() {
    World world = world();
    long before = count(world, CloudCall.DescribeAttached.class);
    world.pass(120_000);
    assertThat(count(world, CloudCall.DescribeAttached.class)).as("nothing is new").isEqualTo(before);
    world.cloud.subnet("subnet-new", "10.0.9.0/24", "2001:db8:0:9::/64", Map.of());
    EniRecord there = world.eni("eni-0");
    world.enis.put("eni-other", new EniRecord("eni-other", new MacAddress(0x99), "interface", "subnet-new", List.of("sg-other"),
        Optional.of(IpAddress.of("10.0.9.4")), List.of(), List.of(),
        there.attachment().map(a -> new EniRecord.Attachment("attach-other", "i-1", 2, 0, true)), Map.of(), "", "in-use"));
    world.pass(31_000);
    assertThat(count(world, CloudCall.DescribeAttached.class)).isEqualTo(before + 1);
    assertThat(world.report().enis()).extracting(Report.EniReport::id).contains("eni-other");
    assertThat(world.report().facts().orElseThrow().subnet("subnet-new")).isPresent();
  }

  @Test
  void anInterfaceThatMetadataLacksIsAskedFor() {
    World world = world();
    world.cloud.attach("eni-other", "efa", 2, 0, Map.of());
    world.pass(60_000);
    long before = count(world, CloudCall.DescribeAttached.class);
    world.metadataLacks = List.of("eni-other");
    world.pass(31_000);
    assertThat(count(world, CloudCall.DescribeAttached.class)).isGreaterThan(before);
    assertThat(world.report().enis()).as("EC2 has it").extracting(Report.EniReport::id).contains("eni-other");
  }

  @Test
  void anImageOfANodeIsAnotherNode() {
    World world = world();
    world.add("c1");
    world.instance = "i-2";
    world.pass(31_000);
    assertThat(world.report().facts().orElseThrow().identity().instanceId()).isEqualTo("i-2");
    assertThat(world.calls).contains(new CloudCall.DescribeAttached("i-2"));
  }

  @Test
  void aTypeThatIsInNoTableIsLearnedAndUntilThenTheNodeSaysWhatIsMissing() {
    World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none()));
    world.typeIsNew = true;
    world.refuse = call -> call instanceof CloudCall.DescribeType
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "not allowed")) : Optional.empty();
    world.start();
    assertThat(world.failed(world.add("c1")).reason().cause()).contains("describe the instance type test.large");
    assertThat(world.report().findings()).extracting(f -> f.code()).contains(Codes.CLOUD_DENIED);
    long before = count(world, CloudCall.DescribeType.class);
    world.pass(10_000);
    assertThat(count(world, CloudCall.DescribeType.class) - before).isBetween(3L, 6L);
    world.refuse = call -> Optional.empty();
    world.pass(3_000);
    assertThat(world.serving).isTrue();
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void whileMetadataDoesNotAnswerTheNodeGoesOnAndSaysSo() {
    World world = world();
    world.metadataAway = true;
    world.pass(31_000);
    assertThat(world.report().findings()).singleElement().satisfies(f -> assertThat(f.cause()).contains("metadata does not answer"));
    assertThat(world.replies.get(world.add("c1"))).isInstanceOf(Reply.Added.class);
    world.metadataAway = false;
    world.pass(3_000);
    assertThat(world.report().findings()).isEmpty();
  }

  private static void lost(World world, int times, boolean made) {
    int[] left = {times};
    world.refuse = call -> call instanceof CloudCall.CreateInterface && made && left[0]-- > 0
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost")) : Optional.empty();
    world.loses = call -> call instanceof CloudCall.CreateInterface && !made && left[0]-- > 0;
  }

  @Test
  void anInterfaceWhoseAnswerWasLostForGoodIsFoundByItsTagAndDeleted() {
    World world = world();
    lost(world, 4, true);
    for (int n = 0; n < 3; n++) {
      world.add("c" + n);
    }
    assertThat(world.enis.values()).anyMatch(e -> e.attachment().isEmpty());
    java.util.function.Function<CloudCall, Optional<CloudAnswer.Failed>> before = world.refuse;
    int[] refused = new int[1];
    world.refuse = call -> call instanceof CloudCall.DescribeTagged && refused[0]++ < 2
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down")) : before.apply(call);
    world.pass(600_000);
    assertThat(refused[0]).isGreaterThan(2);
    assertThat(world.enis.values()).allMatch(e -> e.attachment().isPresent());
    assertThat(world.written().intended()).isEmpty();
    assertThat(world.written().made()).allMatch(m -> world.enis.containsKey(m.eniId()));
  }

  @Test
  void whatWasNeverMadeIsForgottenOnceEc2CanNoLongerLag() {
    World world = world();
    lost(world, 4, false);
    for (int n = 0; n < 3; n++) {
      world.add("c" + n);
    }
    assertThat(world.written().intended()).hasSize(1);
    world.pass(14_000);
    assertThat(world.written().intended()).hasSize(1);
    world.pass(300_000);
    assertThat(world.written().intended()).isEmpty();
  }

  @Test
  void anInterfaceOfOursThatIsDeletedByOthersIsForgotten() {
    World world = world();
    for (int n = 0; n < 3; n++) {
      world.add("c" + n);
    }
    assertThat(world.written().made()).isNotEmpty();
    for (int n = 0; n < 3; n++) {
      world.del("c" + n);
    }
    world.enis.keySet().removeIf(id -> !id.equals("eni-0"));
    world.pass(300_000);
    assertThat(world.written().made()).allMatch(m -> world.enis.containsKey(m.eniId()));
  }

  @Test
  void whatEc2TakesAwayFromAPodIsToldAndGivenToNobody() {
    World world = world();
    long add = world.add("c1");
    IpAddress address = world.addressOf(add);
    EniRecord eni = world.eni("eni-0");
    world.enis.put("eni-0", eni.withUnits(eni.addresses().stream().filter(a -> !a.equals(address)).toList(), List.of()));
    world.pass(300_000);
    assertThat(world.report().findings()).filteredOn(f -> f.code().equals(BrainCodes.ADDRESS_VANISHED)).singleElement()
        .satisfies(f -> assertThat(f.subject()).contains(address.asCidr().toString()));
    world.enis.put("eni-0", eni);
    world.pass(700_000);
    assertThat(world.report().findings()).isEmpty();
    world.enis.put("eni-0", eni.withUnits(eni.addresses().stream().filter(a -> !a.equals(address)).toList(), List.of()));
    world.pass(300_000);
    world.del("c1");
    world.pass(300_000);
    assertThat(world.report().findings()).isEmpty();
    assertThat(world.report().cooling()).doesNotContainKey(address);
  }
}
