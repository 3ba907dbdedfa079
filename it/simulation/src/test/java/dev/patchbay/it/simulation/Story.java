package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.Scenario;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What incidents that are told step by step have in common: an instance of 3 interfaces with 6 addresses, and its pods. */
final class Story {
  static final long SECOND = 1_000;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;

  private Story() {}

  static Scenario of(Choice... choices) {
    return new Scenario(7, 3, 6, List.of(choices));
  }

  /** So many pods at once, which may have to wait. */
  static List<String> begun(Scenario scenario, int count) {
    List<String> pods = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      pods.add(scenario.add());
    }
    return pods;
  }

  /** So many pods, which have their network soon. */
  static List<String> adds(Scenario scenario, int count) {
    List<String> pods = begun(scenario, count);
    scenario.pass(10 * SECOND);
    pods.forEach(pod -> assertThat(scenario.addressesOf(pod)).as(pod).isNotEmpty());
    return pods;
  }

  static Set<IpAddress> addresses(Scenario scenario, List<String> pods) {
    Set<IpAddress> all = new TreeSet<>();
    pods.forEach(pod -> all.addAll(scenario.addressesOf(pod)));
    return all;
  }

  /** The units of a family on the instance's interfaces, as EC2 has them. */
  static List<Cidr> units(Scenario scenario, AddressFamily family) {
    return scenario.attached().stream().flatMap(eni -> eni.units(family).stream()).toList();
  }
}
