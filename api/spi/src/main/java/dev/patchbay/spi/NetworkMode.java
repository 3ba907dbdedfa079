package dev.patchbay.spi;

import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.LaneModifier;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.object.ObjectPlanner;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A networking mode: planners, each a pure function from an immutable view to a plan. A planner opens no socket, reads no
 * clock, starts no thread, draws no random number and keeps no state between calls; the runtime checks the mode's class
 * files for it.
 *
 * <p>Planners run on a thread of the runtime's that is given up when a planner overruns its deadline (by default 2 s), never two at a time for one mode. A mode that throws, overruns, or
 * returns an invalid plan is set aside by name: its pods stay as they are, other modes are served.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface NetworkMode {
  /**
   * {@return the planner of interfaces: a base has one, a claim or extra whose lanes are its own may have one}
   */
  default Optional<EniPlanner> eniPlanner() {
    return Optional.empty();
  }

  /**
   * {@return the planner of addresses: a base has one, a claim too}
   */
  default Optional<AddressPlanner> addressPlanner() {
    return Optional.empty();
  }

  /**
   * {@return the planner of the datapath: a base or claim has one, an extra too}
   */
  default Optional<DatapathPlanner> datapathPlanner() {
    return Optional.empty();
  }

  /**
   * {@return the planner of what the API server and the operator should see}
   */
  default Optional<ObjectPlanner> objectPlanner() {
    return Optional.empty();
  }

  /**
   * {@return what changes the lanes that a base planned, for a mode with the role of a modifier}
   */
  default Optional<LaneModifier> laneModifier() {
    return Optional.empty();
  }

  /**
   * {@return what decides which pods this mode takes over, for a mode with the role of a claim}
   */
  default Optional<PodClaim> podClaim() {
    return Optional.empty();
  }

  /**
   * {@return what decides which further interfaces a pod gets, for a mode with the role of an extra}
   */
  default Optional<ExtraPlanner> extraPlanner() {
    return Optional.empty();
  }

  /**
   * {@return the cluster-side planner}
   */
  default Optional<ClusterPlanner> clusterPlanner() {
    return Optional.empty();
  }

  /**
   * {@return the mode's part in admission}
   */
  default Optional<AdmissionPlanner> admissionPlanner() {
    return Optional.empty();
  }
}
