package dev.patchbay.it.simulation;

import static dev.patchbay.it.simulation.Story.MINUTE;
import static dev.patchbay.it.simulation.Story.adds;
import static dev.patchbay.it.simulation.Story.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.Scenario;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What no daemon can know, and what the judge of the histories therefore excuses. */
class UnknowableTest {
  /**
   * EC2 had taken an address off, the daemon was killed before it heard so, and somebody put the same address on the same interface before
   * EC2 was described once. Nobody could tell that from a release that was never carried out: it is released once more, and no fault.
   */
  @Test
  void whatNobodyCanKnowIsNotHeldAgainstTheNextProcess() {
    Scenario scenario = Story.of(Choice.of("few", List.of(BuiltIn.secondaryIp(Map.of("warmIpTarget", 1L, "minimumIpTarget", 0L)))));
    List<String> pods = adds(scenario, 4);
    pods.forEach(scenario::del);
    scenario.fillSubnets();
    int before = units(scenario, AddressFamily.IPV4).size();
    for (int n = 0; n < 60_000 && units(scenario, AddressFamily.IPV4).size() == before; n++) {
      scenario.pass(10);
    }
    scenario.kill();
    assertThat(scenario.putByHand()).as("of all addresses those that were released are the only free ones").isPresent();
    scenario.start();
    scenario.pass(10 * MINUTE);
    scenario.emptySubnets();
    scenario.calm();

    assertThat(units(scenario, AddressFamily.IPV4)).hasSize(1);
  }
}
