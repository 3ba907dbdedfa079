package dev.patchbay.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.Scenario;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What befell users of the reference (aws/amazon-vpc-cni-k8s, by the number of the issue), step by step. The invariants are watched all
 * the while, so each scenario fails where a pod would lose its address, or two would have one.
 */
class IncidentsTest {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private static Scenario of(Choice... choices) {
    return new Scenario(7, 3, 6, List.of(choices));
  }

  private static List<String> adds(Scenario scenario, int count) {
    List<String> pods = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      pods.add(scenario.add());
    }
    scenario.pass(10 * SECOND);
    pods.forEach(pod -> assertThat(scenario.addressesOf(pod)).as(pod).isNotEmpty());
    return pods;
  }

  private static Set<IpAddress> addresses(Scenario scenario, List<String> pods) {
    Set<IpAddress> all = new TreeSet<>();
    pods.forEach(pod -> all.addAll(scenario.addressesOf(pod)));
    return all;
  }

  /** 3824: after 46 hours of half-done additions a prefix in use was taken for stale, and released. */
  @Test
  void aPrefixInUseIsNotReleasedHoweverLongDescriptionsLag() {
    Scenario scenario = of(BuiltIn.prefix());
    List<String> pods = adds(scenario, 20);
    Set<IpAddress> before = addresses(scenario, pods);
    scenario.with(Fault.EC2_LAG, Fault.EC2_NOT_YET, Fault.IMDS_STALE);
    for (int hour = 0; hour < 46; hour++) {
      String pod = scenario.add();
      scenario.pass(HOUR / 2);
      scenario.del(pod);
      if (hour % 8 == 0) {
        scenario.restart();
      }
      scenario.pass(HOUR / 2);
    }

    assertThat(addresses(scenario, pods)).isEqualTo(before);
    scenario.calm();
  }

  /** 3876: a start that saw IMDS lag behind dropped the pods whose addresses it lacked, and wrote that down at once. */
  @Test
  void aStartDropsNoPodThatMetadataLacks() {
    Scenario scenario = of(BuiltIn.secondaryIp());
    scenario.with(Fault.IMDS_STALE);
    List<String> pods = adds(scenario, 8);
    Set<IpAddress> before = addresses(scenario, pods);
    scenario.restart();
    scenario.pass(5 * SECOND);

    assertThat(scenario.live()).containsAll(pods);
    assertThat(addresses(scenario, pods)).isEqualTo(before);
    scenario.calm();
    assertThat(scenario.report().attachments()).hasSize(8);
  }

  /** 3887: after a restart IMDS still had an address that EC2 had taken off; a pod got it, and was reached by nobody. */
  @Test
  void anAddressThatWasReleasedIsNotGivenOutAfterARestart() {
    Scenario scenario = of(BuiltIn.secondaryIpFew());
    List<String> pods = adds(scenario, 8);
    pods.forEach(scenario::del);
    // Cooled down, and what is too much was taken off a moment ago.
    scenario.pass(70 * SECOND);
    scenario.with(Fault.IMDS_STALE, Fault.EC2_LAG);
    List<String> next = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      scenario.restart();
      scenario.pass(SECOND);
      next.add(scenario.add());
      next.add(scenario.add());
      // Some wait until EC2 has told what became of an address.
      scenario.pass(50 * SECOND);
    }

    assertThat(scenario.live()).containsAll(next);
    scenario.calm();
  }

  /** 3019: a stale view of IMDS led to addresses in use being released, and given out twice. */
  @Test
  void aStaleViewReleasesNothing() {
    Scenario scenario = of(BuiltIn.secondaryIpFew());
    scenario.with(Fault.IMDS_STALE);
    for (int round = 0; round < 6; round++) {
      List<String> pods = adds(scenario, 6);
      scenario.restart();
      scenario.pass(2 * MINUTE);
      assertThat(scenario.live()).containsAll(pods);
      pods.forEach(scenario::del);
      scenario.pass(10 * SECOND);
    }

    scenario.calm();
  }

  /** 1967: an interface with pods on it was deleted. */
  @Test
  void anInterfaceInUseStays() {
    Scenario scenario = of(BuiltIn.secondaryIpFew());
    List<String> pods = adds(scenario, 10);
    // All go but the last, which is on the last interface.
    pods.subList(0, 9).forEach(scenario::del);
    scenario.with(Fault.EC2_LAG, Fault.EC2_ANSWER_LOST);
    for (int n = 0; n < 10; n++) {
      scenario.pass(3 * MINUTE);
      scenario.restart();
    }

    assertThat(scenario.live()).containsExactly(pods.getLast());
    scenario.calm();
    assertThat(scenario.attached()).anyMatch(eni -> eni.units(AddressFamily.IPV4).stream()
        .anyMatch(u -> u.contains(scenario.addressesOf(pods.getLast()).getFirst())));
  }

  /** 3634: an address went to the next pod while the last one's connections were still remembered; a restart forgot who cools down. */
  @Test
  void anAddressRestsAcrossARestart() {
    Scenario scenario = new Scenario(7, 1, 3, List.of(BuiltIn.secondaryIp()));
    List<String> pods = adds(scenario, 2);
    pods.forEach(scenario::del);
    scenario.pass(SECOND);
    scenario.restart();
    scenario.pass(SECOND);
    String next = scenario.add();
    scenario.pass(20 * SECOND);
    assertThat(scenario.addressesOf(next)).isEmpty();
    scenario.pass(15 * SECOND);

    assertThat(scenario.addressesOf(next)).isNotEmpty();
    scenario.calm();
  }

  /** 2896: addresses that cooled down counted as free, so that no more were fetched, and pods failed. */
  @Test
  void addressesThatCoolDownAreNoStock() {
    Scenario scenario = of(Choice.of("few", List.of(BuiltIn.secondaryIp(Map.of("warmIpTarget", 1L)))));
    for (int round = 0; round < 3; round++) {
      List<String> pods = adds(scenario, 3);
      pods.forEach(scenario::del);
      // At once, and nobody waits until those have cooled down.
      scenario.pass(SECOND);
    }

    scenario.calm();
  }

  /** 69 and 608: interfaces that a crash between making and attaching left stayed in the account. */
  @Test
  void aCrashBetweenMakingAndAttachingLeavesNoInterface() {
    for (int after = 0; after < 40; after++) {
      Scenario scenario = new Scenario(after, 3, 4, List.of(BuiltIn.secondaryIp()));
      for (int n = 0; n < 4; n++) {
        scenario.add();
      }
      scenario.pass(after * 20L);
      scenario.restart();
      scenario.calm();
    }
  }

  /** 2331: without the daemon no pod could be deleted. */
  @Test
  void withoutTheDaemonPodsAreDeleted() {
    Scenario scenario = of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 6);
    scenario.kill();
    pods.forEach(scenario::del);
    scenario.pass(MINUTE);
    scenario.start();
    scenario.calm();

    assertThat(scenario.report().attachments()).isEmpty();
  }
}
