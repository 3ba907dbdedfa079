package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Scenario;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody moves an address of a pod to an instance of his own. */
class TakenAddressTest {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  private static String added(Scenario scenario) {
    String pod = scenario.add();
    scenario.pass(10 * SECOND);
    assertThat(scenario.addressesOf(pod)).isNotEmpty();
    return pod;
  }

  private static boolean told(Scenario scenario, IpAddress address) {
    return scenario.report().findings().stream()
        .anyMatch(f -> f.code().name().equals("AddressVanished") && f.cause().contains(address.toString()));
  }

  @Test
  void itIsToldWithinAMinuteAndGoesToNobodyElse() {
    Scenario scenario = new Scenario(7, 3, 6, List.of(BuiltIn.secondaryIp()));
    String pod = added(scenario);
    IpAddress taken = scenario.addressesOf(pod).getFirst();
    scenario.pass(2 * MINUTE);
    scenario.take(taken);
    scenario.pass(MINUTE);
    assertThat(told(scenario, taken)).isTrue();

    scenario.del(pod);
    for (int n = 0; n < 20; n++) {
      scenario.pass(MINUTE / 2);
      String next = added(scenario);
      assertThat(scenario.addressesOf(next)).doesNotContain(taken);
      scenario.del(next);
    }
    scenario.calm();
    assertThat(told(scenario, taken)).isFalse();
  }
}
