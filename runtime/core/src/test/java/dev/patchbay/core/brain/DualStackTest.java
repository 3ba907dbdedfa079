package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two bases on one lane whose interfaces both families need. */
class DualStackTest {
  private static final long LONG = 400_000;
  private static final int PER_INTERFACE = 9;

  private static World of(AddressSource four, AddressSource six) {
    return new World(World.settings(), World.type(4, PER_INTERFACE + 1), PlainBase.of(AddressFamily.IPV4, four),
        PlainBase.of(AddressFamily.IPV6, six)).start();
  }

  private static AddressSource stock(int warm) {
    return AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(warm));
  }

  private static List<String> enisOf(World world, String container) {
    return world.report().attachments().stream().filter(a -> a.key().toString().startsWith(container + "/"))
        .flatMap(a -> a.addresses().stream()).map(HeldAddress::eniId).flatMap(Optional::stream).toList();
  }

  @Test
  void anInterfaceThatOneFamilyHasDoneWithStaysForTheOthersPods() {
    World world = of(stock(1), AddressSource.delegated(80));
    IntStream.range(0, PER_INTERFACE + 3).forEach(i -> world.added(world.add("c" + i)));
    String last = "c" + (PER_INTERFACE + 2);
    assertThat(enisOf(world, last)).hasSize(2).doesNotHaveDuplicates();
    String carrying = enisOf(world, last).getLast();
    IntStream.range(0, PER_INTERFACE).forEach(i -> world.del("c" + i));
    world.pass(LONG);
    assertThat(world.enis).containsKey(carrying);
    assertThat(world.eni(carrying).prefixes()).hasSize(1);
    // It stays without pods too: the block is asked for once.
    world.report().attachments().forEach(a -> world.del(a.key().containerId()));
    world.pass(LONG);
    assertThat(world.enis).containsKey(carrying);
  }

  @Test
  void thePodsThatANodeCarriesAreThoseOfTheFamilyThatCarriesFewest() {
    // An interface carries one address less of IPv4, its own.
    int four = of(stock(1), AddressSource.delegated(80)).report().capacity().orElseThrow();
    int six = of(AddressSource.local(Cidr.of("169.254.172.0/22")), stock(1)).report().capacity().orElseThrow();
    assertThat(four).isPositive().isEqualTo(six / (PER_INTERFACE + 1) * PER_INTERFACE);
    assertThat(of(stock(1), stock(1)).report().capacity()).contains(four);
  }

  @Test
  void anInterfaceGoesWhenNeitherFamilyHasUseForIt() {
    World world = of(stock(1), stock(1));
    IntStream.range(0, PER_INTERFACE + 3).forEach(i -> world.added(world.add("c" + i)));
    assertThat(world.enis).hasSize(3);
    world.report().attachments().forEach(a -> world.del(a.key().containerId()));
    world.pass(LONG);
    assertThat(world.enis).hasSize(2);
  }

  @Test
  void whatOneFamilyHoldsWarmOnAnInterfaceKeepsItForTheOther() {
    // Of IPv6 more is held warm than the first interface carries.
    World world = of(stock(1), stock(PER_INTERFACE + 3));
    world.pass(LONG);
    assertThat(world.enis).hasSize(3);
    int calls = world.calls.size();
    world.pass(LONG);
    assertThat(world.calls.stream().skip(calls).filter(c -> !c.getClass().getSimpleName().startsWith("Describe"))).isEmpty();
    world.added(world.add("c1"));
    world.del("c1");
    world.pass(LONG);
    assertThat(world.enis).hasSize(3);
  }
}
