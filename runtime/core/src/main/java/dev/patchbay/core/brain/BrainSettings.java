package dev.patchbay.core.brain;

import dev.patchbay.spi.Fields;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What the operator set for the node as a whole.
 *
 * @param nodeName the node's name
 * @param clusterName the cluster's name; empty if none is set
 * @param cooldownMillis how long an address rests after a pod had it
 * @param addressWaitMillis how long a pod may wait for an address or an object
 * @param mtu the MTU of interfaces and pods in bytes
 * @param vethPrefix the prefix of the names of pods' devices on the node
 * @param datapath the settings that modes see in {@code NodeView.datapath()}
 * @param maxPods the most pods that the node runs; empty for as many as the plans can carry
 * @param tags further tags for interfaces that the node makes
 * @param seed the seed of everything that is drawn at random
 */
public record BrainSettings(String nodeName, String clusterName, long cooldownMillis, long addressWaitMillis, int mtu,
    String vethPrefix, Fields datapath, OptionalInt maxPods, Map<String, String> tags, long seed) {
  /**
   * Copies the tags.
   */
  public BrainSettings {
    tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
