package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static World world(int enis, int addresses) {
    return new World(World.settings(), World.type(enis, addresses), SingleAddresses.with(Targets.none().withWarmAddresses(1)));
  }

  private static World full() {
    World world = world(1, 3).start();
    world.add("c1");
    world.add("c2");
    return world;
  }

  @Test
  void aRefusedPodIsRememberedWithItsReasonHowOftenAndSinceWhen() {
    World world = full();
    world.add("c3", "shop", "cart");
    long first = world.now + world.wallShift;
    world.pass(10_000);
    world.add("c4", "shop", "cart");
    world.add("c5", "shop", "web");
    List<Report.Refusal> refusals = world.report().refusals();
    assertThat(refusals).extracting(Report.Refusal::pod).containsExactly("shop/web", "shop/cart");
    Report.Refusal cart = refusals.getLast();
    assertThat(cart.key()).isEqualTo("c4/eth0");
    assertThat(cart.reason().code()).isEqualTo(Codes.INSTANCE_FULL);
    assertThat(cart.times()).isEqualTo(2);
    assertThat(cart.first()).isEqualTo(first);
    assertThat(cart.last()).isEqualTo(first + 10_000);
  }

  @Test
  void refusalsAreBoundedAndTheOldestAreForgotten() {
    World world = full();
    for (int i = 0; i < 150; i++) {
      world.add("more" + i);
    }
    assertThat(world.report().refusals()).hasSize(100).first().extracting(Report.Refusal::pod).isEqualTo("default/more149");
    world.add("x", "shop", "p".repeat(1_000_000));
    assertThat(world.report().refusals().getFirst().pod().length()).isLessThan(500);
  }

  @Test
  void whoHungUpWhileItWaitedIsRememberedWithWhatItWaitedFor() {
    World world = world(1, 3).start();
    world.hold = effect -> effect instanceof Effect.Call;
    world.add("c1");
    world.pass(1_000);
    long waiting = world.add("c2");
    world.pass(5_000);
    world.give(new Event.CallerGone(waiting));
    assertThat(world.report().refusals()).singleElement().satisfies(r -> {
      assertThat(r.pod()).isEqualTo("default/c2");
      assertThat(r.reason().cause()).contains("hung up after 5 s").contains("no free IPV4 address");
    });
  }

  @Test
  void aPodThatWasDeletedWhileItWaitedIsNoRefusal() {
    World world = world(1, 3).start();
    world.hold = effect -> effect instanceof Effect.Call;
    world.add("c1");
    world.add("c2");
    world.del("c2");
    assertThat(world.report().refusals()).isEmpty();
  }

  @Test
  void theLastHolderOfAnAddressIsKnownUntilAnotherHasLeftIt() {
    World world = world(1, 3).start();
    IpAddress address = world.addressOf(world.add("c1", "shop", "cart"));
    assertThat(world.report().holders()).isEmpty();
    world.del("c1");
    long until = world.now + world.wallShift;
    world.pass(60_000);
    Report.Holder holder = world.report().holders().get(address);
    assertThat(holder).isEqualTo(new Report.Holder("shop/cart", "c1/eth0", until));
  }

  private static EniRecord eni(String id, String mac, String subnet, Map<String, String> tags) {
    return new EniRecord(id, MacAddress.of(mac), "interface", subnet, List.of("sg-node"), Optional.of(IpAddress.of("10.0.0.77")),
        List.of(), List.of(), Optional.of(new EniRecord.Attachment("attach-" + id, "i-1", 2, 0, false)), tags, "", "in-use");
  }

  @Test
  void anInterfaceThatIsLeftAloneHasItsReason() {
    World world = world(4, 3);
    world.enis.put("eni-kept", eni("eni-kept", "02:00:00:00:00:11", "subnet-a", Map.of("node.k8s.amazonaws.com/no_manage", "true")));
    world.start();
    assertThat(world.report().enis()).contains(new Report.EniReport("eni-0", true, false, Optional.empty()));
    assertThat(world.report().enis()).filteredOn(e -> e.id().equals("eni-kept")).singleElement().satisfies(kept -> {
      assertThat(kept.leftAlone().orElseThrow()).contains("no_manage=true");
      assertThat(kept.ready()).isFalse();
    });
    assertThat(world.report().capacity()).as("it takes one of four slots").contains(3 * 2);
  }

  @Test
  void whatTheKernelShouldHaveCanBeAskedFor() {
    World world = world(1, 3);
    assertThat(world.path(new AttachmentKey("c1", "eth0"))).isEmpty();
    assertThat(world.nodePath()).isEmpty();
    world.start();
    world.add("c1");
    assertThat(world.path(new AttachmentKey("c1", "eth0")).orElseThrow().plan())
        .isEqualTo(world.report().attachments().getFirst().plan());
    assertThat(world.nodePath().orElseThrow().enis()).extracting(e -> e.id()).containsExactly("eni-0");
  }
}
