package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Scenario;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A day without EC2, IMDS and API server, in virtual time. */
class DayAloneTest {
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;

  @Test
  void podsComeAndGoFromStock() {
    Scenario scenario = new Scenario(1, 3, 10, List.of(BuiltIn.secondaryIp()));
    long before = scenario.calls();
    scenario.ec2Away(DAY);
    scenario.imdsAway(DAY);
    scenario.apiCut(DAY);
    Deque<String> running = new ArrayDeque<>();
    List<String> failed = new ArrayList<>();
    for (int minute = 0; minute < 24 * 60; minute += 10) {
      String pod = scenario.add();
      scenario.pass(MINUTE);
      if (scenario.addressesOf(pod).isEmpty()) {
        failed.add(pod);
      }
      running.add(pod);
      Optional<String> ending = running.size() > 4 ? Optional.of(running.remove()) : Optional.empty();
      ending.ifPresent(scenario::del);
      if (minute % 240 == 120) {
        scenario.restart();
        scenario.pass(1000);
        // Its DEL was not answered, and a container runtime sends it again then.
        ending.ifPresent(scenario::del);
      }
      scenario.pass(9 * MINUTE);
    }
    long during = scenario.calls() - before;

    assertThat(failed).isEmpty();
    // Each thing that can't be done is asked for once a minute at most, and there are few such things.
    assertThat(during).isLessThan(2 * 24 * 60);
    long atReturn = scenario.calls();
    scenario.calm();
    assertThat(scenario.live()).hasSize(running.size());
    assertThat(scenario.calls() - atReturn).isLessThan(60);
  }
}
