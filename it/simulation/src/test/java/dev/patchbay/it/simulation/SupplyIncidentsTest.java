package dev.patchbay.it.simulation;

import static dev.patchbay.it.simulation.Story.HOUR;
import static dev.patchbay.it.simulation.Story.MINUTE;
import static dev.patchbay.it.simulation.Story.SECOND;
import static dev.patchbay.it.simulation.Story.adds;
import static dev.patchbay.it.simulation.Story.addresses;
import static dev.patchbay.it.simulation.Story.begun;
import static dev.patchbay.it.simulation.Story.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.Scenario;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What befell users of the reference and its peers where addresses come from: too many, too few, too late, at too many calls. By the number
 * of the issue in aws/amazon-vpc-cni-k8s, or with the project's name. The invariants are watched all the while.
 */
class SupplyIncidentsTest {
  private static Choice few(long warm, long minimum) {
    return Choice.of("few", List.of(BuiltIn.secondaryIp(Map.of("warmIpTarget", warm, "minimumIpTarget", minimum))));
  }

  /** 711, 1127, 2378, cilium 13412: the next pod had an address to which others still spoke. */
  @Test
  void theNextPodHasAnAddressThatHasRested() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 5);
    Set<IpAddress> before = addresses(scenario, pods);
    pods.forEach(scenario::del);
    List<String> next = adds(scenario, 5);

    assertThat(addresses(scenario, next)).doesNotContainAnyElementsOf(before);
    scenario.calm();
  }

  /** The reference's shrinking gave addresses back to EC2 while they cooled down, and another node's pod had them at once. */
  @Test
  void whatCoolsDownIsNotGivenBack() {
    Scenario scenario = Story.of(BuiltIn.secondaryIpFew());
    List<String> pods = adds(scenario, 10);
    Set<IpAddress> before = addresses(scenario, pods);
    pods.forEach(scenario::del);
    for (int second = 0; second < 25; second++) {
      scenario.pass(SECOND);
      List<Cidr> units = units(scenario, AddressFamily.IPV4);
      assertThat(before).allMatch(address -> units.contains(address.asCidr()));
    }
    scenario.pass(10 * MINUTE);
    scenario.calm();

    assertThat(units(scenario, AddressFamily.IPV4)).as("then it is").hasSizeLessThan(before.size());
  }

  /** 853, 1537, 2650: with a minimum alone the stock never grew past it, and pods waited for ever. */
  @Test
  void aMinimumAloneIsNoEnd() {
    Scenario scenario = Story.of(few(0, 2));
    List<String> pods = begun(scenario, 9);
    scenario.pass(MINUTE);

    assertThat(scenario.live()).containsAll(pods);
    scenario.calm();
  }

  /** 1077, 2294, 2793: idle nodes hoarded addresses until the subnet was empty. */
  @Test
  void whatIsTooMuchGoesBack() {
    Scenario scenario = Story.of(few(1, 0));
    List<String> pods = adds(scenario, 12);
    pods.forEach(scenario::del);
    scenario.pass(10 * MINUTE);
    scenario.calm();

    assertThat(units(scenario, AddressFamily.IPV4)).hasSize(1);
  }

  /** 41, 405, 617, 887: throttled nodes asked again and again, and were throttled all the more. */
  @Test
  void whoIsThrottledAsksLess() {
    Scenario scenario = Story.of(few(1, 0));
    scenario.with(Fault.EC2_THROTTLED);
    long before = scenario.calls();
    List<String> pods = begun(scenario, 1);
    scenario.pass(10 * MINUTE);

    assertThat(scenario.live()).as("from stock, without any call").containsAll(pods);
    assertThat(scenario.calls() - before).isLessThan(60);
    scenario.calm();
    assertThat(scenario.live()).containsAll(pods);
  }

  /** 3719: an idle node described security groups ten thousand times in a quarter of an hour. */
  @Test
  void anIdleNodeIsQuiet() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    adds(scenario, 4);
    scenario.pass(5 * MINUTE);
    long before = scenario.calls();
    scenario.pass(HOUR);

    assertThat(scenario.calls() - before).isLessThan(2 * 60);
    scenario.calm();
  }

  /** 420: one interface in fifteen seconds at most, so that a burst of pods waited for minutes. */
  @Test
  void aBurstIsServedByFewCalls() {
    Scenario scenario = Story.of(few(1, 0));
    long before = scenario.calls();
    List<String> pods = begun(scenario, 15);
    scenario.pass(30 * SECOND);

    assertThat(scenario.live()).containsAll(pods);
    assertThat(scenario.calls() - before).as("two interfaces made and attached, and what describes them").isLessThan(20);
    scenario.calm();
  }

  /** cilium 15877: interfaces were made without end, because what had been made was not seen. */
  @Test
  void lostAnswersMakeNoMoreInterfaces() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    scenario.with(Fault.EC2_ANSWER_LOST, Fault.EC2_LAG, Fault.EC2_NOT_YET);
    begun(scenario, 12);
    for (int n = 0; n < 30; n++) {
      scenario.pass(MINUTE);
      assertThat(scenario.made()).hasSizeLessThanOrEqualTo(2);
    }
    scenario.calm();

    assertThat(scenario.made()).hasSameSizeAs(scenario.attached().subList(1, scenario.attached().size()));
  }

  /** 1634, 1836, 2749, 3105, 3264: a fragmented subnet has no block of 16, and pods failed though it had addresses by the hundred. */
  @Test
  void aFragmentedSubnetGivesSingleAddresses() {
    Scenario scenario = Story.of(BuiltIn.prefix());
    scenario.fragmentSubnets();
    // One block is there already: what comes then is single.
    List<String> pods = begun(scenario, 24);
    scenario.pass(5 * MINUTE);

    assertThat(scenario.live()).containsAll(pods);
    assertThat(units(scenario, AddressFamily.IPV4)).anyMatch(unit -> unit.size() == 1).anyMatch(unit -> unit.size() == 16);
    scenario.calm();
  }

  /** 330, 575, 1523, 2808: a node without addresses said that it was ready, and its pods failed for reasons that nobody understood. */
  @Test
  void withoutAddressesPodsWaitUntilThereAreSome() {
    Scenario scenario = Story.of(few(1, 0));
    scenario.fillSubnets(0);
    List<String> pods = begun(scenario, 4);
    scenario.pass(20 * SECOND);
    assertThat(scenario.live()).hasSizeLessThan(pods.size());
    assertThat(scenario.report().findings()).as("and the node says why").anyMatch(f -> f.toString().contains("subnet"));
    scenario.emptySubnets();
    scenario.pass(3 * MINUTE);

    assertThat(units(scenario, AddressFamily.IPV4)).hasSizeGreaterThan(1);
    scenario.calm();
  }

  /** The reference takes up interfaces that others attached, unless a tag tells it not to, and frees them like its own. */
  @Test
  void whatOthersPutThereStays() {
    Scenario scenario = Story.of(BuiltIn.secondaryIpFew());
    assertThat(scenario.attachByHand()).isPresent();
    assertThat(scenario.putByHand()).isPresent();
    scenario.pass(2 * MINUTE);
    int byHand = (int) scenario.attached().stream().filter(eni -> eni.description().equals("by hand")).count();
    List<String> pods = begun(scenario, 8);
    scenario.pass(MINUTE);
    pods.forEach(scenario::del);
    scenario.pass(10 * MINUTE);
    scenario.restart();
    scenario.pass(10 * MINUTE);
    scenario.calm();

    assertThat(scenario.attached()).filteredOn(eni -> eni.description().equals("by hand")).hasSize(byHand).isNotEmpty();
  }
}
