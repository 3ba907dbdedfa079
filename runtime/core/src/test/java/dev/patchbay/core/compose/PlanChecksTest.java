package dev.patchbay.core.compose;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What modes answer that can't be used, and in which words it is told. */
class PlanChecksTest {
  private static List<AddressRequest> requests(int count) {
    return Collections.nCopies(count, AddressRequest.fromChosenLane(AddressFamily.IPV4));
  }

  private static DatapathPlan plan(int elements) {
    List<PlanElement> all = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      all.add(Delivery.of(IpAddress.of("10.9.0.0").plus(i), Device.named("eth0")));
    }
    return DatapathPlan.of(all);
  }

  @Test
  void aModeAsksForNoMoreAddressesThanAnyPodHas() {
    assertThatCode(() -> PlanChecks.requests(requests(256))).doesNotThrowAnyException();
    assertThatThrownBy(() -> PlanChecks.requests(requests(257))).isInstanceOf(InvalidPlanException.class)
        .hasMessage("asked for 257 addresses for one interface, and 256 are the most");
  }

  @Test
  void aPlanHasNoMoreElementsThanThereIsUseFor() {
    assertThatCode(() -> PlanChecks.attachment(plan(4_096))).doesNotThrowAnyException();
    assertThatThrownBy(() -> PlanChecks.attachment(plan(4_097))).isInstanceOf(InvalidPlanException.class)
        .hasMessage("planned 4097 elements, and 4096 are the most");
    assertThatCode(() -> PlanChecks.node(plan(4_097))).doesNotThrowAnyException();
    assertThatCode(() -> PlanChecks.node(plan(65_536))).doesNotThrowAnyException();
    assertThatThrownBy(() -> PlanChecks.node(plan(65_537))).isInstanceOf(InvalidPlanException.class)
        .hasMessage("planned 65537 elements, and 65536 are the most");
  }

  @Test
  void whatLacksAPartIsNamed() {
    assertThatThrownBy(() -> PlanChecks.requests(List.of(AddressRequest.of(Fields.empty())))).isInstanceOf(InvalidPlanException.class)
        .hasMessageContaining("can't be understood");
    Role.Claim ipv4 = (Role.Claim) Role.claim(Role.WhenUnreadable.PASS, AddressFamily.IPV4);
    assertThatThrownBy(() -> PlanChecks.claimed(Set.of(AddressFamily.IPV6), ipv4)).hasMessageContaining("[IPV6]");
    assertThatThrownBy(() -> PlanChecks.claimed(Set.of(), ipv4)).isInstanceOf(InvalidPlanException.class);
  }
}
