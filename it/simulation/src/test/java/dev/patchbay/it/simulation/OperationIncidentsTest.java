package dev.patchbay.it.simulation;

import static dev.patchbay.it.simulation.Story.HOUR;
import static dev.patchbay.it.simulation.Story.MINUTE;
import static dev.patchbay.it.simulation.Story.SECOND;
import static dev.patchbay.it.simulation.Story.adds;
import static dev.patchbay.it.simulation.Story.addresses;
import static dev.patchbay.it.simulation.Story.begun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Scenario;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What befell users of the reference when something else was away, refused, restarted or changed. By the number of the issue in
 * aws/amazon-vpc-cni-k8s. The invariants are watched all the while.
 */
class OperationIncidentsTest {
  /** 3705: where one permission was missing the daemon refused to start, and with it the whole node. */
  @Test
  void aStartWithoutPermissionsServesFromWhatIsThere() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 3);
    scenario.with(Fault.EC2_REFUSED);
    scenario.restart();
    scenario.pass(10 * SECOND);
    List<String> next = adds(scenario, 2);
    pods.forEach(scenario::del);
    scenario.pass(HOUR);

    assertThat(scenario.live()).containsExactlyInAnyOrderElementsOf(next);
    scenario.calm();
  }

  /** Without the API server the daemon did not start, and without the daemon the API server's pods did not. */
  @Test
  void aStartWithoutTheApiServerServes() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    scenario.kill();
    scenario.start();
    scenario.apiCut(HOUR);
    List<String> pods = adds(scenario, 4);
    pods.subList(0, 2).forEach(scenario::del);
    scenario.pass(10 * SECOND);

    assertThat(scenario.live()).containsExactlyInAnyOrderElementsOf(pods.subList(2, 4));
    scenario.calm();
  }

  /** 3672: the daemon ended when IMDS did not answer. */
  @Test
  void aStartWithoutMetadataServesFromTheLedger() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 3);
    Set<IpAddress> before = addresses(scenario, pods);
    scenario.imdsAway(HOUR);
    scenario.ec2Away(HOUR);
    scenario.restart();
    scenario.pass(5 * SECOND);
    List<String> next = adds(scenario, 2);

    assertThat(scenario.live()).containsAll(pods).containsAll(next);
    assertThat(addresses(scenario, pods)).isEqualTo(before);
    scenario.pass(HOUR);
    scenario.calm();
  }

  /** 3576, 3460: a dump of the kernel that was interrupted failed the pod, and half of it was left. */
  @Test
  void whatTheKernelRefusesLeavesNothing() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> kept = adds(scenario, 2);
    scenario.with(Fault.KERNEL_REFUSED);
    List<String> refused = begun(scenario, 3);
    scenario.pass(MINUTE);
    assertThat(scenario.live()).doesNotContainAnyElementsOf(refused);
    scenario.withoutFaults();
    List<String> next = adds(scenario, 3);

    assertThat(scenario.live()).containsAll(kept).containsAll(next);
    scenario.calm();
  }

  /** The reference's rules of a pod whose namespace was gone before its DEL stayed in the kernel for good. */
  @Test
  void aNamespaceThatIsGoneLeavesNothing() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 4);
    pods.forEach(scenario::netnsGone);
    scenario.pass(SECOND);
    pods.forEach(scenario::del);
    scenario.pass(MINUTE);
    scenario.calm();

    assertThat(scenario.report().attachments()).isEmpty();
  }

  /** 641, 1738, 2540, 2970: after a change of version or mode running pods lost their network. */
  @Test
  void otherModesKeepThePodsOfTheFormer() {
    Scenario scenario = Story.of(BuiltIn.prefix(), BuiltIn.secondaryIp());
    List<String> first = adds(scenario, 3);
    Set<IpAddress> before = addresses(scenario, first);
    scenario.restartWith(1);
    scenario.pass(MINUTE);
    List<String> second = begun(scenario, 3);
    scenario.pass(MINUTE);
    scenario.restartWith(0);
    scenario.pass(MINUTE);

    assertThat(scenario.live()).containsAll(first).containsAll(second);
    assertThat(addresses(scenario, first)).isEqualTo(before);
    first.forEach(scenario::del);
    second.forEach(scenario::del);
    scenario.pass(5 * MINUTE);
    scenario.calm();
  }

  /** The reference forgot at its restart, and at a boot, which addresses cool down. */
  @Test
  void afterABootEveryAddressRests() {
    Scenario scenario = Story.of(BuiltIn.secondaryIp());
    List<String> pods = adds(scenario, 5);
    Set<IpAddress> before = addresses(scenario, pods);
    scenario.reboot();
    scenario.pass(2 * SECOND);
    List<String> next = begun(scenario, 5);
    scenario.pass(15 * SECOND);

    assertThat(addresses(scenario, next)).doesNotContainAnyElementsOf(before);
    scenario.calm();
  }

  /** 123, 1223, 1927: what was interrupted while it was being freed stayed behind, and nobody looked after it. */
  @Test
  void anInterfaceThatIsBeingFreedIsFreedInTheEnd() {
    for (int after = 0; after < 20; after++) {
      Scenario scenario = new Scenario(after, 3, 4, List.of(BuiltIn.secondaryIpFew()));
      List<String> pods = adds(scenario, 6);
      pods.forEach(scenario::del);
      scenario.with(Fault.EC2_SLOW_DETACH);
      // The cooldown is over, and interfaces are being detached and deleted.
      scenario.pass(31 * SECOND + after * 3 * SECOND);
      scenario.restart();
      scenario.pass(10 * MINUTE);
      scenario.calm();

      assertThat(scenario.made()).as("after %d", after).hasSameSizeAs(scenario.attached().subList(1, scenario.attached().size()));
    }
  }
}
