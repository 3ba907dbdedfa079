package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A description of the node's interfaces without its primary one can't be true: no instance is without. */
class EmptyDescriptionTest {
  private final World world =
      new World(World.settings(), World.type(3, 6), SingleAddresses.with(Targets.none().withWarmInterfaces(1))).start();

  @Test
  void nothingIsGivenUpForADescriptionWithoutThePrimaryInterface() {
    List<String> before = enis();
    int free = world.report().lanes().getFirst().free();
    world.hold = effect -> effect instanceof Effect.Call c && c.call() instanceof CloudCall.DescribeAttached;
    for (int n = 0; n < 5; n++) {
      // It is due after ten minutes, and is asked for again a minute later at most.
      world.pass(n == 0 ? 600_000 : 100_000);
      world.answerHeld(CloudCall.DescribeAttached.class, new CloudAnswer.Interfaces(List.of()));
      assertThat(enis()).isEqualTo(before);
    }
    assertThat(world.report().lanes().getFirst().free()).isEqualTo(free);
    assertThat(world.report().findings()).extracting(Finding::code).contains(Codes.CLOUD_UNREACHABLE);
    long pod = world.add("a");
    assertThat(world.addressOf(pod)).isNotNull();

    world.release();
    world.pass(120_000);
    assertThat(world.report().findings()).isEmpty();
    assertThat(enis()).containsAll(before);
  }

  private List<String> enis() {
    return world.report().facts().orElseThrow().enis().stream().map(NodeFacts.Eni::id).toList();
  }
}
