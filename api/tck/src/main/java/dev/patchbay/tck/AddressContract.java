package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * A mode takes no address from outside its lanes and families.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AddressContract extends ModeTest {
  private static Set<AddressFamily> families(ModeDescriptor descriptor) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (Role role : descriptor.roles()) {
      switch (role) {
        case Role.Base base -> families.addAll(base.families());
        case Role.Claim claim -> families.addAll(claim.families());
        case Role.Modifier ignored -> { }
        // The further interfaces of a pod may be of either family.
        case Role.Extra ignored -> families.addAll(EnumSet.allOf(AddressFamily.class));
      }
    }
    return families;
  }

  /** It supplies lanes that are there and have pods, once per family, with families that are its own. */
  @Test
  default void itSuppliesLanesThatAreThere() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        Optional<AddressPlan> plan = rehearsal.supplies().plan();
        if (plan.isEmpty() || player.mode().addressPlanner().isEmpty()) {
          continue;
        }
        EniPlan lanes = rehearsal.ownLanes().plan().or(() -> rehearsal.baseLanes().plan()).orElseThrow();
        assertThat(plan.get().supplies()).as("supplies, one per lane and family")
            .extracting(s -> s.lane() + " " + s.family()).doesNotHaveDuplicates();
        for (AddressPlan.Supply supply : plan.get().supplies()) {
          assertThat(lanes.lane(supply.lane())).as("lane of supply %s, with pods", supply)
              .hasValueSatisfying(lane -> assertThat(lane.pods()).isTrue());
          boolean local = supply.source() instanceof AddressSource.Range range && range.block().isPresent();
          assertThat(families(player.descriptor()).contains(supply.family()) || local)
              .as("%s is of a family that the mode's role does not name, and not local to the node", supply).isTrue();
          assertThat(player.descriptor().needs().nodeActions()).as("EC2 actions that %s calls for", supply)
              .containsAll(Actions.of(supply));
          if (supply.source() instanceof AddressSource.Range range) {
            range.block().ifPresent(block -> assertThat(block.family()).as("family of %s", supply).isEqualTo(supply.family()));
          }
        }
      }
    }
  }

  /** Each address that it asks for comes from a lane that it supplies, and the pod's own are of the families of its role. */
  @Test
  default void itAsksForAddressesFromItsLanes() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        for (TestPod pod : mode().pods()) {
          // The rehearsal itself fails where a request names a lane and family without a supply.
          for (Rehearsal.Interface made : rehearsal.attach(pod).interfaces()) {
            if (made.own()) {
              check(player.descriptor(), pod, made.requests());
            }
          }
        }
      }
    }
  }

  private static void check(ModeDescriptor descriptor, TestPod pod, List<AddressRequest> requests) {
    for (AddressRequest request : requests) {
      assertThat(AddressRequest.of(request.fields())).as("request read back").isEqualTo(request);
      if (request.role().equals(AddressRequest.ROLE_POD)) {
        assertThat(families(descriptor)).as("family of %s for pod %s, one of the mode's role", request, pod)
            .contains(request.family());
      }
      request.particular().ifPresent(address -> assertThat(address.family()).as("family of %s", request)
          .isEqualTo(request.family()));
    }
    assertThat(requests).as("particular addresses asked for").extracting(AddressRequest::particular)
        .filteredOn(Optional::isPresent).doesNotHaveDuplicates();
  }

  /** A claim takes over families of its role, a modifier chooses lanes that are there. */
  @Test
  default void itClaimsAndChoosesWithinItsRole() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        for (TestPod pod : mode().pods()) {
          Rehearsal.Attached attached = rehearsal.attach(pod);
          Words.check(attached.claim());
          attached.claim().plan().ifPresent(claimed -> assertThat(claimed).as("families claimed for pod %s", pod)
              .isNotEmpty().isSubsetOf(families(player.descriptor())));
          Words.check(attached.choice());
          attached.choice().plan().ifPresent(choice -> assertThat(rehearsal.baseLanes().plan().orElseThrow().lane(choice))
              .as("lane chosen for pod %s: %s, with pods", pod, choice).map(Lane::pods).hasValue(true));
        }
      }
    }
  }
}
