package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a container runtime gives to plugins about one pod.
 *
 * @param containerId CNI_CONTAINERID
 * @param netns whose path is CNI_NETNS
 * @param interfaceName CNI_IFNAME
 * @param arguments CNI_ARGS, in this order
 * @param capabilities arguments of capabilities by name, each given to the plugins that declare it
 */
public record Sandbox(
    String containerId,
    NetworkNamespace netns,
    String interfaceName,
    Map<String, String> arguments,
    Map<String, JsonNode> capabilities) {
  /** Copies the maps. */
  public Sandbox {
    arguments = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    capabilities = Map.copyOf(capabilities);
  }

  /** With another container id. */
  public Sandbox withContainerId(String value) {
    return new Sandbox(value, netns, interfaceName, arguments, capabilities);
  }

  /** With another interface name. */
  public Sandbox withInterfaceName(String value) {
    return new Sandbox(containerId, netns, value, arguments, capabilities);
  }
}
