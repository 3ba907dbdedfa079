package dev.patchbay.lab.services;

import dev.patchbay.netlink.Family;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * One port of a service in one address family.
 *
 * @param name namespace, service and, if the port has a name, that: {@code default/web:http}
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param address its cluster address
 * @param port its port there
 * @param nodePort its port on every node; empty if it has none
 * @param endpoints where it leads, in a stable order
 * @param internal whether who asks the cluster address gets endpoints of its own node alone
 * @param external whether who asks a node port gets endpoints of that node alone, and is seen with its own address
 * @param affinitySeconds for how long a client stays with one endpoint; 0: each connection for itself
 */
record ServicePort(
    String name,
    String protocol,
    InetAddress address,
    int port,
    Optional<Integer> nodePort,
    List<Endpoint> endpoints,
    Policy internal,
    Policy external,
    long affinitySeconds) {

  /** Which endpoints may be chosen. */
  enum Policy {
    /** All of the cluster. */
    CLUSTER,
    /** Those of the node that chooses. */
    LOCAL
  }

  /**
   * One end of a service.
   *
   * @param address a pod's, or any other
   * @param port the port there
   * @param node the name of its node; empty if it is on none
   */
  record Endpoint(InetAddress address, int port, String node) {
    /** As in a rule: an IPv6 address has brackets. */
    String text() {
      return Family.of(address) == Family.IPV6 ? "[%s]:%d".formatted(address.getHostAddress(), port) : address.getHostAddress() + ":" + port;
    }
  }

  ServicePort {
    endpoints = List.copyOf(endpoints);
  }

  Family family() {
    return Family.of(address);
  }

  /** The endpoints on a node. */
  List<Endpoint> on(String node) {
    return endpoints.stream().filter(endpoint -> endpoint.node().equals(node)).toList();
  }
}
