package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Interfaces that others manage, on which pods get addresses: these come and go, and nothing else of them is touched. */
class BorrowedInterfacesTest {
  private static final String LENT = "eni-lent";
  private static final IpAddress OTHERS = IpAddress.of("10.0.0.77");
  private static final TestPod POD = TestPod.named("upon").withAnnotation("synthetic.patchbay.dev/borrow", "");

  private static World world(Map<String, String> tags) {
    World world = World.of(SyntheticModes.stock(), SyntheticModes.borrow());
    world.cloud.attach(LENT, "interface", 3, 0, tags);
    EniRecord lent = world.eni(LENT);
    List<IpAddress> addresses = new ArrayList<>(lent.addresses());
    addresses.add(OTHERS);
    world.enis.put(LENT, lent.withUnits(addresses, lent.prefixes()));
    world.start();
    POD.object().ifPresent(world::see);
    return world;
  }

  private static World world() {
    return world(Map.of("node.k8s.amazonaws.com/no_manage", "true"));
  }

  private static long add(World world, String container) {
    return world.add(container, POD, Fields.empty());
  }

  /** The address that a pod has on the interface. */
  private static Optional<IpAddress> upon(World world, String container) {
    return world.report().attachments().stream().filter(a -> a.key().toString().equals(container + "/upon1"))
        .flatMap(a -> a.addresses().stream()).filter(h -> h.eniId().equals(Optional.of(LENT))).map(HeldAddress::address).findFirst();
  }

  private static List<IpAddress> on(World world) {
    return world.eni(LENT).addresses();
  }

  private static void assertElseUntouched(World world) {
    assertThat(world.calls).filteredOn(call -> call.toString().contains(LENT)).allSatisfy(call -> assertThat(call)
        .isInstanceOfAny(CloudCall.AssignAddresses.class, CloudCall.Unassign.class));
    assertThat(world.nodePaths).allSatisfy(path -> assertThat(path.enis()).extracting(EniPath::id).doesNotContain(LENT));
    assertThat(Invariants.breaches(Invariants.always(), world.look())).isEmpty();
  }

  @Test
  void aPodGetsAnAddressThatWasAssignedForItAndNoneOfOthers() {
    World world = world();
    List<IpAddress> before = on(world);
    world.added(add(world, "c1"));
    assertThat(world.calls).filteredOn(CloudCall.AssignAddresses.class::isInstance)
        .contains(new CloudCall.AssignAddresses(LENT, AddressFamily.IPV4, 1, 0));
    IpAddress given = upon(world, "c1").orElseThrow();
    assertThat(before).doesNotContain(given);
    assertThat(on(world)).containsAll(before).contains(given).hasSize(before.size() + 1);
    assertElseUntouched(world);
  }

  @Test
  void eachPodHasOneOfItsOwnAndWhatIsMoreThanNeededIsNotFetched() {
    World world = world();
    world.added(add(world, "c1"));
    world.added(add(world, "c2"));
    assertThat(upon(world, "c1")).isNotEqualTo(upon(world, "c2"));
    world.pass(600_000);
    assertThat(on(world)).hasSize(3);
    assertElseUntouched(world);
  }

  @Test
  void whenThePodHasGoneItsAddressIsTakenBackAfterItsCooldownAndThoseOfOthersStay() {
    World world = world();
    List<IpAddress> before = on(world);
    world.added(add(world, "c1"));
    IpAddress given = upon(world, "c1").orElseThrow();
    world.del("c1");
    world.pass(29_000);
    assertThat(on(world)).contains(given);
    world.pass(300_000);
    assertThat(on(world)).containsExactlyInAnyOrderElementsOf(before);
    assertElseUntouched(world);
  }

  @Test
  void itIsTakenBackTooWhenNothingPlansItsLaneAnyMore() {
    World world = world();
    List<IpAddress> before = on(world);
    world.added(add(world, "c1"));
    IpAddress given = upon(world, "c1").orElseThrow();
    world.choosing(SyntheticModes.stock()).restart();
    world.pass(300_000);
    // The pod has it, whatever has become of the mode.
    assertThat(on(world)).contains(given);
    world.del("c1");
    world.pass(300_000);
    assertThat(on(world)).containsExactlyInAnyOrderElementsOf(before);
    assertElseUntouched(world);
  }

  @Test
  void aRestartForgetsNothingOfIt() {
    World world = world();
    world.added(add(world, "c1"));
    IpAddress given = upon(world, "c1").orElseThrow();
    world.restart();
    world.pass(300_000);
    assertThat(on(world)).contains(given);
    world.added(add(world, "c2"));
    assertThat(upon(world, "c2").orElseThrow()).isNotEqualTo(given);
    assertElseUntouched(world);
  }

  @Test
  void anAddressWhoseAssignmentWasNeverAnsweredIsNeitherUsedNorTakenAway() {
    World world = world();
    boolean[] once = {true};
    world.refuse = call -> {
      boolean lost = once[0] && call instanceof CloudCall.AssignAddresses a && a.eniId().equals(LENT);
      once[0] &= !lost;
      return lost ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "no answer came")) : Optional.empty();
    };
    long request = add(world, "c1");
    world.pass(50_000);
    world.added(request);
    List<IpAddress> all = on(world);
    // It may be another's: who put it there can't be told.
    assertThat(all).hasSize(3);
    world.del("c1");
    world.pass(300_000);
    assertThat(on(world)).hasSize(2);
    assertThat(world.told.getLast().values()).anySatisfy(f -> assertThat(f.code()).isEqualTo(BrainCodes.ADDRESS_UNACCOUNTED));
    assertElseUntouched(world);
  }

  @Test
  void oneThatPatchbayUsesItselfIsNotLent() {
    World world = world(Map.of());
    world.added(add(world, "c1"));
    assertThat(upon(world, "c1")).isEmpty();
    assertThat(world.report().lanes()).noneMatch(lane -> lane.lane().equals("synthetic-borrowed"));
  }
}
