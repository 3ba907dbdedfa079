package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An instance type that is in no table. */
class LearnedTypeTest {
  private final World world = new World(World.settings(), World.type(3, 6), SingleAddresses.with(Targets.none().withWarmAddresses(2)));

  @Test
  void ec2IsAskedUntilItAnswersAndNeverAgain() {
    world.typeIsNew = true;
    world.refuse = call -> call instanceof CloudCall.DescribeType
        ? Optional.of(new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "no")) : Optional.empty();
    world.start();
    assertThat(world.report().facts()).isEmpty();
    assertThat(world.report().findings()).extracting(Finding::code).contains(Codes.CLOUD_DENIED);

    world.refuse = call -> Optional.empty();
    world.pass(60_000);
    assertThat(world.report().facts().orElseThrow().type()).isEqualTo(World.type(3, 6));
    assertThat(world.report().findings()).isEmpty();
    assertThat(world.addressOf(world.add("a"))).isNotNull();

    world.refuse = call -> {
      if (call instanceof CloudCall.DescribeType) {
        throw new AssertionError("it is in the ledger");
      }
      return Optional.empty();
    };
    world.restart();
    assertThat(world.report().facts()).isPresent();
    assertThat(world.addressOf(world.add("b"))).isNotNull();
  }
}
