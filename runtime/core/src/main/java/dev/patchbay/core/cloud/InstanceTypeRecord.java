package dev.patchbay.core.cloud;

import java.util.List;

/**
 * The limits of an instance type.
 *
 * @param name the type
 * @param interfacesPerCard the most interfaces per network card, in the order of the cards
 * @param ipv4PerInterface the most IPv4 addresses per interface, the primary included
 * @param ipv6PerInterface the most IPv6 addresses per interface
 * @param prefixes whether interfaces may carry prefixes
 * @param trunking whether it can carry a trunk
 * @param branches the most branches of a trunk
 * @param vcpus the number of vCPUs, 0 if unknown
 */
public record InstanceTypeRecord(String name, List<Integer> interfacesPerCard, int ipv4PerInterface, int ipv6PerInterface,
    boolean prefixes, boolean trunking, int branches, int vcpus) {
  /**
   * Copies the list.
   */
  public InstanceTypeRecord {
    interfacesPerCard = List.copyOf(interfacesPerCard);
    if (interfacesPerCard.isEmpty() || ipv4PerInterface < 1) {
      throw new IllegalArgumentException("instance type " + name + " has no network card or no address");
    }
  }
}
