package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.OptionalInt;

/**
 * What an instance type allows.
 *
 * @param name such as {@code m5.large}
 * @param ipv4PerInterface IPv4 addresses and prefixes per interface, the primary address included
 * @param ipv6PerInterface IPv6 addresses and prefixes per interface; 0 if the type has no IPv6
 * @param interfacesPerCard the limit of each network card, card 0 first
 * @param hypervisor what runs it
 * @param bareMetal whether it is a bare-metal type
 * @param branchInterfaces how many branch interfaces its trunk carries; empty if it can have no trunk
 * @param vcpus its virtual processors; 0 if not known
 */
public record InstanceType(
    String name,
    int ipv4PerInterface,
    int ipv6PerInterface,
    List<Integer> interfacesPerCard,
    Hypervisor hypervisor,
    boolean bareMetal,
    OptionalInt branchInterfaces,
    int vcpus) {
  /** What runs an instance. */
  public enum Hypervisor {
    /** AWS Nitro: the only one that carries prefixes, bare metal apart. */
    NITRO,
    /** Xen. */
    XEN,
    /** Not stated, as for bare metal. */
    UNKNOWN
  }

  /** Copies the list. */
  public InstanceType {
    interfacesPerCard = List.copyOf(interfacesPerCard);
  }

  /** The limit of interfaces on all cards together. */
  public int interfaces() {
    return interfacesPerCard.stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether its interfaces can have prefixes (Amazon EC2 user guide, "Prefix delegation": Nitro-based types only). */
  public boolean prefixes() {
    return hypervisor == Hypervisor.NITRO || bareMetal;
  }
}
