package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prefixes and single addresses on one node: after a subnet was fragmented, after a change of modes, and put there by hand. */
class StockKindsTest {
  /** Longer than a subnet is left alone that had no block, and than several rounds of shrinking. */
  private static final long LONG = 400_000;

  private static World of(int interfaces, int addresses, NetworkModeProvider mode) {
    return new World(World.settings(), World.type(interfaces, addresses), World.instance(mode));
  }

  private static long prefixes(World world) {
    return world.enis.values().stream().mapToLong(e -> e.prefixes().size()).sum();
  }

  private static List<IpAddress> singles(World world) {
    return world.enis.values().stream().flatMap(e -> e.addresses().stream()).toList();
  }

  private static void put(World world, List<IpAddress> addresses, List<Cidr> prefixes) {
    EniRecord e = world.eni("eni-0");
    world.enis.put("eni-0", new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), addresses, prefixes,
        e.attachment(), e.tags(), e.description(), e.status()));
  }

  private static void restore(World world) {
    world.cloud.fragmented = false;
    world.pass(LONG);
  }

  @Test
  void whereNoBlockIsLeftAsManySingleAddressesAreHeldAsAPrefixHasAndNoMore() {
    World world = of(4, 10, SyntheticModes.prefix());
    world.cloud.fragmented = true;
    world.start();
    assertThat(singles(world)).hasSize(16);
    int calls = world.calls.size();
    world.pass(60_000);
    assertThat(world.calls).hasSize(calls);
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.code()).isEqualTo(Codes.SUBNET_FRAGMENTED));
    // Now and then a prefix is asked for, and nothing is lost by it.
    world.pass(LONG);
    assertThat(singles(world)).hasSize(16);
    for (int i = 0; i < 20; i++) {
      world.added(world.add("c" + i));
    }
    assertThat(singles(world)).hasSize(36);
  }

  @Test
  void prefixesAreTakenAgainWhenThereIsRoomAndIdleSingleAddressesGoBack() {
    World world = of(4, 10, SyntheticModes.prefix());
    world.cloud.fragmented = true;
    world.start();
    IpAddress held = world.addressOf(world.add("c1"));
    restore(world);
    assertThat(prefixes(world)).isEqualTo(1);
    assertThat(singles(world)).containsExactly(held);
    assertThat(world.report().findings()).noneMatch(f -> f.code().equals(Codes.SUBNET_FRAGMENTED));
    assertThat(world.addressOf(world.add("c2"))).matches(ip -> world.eni("eni-0").prefixes().stream().anyMatch(p -> p.contains(ip))
        || world.enis.values().stream().flatMap(e -> e.prefixes().stream()).anyMatch(p -> p.contains(ip)));
    world.del("c1");
    world.pass(LONG);
    assertThat(singles(world)).isEmpty();
  }

  @Test
  void aNodeWithSingleAddressesFromBeforeTakesPrefixesAndItsPodsGoOn() {
    World world = of(2, 4, SyntheticModes.stock()).start();
    List<IpAddress> held = Stream.of("c1", "c2").map(c -> world.addressOf(world.add(c))).toList();
    assertThat(singles(world)).hasSize(6);
    world.choosing(SyntheticModes.prefix()).restart();
    world.pass(LONG);
    // All slots were single addresses; those of pods stay.
    assertThat(singles(world)).containsExactlyInAnyOrderElementsOf(held);
    assertThat(prefixes(world)).isEqualTo(1);
    assertThat(world.report().attachments()).hasSize(2);
  }

  @Test
  void aNodeWithPrefixesFromBeforeTakesSingleAddressesAndItsPodsGoOn() {
    World world = of(2, 10, SyntheticModes.prefix()).start();
    IpAddress held = world.addressOf(world.add("c1"));
    assertThat(prefixes(world)).isEqualTo(2);
    world.choosing(SyntheticModes.stock()).restart();
    world.pass(LONG);
    assertThat(world.eni("eni-0").prefixes()).singleElement().matches(p -> p.contains(held));
    assertThat(singles(world)).isNotEmpty();
    assertThat(singles(world)).contains(world.addressOf(world.add("c2")));
    world.del("c1");
    world.pass(LONG);
    assertThat(prefixes(world)).isZero();
  }

  @Test
  void aPrefixPutThereByHandIsUsedAndNeverReleased() {
    for (NetworkModeProvider mode : List.of(SyntheticModes.prefix(), SyntheticModes.stock())) {
      World world = of(2, 10, mode);
      Cidr byHand = Cidr.of("10.0.0.128/28");
      put(world, List.of(), List.of(byHand));
      world.start();
      // After a boot every address rests that was found.
      world.pass(LONG);
      assertThat(prefixes(world)).as("one free prefix is there, so none is asked for").isEqualTo(1);
      boolean used = false;
      for (int i = 0; i < 30; i++) {
        used |= byHand.contains(world.addressOf(world.add("c" + i)));
      }
      assertThat(used).as("pods have addresses of it with " + mode.id()).isTrue();
      for (int i = 0; i < 30; i++) {
        world.del("c" + i);
      }
      world.pass(2 * LONG);
      assertThat(world.eni("eni-0").prefixes()).contains(byHand);
      assertThat(world.calls).noneMatch(call -> call instanceof CloudCall.Unassign u && u.units().contains(byHand));
    }
  }

  @Test
  void whereFewerAddressesAreFreeThanAreWantedThoseAreTaken() {
    World world = of(2, 10, SyntheticModes.stock());
    world.cloud.subnetFree = 5;
    world.start();
    assertThat(singles(world)).hasSize(5);
    for (int i = 0; i < 5; i++) {
      world.added(world.add("c" + i));
    }
    assertThat(world.failed(world.add("beyond")).reason().code()).isEqualTo(Codes.SUBNET_FULL);
  }

  @Test
  void aSubnetWithTooFewAddressesForAPrefixGivesThemOneByOne() {
    World world = of(2, 10, SyntheticModes.prefix());
    world.cloud.subnetFree = 3;
    world.start();
    for (int i = 0; i < 3; i++) {
      world.added(world.add("c" + i));
    }
    assertThat(world.failed(world.add("beyond")).reason().code()).isEqualTo(Codes.SUBNET_FULL);
  }

  @Test
  void nobodyIsRefusedForAFragmentedSubnetWhileSingleAddressesAreBeingFetched() {
    World world = of(2, 10, SyntheticModes.prefix());
    world.refuse = call -> call instanceof CloudCall.AssignAddresses a && a.prefixes() > 0
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks", "none")) : Optional.empty();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.AssignAddresses a && a.addresses() > 0;
    world.start();
    long add = world.add("c1");
    assertThat(world.replies).doesNotContainKey(add);
    world.release();
    world.added(add);
  }

  @Test
  void ofSeveralSubnetsOneWithoutBlocksComesLastWherePrefixesAreWanted() {
    for (SubnetChoice.Order order : List.of(SubnetChoice.Order.PREFIX_FRIENDLY, SubnetChoice.Order.AS_WRITTEN)) {
      Lane lane = Lane.named(Lane.DEFAULT).withSubnets(SubnetChoice.ids(List.of("subnet-b", "subnet-c"), order));
      World world = new World(World.settings(), World.type(3, 10), PlainBase.of(AddressFamily.IPV4, lane,
          AddressSource.stock(List.of(Unit.PREFIX, Unit.SINGLE), Targets.none().withWarmPrefixes(1))));
      world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of());
      world.cloud.subnet("subnet-c", "10.0.3.0/24", "2001:db8:0:3::/64", Map.of());
      world.refuse = call -> call instanceof CloudCall.CreateInterface c && c.prefixes() > 0 && c.subnetId().equals("subnet-b")
          ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks", "none")) : Optional.empty();
      world.start();
      boolean friendly = order == SubnetChoice.Order.PREFIX_FRIENDLY;
      assertThat(world.enis.values()).filteredOn(e -> !e.id().equals("eni-0")).isNotEmpty().allSatisfy(e -> {
        assertThat(e.subnetId()).isEqualTo(friendly ? "subnet-c" : "subnet-b");
        assertThat(e.prefixes().isEmpty()).isEqualTo(!friendly);
      });
    }
  }

  private static World friendly(String... subnets) {
    Lane lane = Lane.named(Lane.DEFAULT).withSubnets(SubnetChoice.ids(List.of(subnets), SubnetChoice.Order.PREFIX_FRIENDLY));
    return new World(World.settings(), World.type(3, 10), PlainBase.of(AddressFamily.IPV4, lane,
        AddressSource.stock(List.of(Unit.PREFIX, Unit.SINGLE), Targets.none().withWarmPrefixes(1))));
  }

  private static Stream<String> madeIn(World world) {
    return world.enis.values().stream().filter(e -> !e.id().equals("eni-0")).map(EniRecord::subnetId);
  }

  @Test
  void aSubnetThatReservesARangeForPrefixesComesFirst() {
    World world = friendly("subnet-b", "subnet-c", "subnet-d");
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of(), 200);
    world.cloud.subnet("subnet-c", "10.0.3.0/24", "2001:db8:0:3::/64", Map.of(), 40);
    world.cloud.subnet("subnet-d", "10.0.4.0/24", "2001:db8:0:4::/64", Map.of(), 15);
    world.cloud.reservations.put("subnet-c", List.of(Cidr.of("10.0.3.0/27")));
    // It has not the addresses that a block has, whatever it reserves.
    world.cloud.reservations.put("subnet-d", List.of(Cidr.of("10.0.4.0/27")));
    world.start();
    assertThat(madeIn(world)).containsExactly("subnet-c");
    // One question for each subnet, and none again for each interface.
    assertThat(world.calls.stream().filter(c -> c instanceof CloudCall.DescribeReservations)).hasSize(3);
  }

  @Test
  void whereReservationsCantBeAskedForTheMostFreeIsTaken() {
    World world = friendly("subnet-b", "subnet-c");
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of(), 40);
    world.cloud.subnet("subnet-c", "10.0.3.0/24", "2001:db8:0:3::/64", Map.of(), 200);
    world.cloud.reservations.put("subnet-b", List.of(Cidr.of("10.0.2.0/27")));
    world.refuse = call -> call instanceof CloudCall.DescribeReservations
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "no")) : Optional.empty();
    world.start();
    assertThat(madeIn(world)).containsExactly("subnet-c");
    assertThat(world.report().findings()).anySatisfy(f -> {
      assertThat(f.code()).isEqualTo(Codes.CLOUD_DENIED);
      assertThat(f.cause()).contains("reservations of subnet-b");
    });
    // It is asked for less and less often.
    int before = world.calls.size();
    world.pass(600_000);
    assertThat(world.calls.stream().skip(before).filter(c -> c instanceof CloudCall.DescribeReservations)).hasSizeBetween(2, 16);
  }

  @Test
  void ofOneSubnetNobodyAsksWhatItReserves() {
    World world = friendly("subnet-b");
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of());
    world.start();
    assertThat(madeIn(world)).containsExactly("subnet-b");
    assertThat(world.calls).noneMatch(c -> c instanceof CloudCall.DescribeReservations);
  }
}
