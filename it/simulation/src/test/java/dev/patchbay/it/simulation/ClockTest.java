package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Report;
import dev.patchbay.simulation.Scenario;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall clock that is set, by an hour, a day or years, decides nothing: not while the daemon runs, and not between two runs. */
class ClockTest {
  private static final long SECOND = 1_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final long DAY = 24 * HOUR;
  private static final long YEARS = 10 * 365 * DAY;

  private static Scenario node() {
    return new Scenario(7, 3, 6, List.of(BuiltIn.secondaryIp()));
  }

  private static String added(Scenario scenario) {
    String pod = scenario.add();
    scenario.pass(10 * SECOND);
    assertThat(scenario.addressesOf(pod)).isNotEmpty();
    return pod;
  }

  private static boolean has(Scenario scenario, String pod) {
    return scenario.report().attachments().stream().map(a -> a.key().containerId()).anyMatch(pod::equals);
  }

  @ParameterizedTest
  @ValueSource(longs = {-SECOND, -HOUR, HOUR, -DAY, DAY, -YEARS, YEARS})
  void theNoteOfADelIsTaken(long step) {
    Scenario scenario = node();
    String first = added(scenario);
    scenario.kill();
    scenario.setClock(step);
    scenario.del(first);
    scenario.start();
    scenario.pass(10 * SECOND);
    assertThat(has(scenario, first)).isFalse();

    String second = added(scenario);
    scenario.kill();
    scenario.del(second);
    scenario.setClock(-2 * step);
    scenario.start();
    scenario.pass(10 * SECOND);
    assertThat(has(scenario, second)).isFalse();
    scenario.calm();
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS})
  void cooldownLastsAsLongAsItShould(long step) {
    Scenario scenario = node();
    String pod = added(scenario);
    IpAddress address = scenario.addressesOf(pod).getFirst();
    scenario.del(pod);
    scenario.pass(SECOND);
    assertThat(cooling(scenario)).contains(address);

    scenario.setClock(step);
    scenario.pass(SECOND);
    assertThat(cooling(scenario)).as("set while the daemon runs").contains(address);
    scenario.kill();
    scenario.setClock(step);
    scenario.start();
    scenario.pass(5 * SECOND);
    assertThat(cooling(scenario)).as("set between two runs").contains(address);
    scenario.pass(60 * SECOND);
    assertThat(cooling(scenario)).as("and not for ever").isEmpty();
    scenario.calm();
  }

  private static Set<IpAddress> cooling(Scenario scenario) {
    Report report = scenario.report();
    return new TreeSet<>(report.cooling().keySet());
  }
}
