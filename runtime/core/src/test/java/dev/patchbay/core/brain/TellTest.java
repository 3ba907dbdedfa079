package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the operator should know is told when it changes, and only then. */
class TellTest {
  private static final Finding DENIED = Finding.of(Codes.CLOUD_DENIED, "It may not.", "Let it.").about("ec2:CreateTags");

  private final World world = new World(World.settings(), World.type(3, 10), SingleAddresses.with(Targets.none().withWarmInterfaces(1))).start();

  @Test
  void whatOthersFoundIsToldOnceAndInTheReportUntilTheySayOtherwise() {
    world.told.clear();
    world.give(new Event.Told("iam CreateTags", Optional.of(DENIED)));
    world.give(new Event.Told("iam CreateTags", Optional.of(DENIED)));
    world.add("a");
    assertThat(world.told).hasSize(1);
    assertThat(world.told.getFirst().values()).containsExactly(DENIED);
    assertThat(world.report().findings()).containsExactly(DENIED);
    world.give(new Event.Told("rbac", Optional.empty()));
    assertThat(world.report().findings()).containsExactly(DENIED);
    world.give(new Event.Told("iam CreateTags", Optional.empty()));
    assertThat(world.told).hasSize(2);
    assertThat(world.told.getLast()).isEmpty();
  }

  @Test
  void whatTheBrainFindsIsToldWhenItComesAndWhenItGoes() {
    world.told.clear();
    world.diskFull = true;
    world.add("a");
    world.add("b");
    assertThat(world.told).as("a second failure is nothing new").hasSize(1);
    assertThat(world.told.getFirst().values()).extracting(Finding::code).containsExactly(BrainCodes.LEDGER_UNWRITABLE);
    world.diskFull = false;
    world.add("c");
    assertThat(world.told).hasSize(2);
    assertThat(world.told.getLast()).isEmpty();
  }
}
