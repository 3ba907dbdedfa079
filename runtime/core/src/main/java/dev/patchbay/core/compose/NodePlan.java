package dev.patchbay.core.compose;

import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all modes together plan for the node: lanes in order of priority, the node's datapath, findings. Immutable.
 *
 * @param lanes the lanes, the greatest priority first
 * @param datapath what modes planned for the node's datapath, in the order of the modes
 * @param findings what the operator should know
 * @param laneNames how the node's lanes are called by a base: by family, the base's own name of a lane to the node's
 * @param own how modes that are no base supply lanes, for their own pods: by mode, lane and family
 * @param kept what each mode planned, to go on with while it can't say
 */
public record NodePlan(List<LanePlan> lanes, DatapathPlan datapath, List<Finding> findings,
    Map<AddressFamily, Map<String, String>> laneNames, Map<String, Map<String, Map<AddressFamily, AddressSource>>> own,
    KeptPlan kept) {
  /** A plan that wants nothing: before the node is known. */
  public static final NodePlan EMPTY =
      new NodePlan(List.of(), DatapathPlan.empty(), List.of(), Map.of(), Map.of(), KeptPlan.EMPTY);

  /**
   * Orders the lanes and copies.
   */
  public NodePlan {
    List<LanePlan> inOrder = new ArrayList<>(lanes);
    inOrder.sort(Comparator.comparingInt(l -> -l.lane().priority()));
    lanes = List.copyOf(inOrder);
    findings = List.copyOf(findings);
    laneNames = Map.copyOf(laneNames);
    own = Map.copyOf(own);
  }

  /**
   * {@return a lane}
   * @param name the node's name of it
   */
  public Optional<LanePlan> lane(String name) {
    for (LanePlan lane : lanes) {
      if (lane.name().equals(name)) {
        return Optional.of(lane);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the node's name of a lane}
   * @param family the family whose base calls it so
   * @param name the base's name of it
   */
  public String laneName(AddressFamily family, String name) {
    return laneNames.getOrDefault(family, Map.of()).getOrDefault(name, name);
  }

  /**
   * {@return where a mode draws addresses of a lane from: as it supplies the lane itself, or else as the lane is supplied; empty if
   * nothing supplies it}
   * @param mode the mode's id
   * @param lane the node's name of the lane
   * @param family the family
   */
  public Optional<AddressSource> source(String mode, String lane, AddressFamily family) {
    Optional<AddressSource> itself =
        Optional.ofNullable(own.getOrDefault(mode, Map.of()).getOrDefault(lane, Map.of()).get(family));
    return itself.or(() -> lane(lane).map(l -> l.sources().get(family)));
  }
}
