package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One network that a pod asks for.
 *
 * @param namespace the network's namespace
 * @param name the network's name
 * @param interfaceName the interface's name in the pod; empty if the pod leaves it open
 * @param capabilities what is asked of the network's plugins, by the names of the CNI conventions
 * @param arguments what is laid over {@code args.cni} of each plugin
 * @param defaultRoute the gateways by which the pod's default route goes over this network, none for the network's own; empty if
 *     nothing is said of it
 */
record Selection(String namespace, String name, Optional<String> interfaceName, Fields capabilities, Map<String, Object> arguments,
    Optional<List<IpAddress>> defaultRoute) {
  Selection {
    defaultRoute = defaultRoute.map(List::copyOf);
  }

  static Selection of(String namespace, String name, Optional<String> interfaceName) {
    return new Selection(namespace, name, interfaceName, Fields.empty(), Map.of(), Optional.empty());
  }

  /** The network as people write it. */
  String network() {
    return namespace + "/" + name;
  }
}
