package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Somebody takes an address away from its interface, behind our back: by AssignPrivateIpAddresses with AllowReassignment, say. */
class TakenAddressTest {
  private static World world() {
    World world = new World(World.settings(), World.type(2, 10), SingleAddresses.with(Targets.none().withWarmAddresses(3))).start();
    world.pass(70_000);
    return world;
  }

  private static void take(World world, IpAddress address) {
    for (Map.Entry<String, EniRecord> e : Map.copyOf(world.enis).entrySet()) {
      List<IpAddress> left = e.getValue().addresses().stream().filter(a -> !a.equals(address)).toList();
      world.enis.put(e.getKey(), e.getValue().withUnits(left, e.getValue().prefixes()));
    }
  }

  private static boolean told(World world, IpAddress address) {
    return world.report().findings().stream()
        .anyMatch(f -> f.code().equals(BrainCodes.ADDRESS_VANISHED) && f.cause().contains(address.toString()));
  }

  private static long descriptions(World world) {
    return world.calls.stream().filter(CloudCall.DescribeAttached.class::isInstance).count();
  }

  @Test
  void itIsNoticedAtTheNextLookAtMetadataAndNeverGivenOutAgain() {
    World world = world();
    IpAddress address = world.addressOf(world.add("c1"));
    world.pass(70_000);
    take(world, address);
    world.pass(35_000);
    assertThat(told(world, address)).isTrue();

    long asked = descriptions(world);
    world.pass(300_000);
    assertThat(descriptions(world)).as("metadata lacks it for ever, and EC2 was asked").isLessThanOrEqualTo(asked + 1);

    world.del("c1");
    Set<IpAddress> others = new HashSet<>();
    for (int n = 0; n < 30; n++) {
      others.add(world.addressOf(world.add("c" + (2 + n))));
      world.del("c" + (2 + n));
      world.pass(40_000);
    }
    assertThat(others).doesNotContain(address);
    assertThat(told(world, address)).as("it is over with the pod").isFalse();
  }

  @Test
  void nobodyGetsItWhileEc2IsAway() {
    World world = world();
    IpAddress address = world.addressOf(world.add("c1"));
    world.pass(70_000);
    take(world, address);
    world.pass(35_000);
    world.refuse = call -> Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNREACHABLE, "ConnectException", "no route"));
    world.del("c1");
    world.pass(200_000);
    for (int n = 0; n < 3; n++) {
      long add = world.add("c" + (2 + n));
      assertThat(world.addressOf(add)).isNotEqualTo(address);
    }
  }

  @Test
  void onePutBackIsUsedAgain() {
    World world = world();
    Map<String, EniRecord> before = Map.copyOf(world.enis);
    IpAddress address = world.addressOf(world.add("c1"));
    world.pass(70_000);
    take(world, address);
    world.pass(35_000);
    assertThat(told(world, address)).isTrue();
    world.enis.putAll(before);
    world.pass(700_000);
    assertThat(told(world, address)).isFalse();
  }
}
