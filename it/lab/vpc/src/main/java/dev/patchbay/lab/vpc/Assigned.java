package dev.patchbay.lab.vpc;

import java.util.List;

/**
 * What an interface newly got, and nothing that it had before.
 *
 * @param addresses the addresses
 * @param prefixes the prefixes
 */
public record Assigned(List<Ip> addresses, List<Cidr> prefixes) {
  /** Copies the collections. */
  public Assigned {
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
  }
}
