package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the brain says of its stock, asked in either way. */
class ReportedTest {
  private final World world =
      new World(World.settings(), World.type(3, 6), SingleAddresses.with(Targets.none().withWarmAddresses(2))).start();

  @Test
  void aLaneIsReportedWithItsStockAndItsTarget() {
    world.add("a");
    Report.LaneReport lane = world.report().lanes().getFirst();
    assertThat(lane.family()).isEqualTo(AddressFamily.IPV4);
    assertThat(lane.held()).isEqualTo(1);
    assertThat(lane.free()).isEqualTo(2);
    assertThat(lane.cooling()).isZero();
    assertThat(lane.target()).isEqualTo(2);
    assertThat(lane.enis()).isEqualTo(List.of("eni-0"));
    assertThat(world.look().node().orElseThrow().lanes().getFirst().target()).isEqualTo(2);
    assertThat(world.look().node().orElseThrow().busy()).isFalse();
  }

  @Test
  void whoeverAsksForAReportGetsIt() {
    world.give(new Event.ReportWanted(4711));
    assertThat(world.replies.get(4711L)).isEqualTo(new Reply.Reported(world.report()));
  }
}
