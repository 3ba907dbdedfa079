package dev.patchbay.it.simulation;

import static dev.patchbay.it.simulation.Story.MINUTE;
import static dev.patchbay.it.simulation.Story.SECOND;
import static dev.patchbay.it.simulation.Story.adds;
import static dev.patchbay.it.simulation.Story.begun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Scenario;
import dev.patchbay.spi.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ledger's disk stands still: it neither writes nor refuses. Nobody waits for it without end, and nothing is lost. */
class StillDiskTest {
  private static long refused(Scenario scenario) {
    return scenario.lines().stream().filter(line -> line.contains("LedgerUnwritable (470)") && line.contains("has not answered a write")).count();
  }

  private static boolean told(Scenario scenario) {
    return scenario.report().findings().stream().map(Finding::code).anyMatch(c -> c.name().equals("LedgerUnwritable"));
  }

  @Test
  void anAddIsRefusedAfterAWhileAndTheNextAtOnce() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> kept = adds(scenario, 2);
    scenario.diskStandsStill(10 * MINUTE);
    begun(scenario, 2);
    scenario.pass(9 * SECOND);
    assertThat(refused(scenario)).isZero();
    scenario.pass(3 * SECOND);
    assertThat(refused(scenario)).isEqualTo(2);
    begun(scenario, 3);
    scenario.pass(SECOND);
    assertThat(refused(scenario)).isEqualTo(5);
    assertThat(told(scenario)).isTrue();

    scenario.pass(10 * MINUTE);
    assertThat(told(scenario)).isFalse();
    assertThat(scenario.report().attachments()).hasSize(2);
    List<String> next = adds(scenario, 2);
    assertThat(scenario.live()).containsAll(kept).containsAll(next);
    scenario.calm();
  }

  @Test
  void aDelIsAcceptedAndDoneWhenTheDiskGoesOn() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 3);
    scenario.diskStandsStill(10 * MINUTE);
    String gone = pods.getFirst();
    scenario.del(gone);
    scenario.pass(25 * SECOND);
    // Accepted: the container runtime has forgotten it.
    assertThat(scenario.knows(gone)).isFalse();
    String also = pods.get(1);
    scenario.del(also);
    scenario.pass(SECOND);
    assertThat(scenario.knows(also)).isFalse();

    scenario.pass(10 * MINUTE);
    assertThat(scenario.report().attachments()).hasSize(1);
    scenario.calm();
  }

  @Test
  void aDaemonThatIsKilledMeanwhileLosesNothing() {
    for (int seed = 0; seed < 20; seed++) {
      Scenario scenario = new Scenario(seed, 3, 6, List.of(BuiltIn.secondaryIp()));
      List<String> pods = adds(scenario, 4);
      scenario.diskStandsStill(MINUTE);
      begun(scenario, 2);
      scenario.del(pods.getFirst());
      scenario.pass(25 * SECOND);
      assertThat(scenario.knows(pods.getFirst())).as("seed %d", seed).isFalse();
      scenario.restart();
      scenario.pass(2 * MINUTE);
      assertThat(scenario.live()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(pods.subList(1, 4));
      scenario.calm();
    }
  }
}
