package dev.patchbay.cluster;

import dev.patchbay.cluster.lease.ElectionSettings;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the controller is told at its start.
 *
 * @param cluster the cluster's name, by whose tag it knows what is the cluster's
 * @param lease the Lease by which replicas agree which of them acts
 * @param election how this replica takes part
 * @param lookMillis how long after a look at EC2 the next one comes, if nothing asks for it earlier
 * @param graceMillis how long an interface must have been left over before it goes
 * @param tags further tags of what is made
 * @param types the limits of instance types
 */
public record ControllerSettings(String cluster, ObjectRef lease, ElectionSettings election, long lookMillis, long graceMillis,
    Map<String, String> tags, Function<String, Optional<InstanceTypeRecord>> types) {
  /**
   * Copies the map.
   */
  public ControllerSettings {
    tags = Map.copyOf(tags);
    if (cluster.isEmpty()) {
      throw new IllegalArgumentException("a controller needs the name of its cluster");
    }
  }
}
